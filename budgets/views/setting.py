"""Set Budget, for one customer or for several."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from customers.services import revealing
from notifications.permissions import MANAGE_SETTINGS
from partner_center import clock, masking
from partner_center.lists import selection
from partner_center.permissions import Audience
from partner_center.refusals import Refusal
from partner_center.views import PortalView, add_refusal

from ..choices import AdjustmentSource, BudgetType, FreezeStatus
from ..forms.setting import BudgetForm
from ..permissions import SET_BUDGETS
from ..queries import agreement, holds, places
from ..queries import budgets as queries
from ..queries import setting as shown
from ..queries.control import Choice
from ..services import rehearsal
from ..services import setting as services
from ..services.setting import Result, Wish
from .previews import Previews, previews_of

PARTNERS = frozenset({Audience.PARTNER})


class BudgetsView(PortalView):
    """The form, what changes when it is confirmed, and the confirmation (04-BUD-02 to BUD-11).

    A POST with ``preview`` answers what would change and writes nothing. Any other one asks once more,
    unless the same preview was shown beside the form and leaves something to spend.
    """

    permission = SET_BUDGETS
    audiences = PARTNERS
    template_name: ClassVar[str] = "budgets/budget/set.html"
    source: ClassVar[AdjustmentSource]

    def wanted(self) -> list[int]:
        """Keys of the associations that the address speaks of."""
        raise NotImplementedError

    def done(self, results: list[Result], wish: Wish) -> HttpResponseBase:
        """What answers when the budgets are set."""
        raise NotImplementedError

    @cached_property
    def associations(self) -> list[Any]:
        """The customers; refused unless the actor may set the budget of every one of them."""
        return shown.settable(self.actor, self.wanted())

    @cached_property
    def moment(self) -> datetime:
        """One moment for all that this request reads."""
        return clock.now()

    def get(self, request: HttpRequest, **_keys: int) -> HttpResponse:
        """The form, filled with what is set."""
        return self.page(self._form(initial=self.initial()))

    def post(self, request: HttpRequest, **_keys: int) -> HttpResponseBase:
        """Preview, ask, or set."""
        form = self._form(request.POST)
        valid = form.is_valid()
        if "preview" in request.POST:
            return self._preview(form)
        if not valid or "change" in request.POST:
            return self.page(form, status=422)
        try:
            return self._confirm(form) or self._set(form)
        except Refusal as refusal:
            if refusal.status in (404, 409):
                raise
            add_refusal(form, refusal)
            return self.page(form, status=422)

    def _set(self, form: BudgetForm) -> HttpResponseBase:
        results = services.set_budgets(
            self.actor,
            association_ids=[row.pk for row in self.associations],
            wish=form.wish,
            source=self.source,
            seen=form.cleaned_data["seen"],
        )
        return self.done(results, form.wish)

    def _confirm(self, form: BudgetForm) -> HttpResponse | None:
        """The page that asks once more; None when it has asked, or need not."""
        if "confirmed" in self.request.POST:
            return None
        previews = self._rehearse(form, form.wish)
        seen_already = self.request.POST.get("previewed") == previews.digest
        if seen_already and previews.only and not previews.exhausted:
            return None
        context = self.context(form) | {"previews": previews, "wish": form.wish, "wide": True}
        return render(self.request, "budgets/budget/confirm.html", context)

    def _preview(self, form: BudgetForm) -> HttpResponse:
        """What the form as it stands would change; without a valid form, what is missing."""
        context: dict[str, Any] = {"form": form, "is_preview": True}
        if not form.errors:
            # Whether the agreement is ticked changes nothing of what is shown.
            wish = replace(form.wish, agreed_version=agreement.in_force(self.moment).version)
            try:
                context["previews"] = self._rehearse(form, wish)
            except Refusal as refusal:
                context["refusal"] = refusal
        return render(self.request, "budgets/budget/parts/preview.html", context)

    def _rehearse(self, form: BudgetForm, wish: Wish) -> Previews:
        ids = [row.pk for row in self.associations]
        act: Callable[[], object] = lambda: services.carry_out(  # noqa: E731
            self.actor,
            association_ids=ids,
            wish=wish,
            source=self.source,
            moment=self.moment,
            seen=form.cleaned_data["seen"],
        )
        return previews_of(rehearsal.rehearse(ids, act, self.moment))

    def _form(self, *args: Any, **kwargs: Any) -> BudgetForm:
        ids = [row.pk for row in self.associations]
        return BudgetForm(
            *args,
            offered=shown.offered(self.actor, ids),
            state=shown.strongest_state(self.associations),
            **kwargs,
        )

    def initial(self) -> dict[str, Any]:
        """What the form is filled with."""
        present = shown.Present()
        if len(self.associations) == 1:
            present = shown.present_of(self.associations[0].pk, self.moment)
        types = list(shown.offered(self.actor, ()))
        return {
            "type": present.type if present.type in types else types[0],
            "amount": present.amount,
            "action": present.action,
            "agreed_version": agreement.in_force(self.moment).version,
            "seen": queries.seen_of([row.pk for row in self.associations]),
        }

    def page(self, form: BudgetForm, status: int = 200) -> HttpResponse:
        """The form with all that stands around it."""
        return render(self.request, self.template_name, self.context(form), status=status)

    def context(self, form: BudgetForm) -> dict[str, Any]:
        """What the page prints."""
        return {
            "title": _("Set Budget"),
            "form": form,
            "associations": self.associations,
            "may_recipients": self.actor.can(MANAGE_SETTINGS),
            "lacks_one_time": BudgetType.ONE_TIME not in form.offered,
            "submit_label": _("OK"),
            "cancel_url": self.back,
            "crumbs": places.crumbs(self.actor, self.associations, _("Set Budget")),
        }

    @property
    def back(self) -> str:
        """Where the page leads."""
        return places.page_after(self.request.GET, self.actor, self.associations)


class SetBudgetView(BudgetsView):
    """One customer (04-BUD-03, OTB-01)."""

    source = AdjustmentSource.SINGLE
    revealed = ""

    def wanted(self) -> list[int]:
        return [self.kwargs["association_id"]]

    def post(self, request: HttpRequest, **keys: int) -> HttpResponseBase:
        """As for several; and the masked name in full, once, on record (04-ONE-09)."""
        if "field" not in request.POST:
            return super().post(request, **keys)
        field = request.POST["field"]
        value = revealing.reveal(self.actor, self.associations[0].pk, field=field)
        if request.htmx:  # type: ignore[attr-defined]
            context = {"field": field, "value": value, "shown": True}
            return render(request, "customers/management/parts/masked.html", context)
        self.revealed = value
        return self.get(request)

    def done(self, results: list[Result], wish: Wish) -> HttpResponseBase:
        """Say so on the page where it was chosen."""
        result = results[0]
        messages.success(self.request, done_words(wish))
        if result.unfrozen:
            messages.success(self.request, unfrozen_words(result))
        if stays := holds.still_frozen(result.association.customer.title, result.remaining):
            messages.warning(self.request, stays)
        return redirect(self.back)

    def context(self, form: BudgetForm) -> dict[str, Any]:
        association = self.associations[0]
        name = association.customer.full_name
        present = shown.present_of(association.pk, self.moment)
        return super().context(form) | {
            "association": association,
            "heads": shown.heads(association.pk, present, self.moment),
            "freeze": holds.freeze_of(self.actor, association.pk),
            "customer_name": self.revealed or masking.mask_name(name),
            "is_revealed": bool(self.revealed),
        }


class SetBudgetsView(BudgetsView):
    """Several customers alike (04-BFM-15, D-14): always asked once more, then a result for each."""

    source = AdjustmentSource.BATCH

    def wanted(self) -> list[int]:
        return selection.read(self.request)

    @cached_property
    def chosen(self) -> list[Any]:
        """Everybody who was ticked."""
        return shown.chosen(self.actor, self.wanted())

    @cached_property
    def choice(self) -> Choice:
        """The same, divided: those whose budget the actor may set, and the others with the reason."""
        return shown.divided(self.actor, self.chosen)

    @property
    def associations(self) -> list[Any]:  # type: ignore[override]
        """Those whose budget the actor may set."""
        return list(self.choice.customers)

    def get(self, request: HttpRequest, **_keys: int) -> HttpResponse:
        """The form; for a selection of others only, why it is not for them."""
        return super().get(request) if self.associations else self._nobody()

    def post(self, request: HttpRequest, **_keys: int) -> HttpResponseBase:
        """As for one; and nothing when meanwhile nobody is left."""
        return super().post(request) if self.associations else self._nobody()

    def _nobody(self) -> HttpResponse:
        return self._results(_("The budget of none of the chosen customers is yours to set."), [])

    def done(self, results: list[Result], wish: Wish) -> HttpResponseBase:
        """Customer by customer: what is set, and who is not unfrozen and why."""
        return self._results(done_words(wish), [result_row(result, wish) for result in results])

    def _results(self, summary: str, done: list[dict[str, Any]]) -> HttpResponse:
        left_out = [
            {"name": row.name, "done": False, "words": _("Not set"), "why": row.why}
            for row in self.choice.left_out
        ]
        context = {
            "title": _("Set Budget"),
            "summary": summary,
            "results": left_out + done,
            "cancel_url": self.back,
            "crumbs": places.crumbs(self.actor, self.chosen, _("Set Budget")),
            "wide": True,
        }
        return render(self.request, "budgets/budget/results.html", context)

    def context(self, form: BudgetForm) -> dict[str, Any]:
        """What the page prints, and who is left out."""
        return super().context(form) | {"left_out": self.choice.left_out}

    @property
    def back(self) -> str:
        """The list where they were ticked."""
        return places.list_of(self.actor, self.chosen)


class AgreementView(PortalView):
    """The Agreement for Partners to Manage Customer Budgets in force (04-ONE-06)."""

    permission = SET_BUDGETS
    audiences = PARTNERS

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show it."""
        document = agreement.in_force(clock.now())
        context = {
            "title": document.title,
            "document": document,
            "cancel_url": reverse("customers:list"),
            "wide": True,
        }
        return render(request, "budgets/budget/agreement.html", context)


def done_words(wish: Wish) -> str:
    """The success message names the type (04-BUD-08, OTB-04)."""
    if not wish.amount:
        return _("The budget has been withdrawn.")
    if wish.type == BudgetType.MONTHLY:
        return _("The monthly budget has been set successfully.")
    return _("The one-time budget has been set successfully.")


def unfrozen_words(result: Result) -> str:
    """What was unfrozen with the budget, as the dialogs say it (04-UNF-06, 06-DUF-04)."""
    if result.before == FreezeStatus.RESOURCES:
        return _("The account and resources are unfrozen.")
    return _("The account is unfrozen successfully.")


def result_row(result: Result, wish: Wish) -> dict[str, Any]:
    """One line of the result: the budget is set for everybody, unfreezing may be refused."""
    name = result.association.customer.name
    words = _("Withdrawn") if not wish.amount else _("Set")
    if result.unfrozen:
        words = _("%(done)s and unfrozen") % {"done": words}
    why = str(result.refusal.sentence) if result.refusal else ""
    why = why or holds.still_frozen(name, result.remaining)
    return {"name": name, "done": True, "words": words, "why": why}
