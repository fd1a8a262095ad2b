"""Freezing and unfreezing: the four dialogs, for one customer or for several (04 §8.3.1.5, 8.3.1.6)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from customers.permissions import VIEW_CUSTOMERS
from partner_center import clock
from partner_center.lists import selection
from partner_center.permissions import Audience
from partner_center.refusals import Refusal
from partner_center.views import PortalView, add_refusal

from ..choices import FreezeAction, FreezeStatus, HoldOwner
from ..forms.freezing import FreezeForm
from ..permissions import FREEZE_CUSTOMERS, SET_BUDGETS
from ..queries import freezing as queries
from ..queries import holds, places
from ..queries.control import Choice, LeftOut
from ..rules import freezing as rules
from ..rules.matrix import Operation, Verdict, verdict
from ..services import freezing as services
from ..services import rehearsal
from ..services.holds import Change
from .previews import OPERATIONS, Preview, Previews, previews_of

PARTNERS = frozenset({Audience.PARTNER})
#: How many customers that stay frozen are named after an unfreeze.
NAMED = 10
#: Holds that no Unfreeze of a partner releases.
_KEPT = {HoldOwner.OPERATOR, HoldOwner.QUOTA}
#: So many rows stand above the consequences without hiding them.
LONG = 10
#: 04-UNF-02: the dialog of Unfreeze Account asks, the others are called as their menu entries.
_QUESTION = gettext_lazy("Are you sure you want to unfreeze the following account(s)?")


class FreezeDialog(PortalView):
    """One of the four. GET shows what it would do; POST does it."""

    permission = FREEZE_CUSTOMERS
    audiences = PARTNERS
    template_name: ClassVar[str] = "budgets/freezing/dialog.html"
    action: ClassVar[FreezeAction] = FreezeAction.FREEZE_ACCOUNT

    def get(self, request: HttpRequest, association_id: int = 0) -> HttpResponse:
        """The dialog, with what would happen."""
        return self._page(FreezeForm(initial=self._initial()), self.choice.customers)

    def post(self, request: HttpRequest, association_id: int = 0) -> HttpResponseBase:
        """Freeze or unfreeze those who were shown."""
        form = FreezeForm(request.POST)
        if not form.is_valid():
            return self._again(form)
        carry_out = services.freeze if rules.is_freeze(self.action) else services.unfreeze
        try:
            changes = carry_out(
                self.actor,
                association_ids=form.cleaned_data["customers"],
                strength=rules.strength_of(self.action),
                reason=form.cleaned_data["reason"],
                seen=form.cleaned_data["seen"],
            )
        except Refusal as refusal:
            if refusal.status in (403, 404, 409):
                raise
            add_refusal(form, refusal)
            return self._again(form)
        self._say(changes)
        return redirect(self._back([change.association for change in changes]))

    @cached_property
    def _chosen(self) -> list[Any]:
        """Whom the address speaks of: one by key, or a kept selection."""
        one = self.kwargs.get("association_id")
        return queries.chosen(self.actor, [one] if one else selection.read(self.request))

    @cached_property
    def choice(self) -> Choice:
        """Whom the operation is for. A single customer is refused by the service, with its words."""
        if self.kwargs.get("association_id"):
            return Choice(tuple(self._chosen), ())
        return queries.divided(self.actor, self._chosen, self.action)

    def _initial(self) -> dict[str, Any]:
        keys = [row.pk for row in self.choice.customers]
        return {"customers": ",".join(map(str, keys)), "seen": holds.seen_of(keys)}

    def _again(self, form: FreezeForm) -> HttpResponse:
        """The same dialog about the customers that it was shown for, with what was typed."""
        wanted = form.cleaned_data.get("customers") or [row.pk for row in self.choice.customers]
        return self._page(form, queries.chosen(self.actor, wanted), status=422)

    def _page(self, form: FreezeForm, customers: Sequence[Any], status: int = 200) -> HttpResponse:
        context = {
            **self._words(),
            "form": form,
            "left_out": self.choice.left_out,
            "others": self._others(),
            "cancel_url": self._back(self._chosen),
            "crumbs": places.crumbs(self.actor, customers or self._chosen, str(self.action.label)),
            "danger": rules.is_freeze(self.action),
            "wide": True,
        }
        if customers:
            context |= self._foreseen(customers)
        return render(self.request, self.template_name, context, status=status)

    def _words(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "action": self.action.value,
            "submit_label": self.action.label,
            "icon": _ICONS[self.action],
            "is_freeze": rules.is_freeze(self.action),
            "stops_resources": self.action == FreezeAction.FREEZE_RESOURCES,
            "days": settings.RETENTION_DAYS,
            "may_set_budgets": self.actor.can(SET_BUDGETS),
        }

    @property
    def title(self) -> str | Promise:
        """The title of the dialog."""
        asks = self.action == FreezeAction.UNFREEZE_ACCOUNT
        return _QUESTION if asks else str(self.action.label)

    def _foreseen(self, customers: Sequence[Any]) -> dict[str, Any]:
        """What would happen; or the refusal, and then there is nothing to confirm."""
        keys = [row.pk for row in customers]
        try:
            previews = previews_of(rehearsal.rehearse(keys, self._act(keys), self.moment))
        except Refusal as refusal:
            if refusal.status in (403, 404, 409):
                raise
            return {"refusal": refusal, "customers": customers}
        foreseen = Foreseen(previews, self.action)
        return {"previews": previews, "foreseen": foreseen, "customers": customers}

    def _act(self, keys: list[int]) -> Callable[[], object]:
        is_freeze = rules.is_freeze(self.action)
        service = services.carry_out_freeze if is_freeze else services.carry_out_unfreeze
        return lambda: service(
            self.actor,
            association_ids=keys,
            strength=rules.strength_of(self.action),
            reason=str(self.action.label),
            moment=self.moment,
            tells=False,
        )

    @cached_property
    def moment(self) -> datetime:
        """One moment for all that this request foresees."""
        return clock.now()

    def _others(self) -> list[dict[str, Any]]:
        """The other operations for the same selection, with how many customers they are for."""
        if self.kwargs.get("association_id"):
            return []
        return operations_for(self.request, self.actor, self._chosen, current=self.action)

    def _back(self, associations: Sequence[Any]) -> str:
        return places.page_after(self.request.GET, self.actor, associations)

    def _say(self, changes: Sequence[Change]) -> None:
        """It worked (04-FRZ-05, UNF-06); and who stays frozen all the same (07-RUFZ-04)."""
        messages.success(self.request, _DONE[self.action] % {"count": len(changes)})
        stays = [
            words
            for change in changes
            if change.after != FreezeStatus.NORMAL and not rules.is_freeze(self.action)
            if (words := holds.still_frozen(change.association.customer.title, change.remaining))
        ]
        for words in stays[:NAMED]:
            messages.warning(self.request, words)
        if len(stays) > NAMED:
            more = {"more": len(stays) - NAMED}
            messages.warning(self.request, _("%(more)d more customers stay frozen.") % more)


class FreezingView(PortalView):
    """Several chosen customers: which of the four operations, and for how many of them."""

    permission = FREEZE_CUSTOMERS
    audiences = PARTNERS

    def get(self, request: HttpRequest) -> HttpResponse:
        """Let choose."""
        customers = queries.chosen(self.actor, selection.read(request))
        context = {
            "title": _("Freeze/Unfreeze"),
            "customers": customers,
            "operations": operations_for(request, self.actor, customers),
            "cancel_url": places.list_of(self.actor, customers),
            "crumbs": places.crumbs(self.actor, customers, _("Freeze/Unfreeze")),
        }
        return render(request, "budgets/freezing/choose.html", context)


class FreezeAccountDialog(FreezeDialog):
    """Freeze Account."""

    action = FreezeAction.FREEZE_ACCOUNT


class FreezeResourcesDialog(FreezeDialog):
    """Freeze Account and Resources."""

    action = FreezeAction.FREEZE_RESOURCES


class UnfreezeAccountDialog(FreezeDialog):
    """Unfreeze Account."""

    action = FreezeAction.UNFREEZE_ACCOUNT


class UnfreezeResourcesDialog(FreezeDialog):
    """Unfreeze Account and Resources."""

    action = FreezeAction.UNFREEZE_RESOURCES


class ImpactsView(PortalView):
    """Impacts of Account Freeze: the matrix, as a page of help (04-FRZ-06 to FRZ-08)."""

    permission = VIEW_CUSTOMERS
    audiences = PARTNERS

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show it."""
        context = {
            "title": _("Impacts of Account Freeze"),
            "rows": impacts(),
            "days": settings.RETENTION_DAYS,
            "spared": holds.spared(),
            "cancel_url": reverse("customers:list"),
            "wide": True,
        }
        return render(request, "budgets/freezing/impacts.html", context)


