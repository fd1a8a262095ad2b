"""Bill runs, the partners of each, and verifications of the books (05-REP-01, C-01)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from partner_center import clock, money
from partner_center.actors import Actor
from partner_center.admin import BILLING, PortalModelAdmin, owner_column, site
from partner_center.clock import BillingCycle

from ..choices import PartState, RunState, VerificationState
from ..models import BillRun, RunPart, Verification
from ..permissions import OPERATE_BILLS
from ..queries import operating_bills, operating_runs
from ..queries.operating_runs import Progress
from ..rules import periods
from ..services import asking, verifications

_RUN_COLOURS = {RunState.RUNNING.label: "info", RunState.FINISHED.label: "success"}
_PART_COLOURS = {
    PartState.WAITING.label: "default",
    PartState.ISSUED.label: "success",
    PartState.PARKED.label: "danger",
}
_LATE = gettext_lazy("Late")
ASKED = gettext_lazy("Asked for. A worker does it now; this page shows by itself how far it is.")
_VERIFICATION_COLOURS = {
    VerificationState.WAITING.label: "info",
    VerificationState.AGREES.label: "success",
    VerificationState.DIFFERS.label: "danger",
    VerificationState.FAILED.label: "warning",
}


class CycleForm(forms.Form):
    """Which cycle is to be billed."""

    cycle = forms.CharField(
        label=gettext_lazy("Billing cycle"),
        max_length=7,
        widget=UnfoldAdminTextInputWidget({"placeholder": "YYYY-MM"}),
        help_text=gettext_lazy("A month that is over (GMT+08:00), written YYYY-MM."),
    )

    def clean_cycle(self) -> BillingCycle:
        """The cycle. Raises ValidationError."""
        try:
            return BillingCycle.parse(self.cleaned_data["cycle"].strip())
        except ValueError:
            raise forms.ValidationError(
                _("Write the month as YYYY-MM, such as 2026-10."), code="invalid"
            ) from None


class BilledCycleForm(forms.Form):
    """Which books are to be verified."""

    cycle = forms.ChoiceField(label=gettext_lazy("Billing cycle"), widget=UnfoldAdminSelectWidget)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cycle"].choices = [(c, c) for c in operating_bills.billed_cycles()]  # type: ignore[attr-defined]

    def clean_cycle(self) -> BillingCycle:
        """The cycle."""
        return BillingCycle.parse(self.cleaned_data["cycle"])


class _RunsAdmin(PortalModelAdmin):
    """Lists that read themselves again while a worker is at what they show."""

    view_permission = OPERATE_BILLS
    manage_permission = OPERATE_BILLS
    group = BILLING
    list_before_template = "billing/admin/parts/refresh_list.html"

    def goes_on(self) -> bool:
        """Whether a worker is at any of the rows."""
        return operating_runs.goes_on(clock.now())

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list, which knows whether it is to be read again."""
        extra = {"goes_on": self.goes_on(), **(extra_context or {})}
        return super().changelist_view(request, extra)


