"""Where records come from: sources, sub-accounts, intakes and what they rejected."""

from __future__ import annotations

import io
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
)

from exports.choices import FileFormat
from exports.services import create_export
from partner_center.actors import Actor
from partner_center.admin import METERING, EstimatedPaginator, PortalModelAdmin, site
from partner_center.uploads import TABLE, USAGE, CheckedFileField

from ..choices import IntakeState, SourceKind
from ..models import Intake, RejectedLine, SubAccount, UsageSource
from ..permissions import OPERATE_USAGE
from ..queries import intakes as queries
from ..services import accounts_map, intakes, sources, uploads


class _MeteringAdmin(PortalModelAdmin):
    view_permission = OPERATE_USAGE
    manage_permission = OPERATE_USAGE
    group = METERING


@admin.register(UsageSource, site=site)
class UsageSourceAdmin(_MeteringAdmin):
    """Who sends records. Its format is chosen once: keys of records count within their source."""

    addable = True
    icon = "input"
    list_display = ("name", "kind", "is_active", "created_at")
    list_filter = ("kind", "is_active")
    search_fields = ("name",)
    ordering = ("name",)
    fields = ("name", "kind")
    readonly_fields = ()
    actions_detail = ("switch",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A new one has a name and a format."""
        return ("name", "kind") if obj is None else ("name", "kind", "is_active", "created_at")

    def formfield_for_choice_field(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Orders and adjustments come from this portal, never from a source that somebody adds."""
        if db_field.name == "kind":
            own = (SourceKind.ORDERS, SourceKind.ADJUSTMENTS)
            kwargs["choices"] = [c for c in SourceKind.choices if c[0] not in own]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def write(self, actor: Actor, form: Any, row: Any) -> UsageSource:
        """Add it."""
        return intakes.source_of(actor, form.cleaned_data["name"], form.cleaned_data["kind"])

    @action(description=gettext_lazy("Accept or Stop"), permissions=["manage"])
    def switch(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Let it send records, or no more."""
        return self.operate(
            request,
            object_id,
            sources.switch,
            title=_("Accept or Stop"),
            consequence=_(
                "A source that is stopped is refused whatever it sends; what it has sent stays. One "
                "that was stopped may send again."
            ),
        )


class _SourceField(forms.ModelChoiceField):
    def __init__(self, kinds: tuple[str, ...]) -> None:
        super().__init__(
            queries.active_sources(kinds),
            label=gettext_lazy("Source"),
            widget=UnfoldAdminSelectWidget,
        )


class MapForm(forms.Form):
    """A map of sub-accounts as a file."""

    source = _SourceField((SourceKind.FOCUS,))
    accounts = CheckedFileField(
        label=gettext_lazy("CSV file"), rules=TABLE, widget=UnfoldAdminFileFieldWidget
    )


@admin.register(SubAccount, site=site)
class SubAccountAdmin(_MeteringAdmin):
    """Which customer a provider's sub-account is."""

    icon = "switch_account"
    list_display = ("sub_account_id", "source", "customer")
    list_select_related = ("source", "customer")
    list_filter = ("source",)
    search_fields = ("sub_account_id", "customer__name", "customer__public_id")
    ordering = ("source", "sub_account_id")
    fields = ("source", "sub_account_id", "customer")
    actions_list = ("import_map",)

    @action(description=gettext_lazy("Import"), permissions=["manage"])
    def import_map(self, request: HttpRequest) -> HttpResponse:
        """Load a map from a CSV file."""
        return self.ask(
            request,
            _import_map,
            title=_("Import"),
            consequence=_(
                "The file begins with sub_account_id,customer_id and names customers by their domain "
                "ID, or with sub_account_id,account_name. Sub-accounts that it does not name stay as "
                "they are."
            ),
            back=reverse(self.list_route),
            form_class=MapForm,
        )


def _import_map(actor: Actor, *, source: UsageSource, accounts: Any) -> None:
    with io.TextIOWrapper(accounts.file, "utf-8-sig", newline="") as lines:
        accounts_map.import_map(actor, source, lines)


class UploadForm(forms.Form):
    """A file of usage records."""

    source = _SourceField((SourceKind.NATIVE, SourceKind.FOCUS))
    file = CheckedFileField(
        label=gettext_lazy("File"), rules=USAGE, widget=UnfoldAdminFileFieldWidget
    )
    shift_months = forms.IntegerField(
        label=gettext_lazy("Shift by months"),
        initial=0,
        min_value=-1200,
        max_value=1200,
        help_text=gettext_lazy("Moves the charge periods of a FOCUS file, for rehearsals."),
        widget=UnfoldAdminIntegerFieldWidget,
    )


@admin.register(Intake, site=site)
class IntakeAdmin(_MeteringAdmin):
    """Files and batches, how far they got and what they contained."""

    icon = "upload_file"
    paginator = EstimatedPaginator
    list_display = (
        "name",
        "source",
        "shown_state",
        "lines_done",
        "accepted",
        "duplicates",
        "rejected",
        "started_at",
        "finished_at",
    )
    list_select_related = ("source",)
    list_filter = ("state", "source")
    search_fields = ("name", "batch", "content_hash")
    ordering = ("-id",)
    fields = (
        "name",
        "source",
        "batch",
        "content_hash",
        "shift_months",
        "state",
        "lines_done",
        "accepted",
        "duplicates",
        "rejected",
        "list_cost",
        "failure",
        "started_at",
        "finished_at",
    )
    actions_list = ("upload",)
    actions_detail = ("show_rejected", "export_rejected")

    @display(
        description=gettext_lazy("Status"),
        ordering="state",
        label={
            IntakeState.RUNNING.label: "info",
            IntakeState.COMPLETED.label: "success",
            IntakeState.INTERRUPTED.label: "warning",
        },
    )
    def shown_state(self, intake: Intake) -> str:
        """The status with its colour."""
        return intake.get_state_display()

    @action(description=gettext_lazy("Upload a File"), permissions=["manage"])
    def upload(self, request: HttpRequest) -> HttpResponse:
        """Take in a file; a worker does it."""
        return self.ask(
            request,
            _upload,
            title=_("Upload a File"),
            consequence=_(
                "The file is taken in by a worker: the list shows how far it is. Records that are in "
                "already are counted and left alone."
            ),
            back=reverse(self.list_route),
            form_class=UploadForm,
        )

    @action(description=gettext_lazy("Rejected Lines"), permissions=["view"])
    def show_rejected(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What did not go in."""
        intake = self.row(request, object_id)
        address = reverse("admin:metering_rejectedline_changelist")
        return HttpResponseRedirect(f"{address}?intake__id__exact={intake.pk}")

    @action(description=gettext_lazy("Export Rejected Lines"), permissions=["view"])
    def export_rejected(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """All rejected lines of this intake as a file."""

        def export(actor: Actor, intake_id: int) -> None:
            create_export(actor, "rejected_lines", {"intake": intake_id}, FileFormat.CSV)

        return self.operate(
            request,
            object_id,
            export,
            title=_("Export Rejected Lines"),
            consequence=_(
                "All rejected lines of this intake go into a CSV file with their reasons, which you "
                "find in your Export History."
            ),
        )


def _upload(actor: Actor, *, source: UsageSource, file: Any, shift_months: int) -> None:
    file.name = file.original_name
    uploads.accept(actor, source, file, shift_months=shift_months)


@admin.register(RejectedLine, site=site)
class RejectedLineAdmin(_MeteringAdmin):
    """Lines that did not go in, and why."""

    icon = "rule"
    paginator = EstimatedPaginator
    list_display = ("intake", "line", "code", "reason")
    list_select_related = ("intake",)
    list_filter = ("code",)
    search_fields = ("intake__name", "reason")
    ordering = ("-intake", "line")
    fields = ("intake", "line", "code", "reason", "content")

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        """The lines of one intake, from its page."""
        return lookup == "intake__id__exact" or super().lookup_allowed(lookup, value, request)