@dataclass(frozen=True)
class Row:
    """One customer in the table of a dialog (04-FRZ-02, UNF-03)."""

    preview: Preview

    @property
    def customer(self) -> Any:
        """The customer's account."""
        return self.preview.prospect.association.customer

    @property
    def automatically(self) -> bool:
        """Automatically Frozen: a budget hold is live (04-BFM-17)."""
        return HoldOwner.BUDGET in self.preview.prospect.before.owners

    @property
    def used(self) -> Decimal | None:
        """What the budget counts, in USD at list price; None before the first budget."""
        before = self.preview.prospect.before
        return before.standing.used if before.budget_type else None

    @property
    def running(self) -> int:
        """Resources that run now."""
        return self.preview.prospect.before.running

    @property
    def frozen(self) -> int:
        """Resources that stand still now."""
        return self.preview.prospect.before.frozen


@dataclass(frozen=True)
class Foreseen:
    """What the boxes of a dialog say beyond the preview of each customer."""

    previews: Previews
    action: FreezeAction

    @property
    def rows(self) -> list[Row]:
        """What the table names."""
        return [Row(each) for each in self.previews.rows]

    @property
    def is_long(self) -> bool:
        """Whether the table would push what happens out of sight: then it stands below it."""
        return len(self.previews.rows) > LONG

    @property
    def before(self) -> list[str]:
        """The states that the customers are in now."""
        found = {row.prospect.before.status for row in self.previews.every}
        return [str(state.label) for state in FreezeStatus if state in found]

    @property
    def state(self) -> str:
        """The state afterwards: the last one, unless others hold a customer or its freeze returns."""
        if rules.is_freeze(self.action):
            return str(rules.frozen_as(rules.strength_of(self.action)).label)
        return str(FreezeStatus.NORMAL.label)

    @property
    def returning(self) -> list[Preview]:
        """Customers whose exhausted budget freezes them again (04-UNF-04, BFM-08)."""
        if rules.is_freeze(self.action):
            return []
        return [row for row in self.previews.every if HoldOwner.BUDGET in row.prospect.after.owners]

    @property
    def staying(self) -> list[Preview]:
        """Customers that stay frozen because others hold them too."""
        if rules.is_freeze(self.action):
            return []
        return [row for row in self.previews.every if _KEPT & row.prospect.after.owners]

    @property
    def prepaid_closed(self) -> int:
        """Unfrozen customers that still can buy nothing in advance: no budget is left (04-BFM-06)."""
        if rules.is_freeze(self.action):
            return 0
        return sum(row.is_exhausted for row in self.previews.every)

    @property
    def open_now(self) -> list[str | Promise]:
        """What all these customers can do afterwards, in the words of the matrix."""
        refused = {each for row in self.previews.every for each in row.prospect.after.refused}
        return _grouped(set(Operation) - refused)

    @property
    def closes(self) -> list[str | Promise]:
        """What becomes refused to at least one of them."""
        return _grouped({each for row in self.previews.every for each in row.prospect.closes})

    @property
    def opens(self) -> list[str | Promise]:
        """What becomes possible for at least one of them."""
        return _grouped({each for row in self.previews.every for each in row.prospect.opens})