@admin.register(BillRun, site=site)
class BillRunAdmin(_RunsAdmin):
    """What the run of each month has issued, and where it stopped."""

    icon = "play_circle"
    list_display = (
        "cycle",
        "shown_state",
        "shown_progress",
        "billed_total",
        "started_at",
        "finished_at",
        "shown_late",
        "alarmed_at",
    )
    list_filter = ("state",)
    search_fields = ("cycle",)
    ordering = ("-cycle",)
    fields = ("cycle", "shown_state", "started_at", "finished_at", "alarmed_at", "asked_at")
    readonly_fields = ("shown_state",)
    actions_list = ("generate",)
    actions_detail = ("run_again", "verify")
    change_form_outer_before_template = "billing/admin/run.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[BillRun]:
        """With what it has issued."""
        return operating_runs.with_progress(super().get_queryset(request))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The page of one run: how far it is, and who is parked."""
        run = context["original"]
        progress = operating_runs.progress_of(run, clock.now())
        context |= {
            "progress": progress,
            "bar": _bar(progress),
            "goes_on": progress.goes_on,
            "parked": operating_runs.parked(run),
            "parts_url": reverse("admin:billing_runpart_changelist"),
            "bills_url": reverse("admin:billing_bill_changelist"),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def has_open_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Offered while somebody has no bill."""
        rows = self.get_queryset(request).filter(pk=object_id, state=RunState.RUNNING)
        return self.may_manage(request) and rows.exists()

    @display(description=gettext_lazy("State"), ordering="state", label=dict(_RUN_COLOURS))
    def shown_state(self, run: BillRun) -> str:
        """The state with its colour."""
        return run.get_state_display()

    @display(description=gettext_lazy("Progress"))
    def shown_progress(self, run: BillRun) -> SafeString:
        """A bar with its figures."""
        progress = operating_runs.progress_of(run, clock.now())
        context = {"progress": progress, "bar": _bar(progress)}
        return render_to_string("billing/admin/parts/bar.html", context)

    @display(description=gettext_lazy("Billed (USD)"))
    def billed_total(self, run: Any) -> str:
        """What the issued bills come to."""
        return money.number(run.billed)

    @display(description=gettext_lazy("Deadline"), label={_LATE: "danger"})
    def shown_late(self, run: BillRun) -> str:
        """Whether it goes on after noon of the 5th."""
        return _LATE if operating_runs.progress_of(run, clock.now()).is_late else "--"

    @action(description=gettext_lazy("Generate Bills"), permissions=["manage"])
    def generate(self, request: HttpRequest) -> HttpResponse:
        """Have the bills of a month issued."""
        return self.ask(
            request,
            asking.ask_for_cycle,
            title=_("Generate Bills"),
            consequence=_(
                "The month is closed, and every partner that has no bill of it yet gets one, in the "
                "background. The schedule does the same on the 5th by itself: this is for months that "
                "it has missed. An issued bill never changes."
            ),
            back=reverse(self.list_route),
            form_class=CycleForm,
            initial={"cycle": str(periods.newest_due(clock.now()))},
            done=str(ASKED),
        )

    @action(description=gettext_lazy("Run Again"), permissions=["open"])
    def run_again(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Try the partners that have no bill."""
        return self.operate(
            request,
            object_id,
            asking.ask_again,
            title=_("Run Again"),
            consequence=_(
                "Partners that are parked or wait are tried once more, in the background. Bills that "
                "are issued stay as they are."
            ),
            done=str(ASKED),
        )

    @action(description=gettext_lazy("Verify the Books"), permissions=["manage"])
    def verify(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Have the books of its cycle verified."""

        def ask_for(actor: Actor, run_id: int) -> None:
            cycle = self.row(request, str(run_id)).cycle
            verifications.ask_for_cycle(actor, cycle=BillingCycle.parse(cycle))

        return self.operate(
            request,
            object_id,
            ask_for,
            title=_("Verify the Books"),
            consequence=_(
                "All that must hold of the books of this cycle is asked of every row of them, in the "
                "background. Nothing is changed. The result stands under Verifications."
            ),
            done=_("Asked for. A worker does it now; the result stands under Verifications."),
        )


def _bar(progress: Progress) -> list[dict[str, Any]]:
    """Issued and parked as shares of a bar (the theme's)."""
    shares = (
        (PartState.ISSUED.label, progress.issued, ""),
        (PartState.PARKED.label, progress.parked, "bg-red-500 dark:bg-red-500"),
    )
    return [
        {"title": title, "value": progress.percent(count), "progress_class": css}
        for title, count, css in shares
    ]


@admin.register(RunPart, site=site)
class RunPartAdmin(_RunsAdmin):
    """Every partner of a run: its bill, or why it has none."""

    icon = "checklist"
    partner = owner_column(gettext_lazy("Partner"), links=False)
    list_display = ("partner", "run", "shown_state", "bill", "cause", "tried_at", "asked_at")
    list_select_related = ("account", "run")
    list_filter = ("state", "run")
    search_fields = ("account__name", "account__full_name")
    ordering = ("-run", "id")
    fields = ("partner", "run", "shown_state", "bill", "cause", "tried_at", "asked_at")
    readonly_fields = ("partner", "shown_state", "bill")
    actions_detail = ("try_again",)
    change_form_outer_before_template = "billing/admin/parts/refresh_page.html"

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The page of one, read again until it was tried."""
        context |= {"goes_on": context["original"].asked_at is not None}
        return super().render_change_form(request, context, *args, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[RunPart]:
        """With the bill of each."""
        return operating_runs.with_bill(super().get_queryset(request))

    def has_open_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Offered while it has no bill."""
        rows = self.get_queryset(request).filter(pk=object_id).exclude(state=PartState.ISSUED)
        return self.may_manage(request) and rows.exists()

    @display(description=gettext_lazy("State"), ordering="state", label=dict(_PART_COLOURS))
    def shown_state(self, part: RunPart) -> str:
        """The state with its colour."""
        return part.get_state_display()

    @display(description=gettext_lazy("Bill"))
    def bill(self, part: Any) -> SafeString | str:
        """The bill that was issued."""
        if part.bill_id is None:
            return "--"
        address = reverse("admin:billing_bill_change", args=[part.bill_id])
        return format_html('<a href="{}" class="text-link">{}</a>', address, part.bill_number)

    @action(description=gettext_lazy("Try Again"), permissions=["open"])
    def try_again(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Try this partner."""
        return self.operate(
            request,
            object_id,
            asking.ask_for_part,
            title=_("Try Again"),
            consequence=_(
                "The bill of this partner is tried once more, in the background. If it fails, the "
                "partner is parked with the new cause; the others are not touched."
            ),
            done=str(ASKED),
        )


@admin.register(Verification, site=site)
class VerificationAdmin(_RunsAdmin):
    """What verifying the books of a cycle, or the proof of a bill, has found."""

    icon = "verified"
    list_display = (
        "cycle",
        "of_bill",
        "shown_state",
        "what_differs",
        "asked_by",
        "asked_at",
        "checked_at",
    )
    list_select_related = ("bill",)
    list_filter = ("state",)
    search_fields = ("cycle", "bill__number")
    ordering = ("-id",)
    fields = ("cycle", "of_bill", "shown_state", "failure", "asked_by", "asked_at", "checked_at")
    readonly_fields = ("of_bill", "shown_state")
    actions_list = ("verify",)
    change_form_outer_after_template = "billing/admin/verification.html"

    def goes_on(self) -> bool:
        """Whether one waits, or is with a worker."""
        return operating_bills.is_verifying()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The page of one, read again until its result is there."""
        context |= {"goes_on": context["original"].state == VerificationState.WAITING}
        return super().render_change_form(request, context, *args, **kwargs)

    @display(description=gettext_lazy("Bill"), ordering="bill__number")
    def of_bill(self, verification: Verification) -> SafeString | str:
        """The bill whose proof it was, else the whole cycle."""
        if verification.bill is None:
            return _("Whole cycle")
        address = reverse("admin:billing_bill_change", args=[verification.bill_id])
        return format_html('<a href="{}" class="text-link">{}</a>', address, verification.bill)

    @display(
        description=gettext_lazy("Result"), ordering="state", label=dict(_VERIFICATION_COLOURS)
    )
    def shown_state(self, verification: Verification) -> str:
        """The result with its colour."""
        return verification.get_state_display()

    @display(description=gettext_lazy("What does not hold"))
    def what_differs(self, verification: Verification) -> str:
        """In the words of what must hold."""
        return "; ".join(verification.broken) or verification.failure or "--"

    @action(description=gettext_lazy("Verify a Cycle"), permissions=["manage"])
    def verify(self, request: HttpRequest) -> HttpResponse:
        """Have the books of a cycle verified."""
        return self.ask(
            request,
            verifications.ask_for_cycle,
            title=_("Verify a Cycle"),
            consequence=_(
                "All that must hold of the books of the cycle is asked of every row of them, in the "
                "background, as manage.py verify_bills does. Nothing is changed."
            ),
            done=str(ASKED),
            back=reverse(self.list_route),
            form_class=BilledCycleForm,
        )