#: Rows of the matrix that have one name together, where all of them change alike.
_GROUPS: tuple[tuple[str | Promise, tuple[Operation, ...]], ...] = (
    (
        gettext_lazy("Buy products of every kind"),
        (Operation.BUY_PERIOD, Operation.BUY_RESERVED, Operation.BUY_USAGE),
    ),
    (
        gettext_lazy("Change specifications"),
        (Operation.CHANGE_PERIOD, Operation.CHANGE_USAGE),
    ),
    (
        gettext_lazy("Change between yearly/monthly and pay-per-use"),
        (Operation.TO_USAGE, Operation.TO_PERIOD),
    ),
    (
        gettext_lazy("Start, stop, restart and delete resources"),
        (Operation.OPERATE, Operation.DELETE),
    ),
)


def _grouped(operations: set[Operation]) -> list[str | Promise]:
    """The operations in the order and the words of the matrix, as short as they can be said."""
    whole = [(words, group) for words, group in _GROUPS if operations.issuperset(group)]
    said = {each: words for words, group in whole for each in group}
    return list(
        dict.fromkeys(said.get(each, OPERATIONS[each]) for each in Operation if each in operations)
    )


@dataclass(frozen=True)
class Impact:
    """One row of the matrix: what is allowed while nothing, the account, or both are frozen."""

    words: str | Promise
    normal: bool
    account: bool
    resources: bool


def impacts() -> list[Impact]:
    """The matrix of 04 without budgets, from the very table that the guard asks."""
    return [
        Impact(
            OPERATIONS[each],
            *(verdict(each, state, None) == Verdict.ALLOWED for state in FreezeStatus),
        )
        for each in Operation
    ]


def operations_for(
    request: HttpRequest,
    actor: Any,
    customers: Sequence[Any],
    current: FreezeAction | None = None,
) -> list[dict[str, Any]]:
    """The four operations over a kept selection, for links: how many customers each is for."""
    kept = urlencode({selection.PARAMETER: request.GET.get(selection.PARAMETER, "")})
    return [
        {
            "label": f"{action.label} ({count})",
            "name": action.label,
            "count": count,
            "why": _why_nobody(choice.left_out),
            "icon": _ICONS[action],
            "url": f"{reverse(f'budgets:{action.value}-batch')}?{kept}",
            "current": action == current,
        }
        for action in rules.OF_PARTNERS
        for choice in [queries.divided(actor, customers, action)]
        for count in [len(choice.customers)]
    ]


def _why_nobody(left_out: Sequence[LeftOut]) -> str:
    """The reason that all who are left out share, or what their reasons have in common."""
    reasons = {row.why for row in left_out}
    if len(reasons) == 1:
        return f"{reasons.pop()}."
    return _("None of the chosen customers is in a state that this operation is for.")


_ICONS = {
    FreezeAction.FREEZE_ACCOUNT: "lock",
    FreezeAction.FREEZE_RESOURCES: "snowflake",
    FreezeAction.UNFREEZE_ACCOUNT: "lock-open",
    FreezeAction.UNFREEZE_RESOURCES: "sun",
}
#: What is said when it is done, of one and of several.
_DONE = {
    FreezeAction.FREEZE_ACCOUNT: ngettext_lazy(
        "The account is frozen.", "%(count)d accounts are frozen.", "count"
    ),
    FreezeAction.FREEZE_RESOURCES: ngettext_lazy(
        "The account and resources are frozen.",
        "The accounts and resources of %(count)d customers are frozen.",
        "count",
    ),
    FreezeAction.UNFREEZE_ACCOUNT: ngettext_lazy(
        "The account is unfrozen successfully.",
        "%(count)d accounts are unfrozen successfully.",
        "count",
    ),
    FreezeAction.UNFREEZE_RESOURCES: ngettext_lazy(
        "The account and resources are unfrozen.",
        "The accounts and resources of %(count)d customers are unfrozen.",
        "count",
    ),
}
DIALOGS: dict[FreezeAction, type[FreezeDialog]] = {
    view.action: view
    for view in (
        FreezeAccountDialog,
        FreezeResourcesDialog,
        UnfreezeAccountDialog,
        UnfreezeResourcesDialog,
    )
}
