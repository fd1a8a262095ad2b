"""The form of Set Budget (04 §8.3.1.2, 8.3.1.3, 001)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partner_center import money
from partner_center.widgets import AmountInput, RadioCards, Segments

from ..choices import BudgetType, ExhaustionAction, FreezeStatus
from ..refusals import AmountInvalid
from ..rules.usage import LARGEST
from ..services.setting import Wish

#: One sentence a type, under the choice.
MEANINGS = {
    BudgetType.MONTHLY: gettext_lazy(
        "Expenditure of the calendar month at list price, GMT+08:00. The budget restores in the "
        "following month."
    ),
    BudgetType.ONE_TIME: gettext_lazy(
        "All expenditure at list price from the month in which it is set, GMT+08:00. The budget does "
        "not restore."
    ),
}
HINTS = {
    ExhaustionAction.MANUAL: gettext_lazy(
        "Nothing is frozen. Yearly/monthly and reserved-instance purchases are blocked; pay-per-use "
        "stays open and costs on."
    ),
    ExhaustionAction.RESTRICT: gettext_lazy(
        "The account is frozen automatically: no purchases, renewals or changes. Running pay-per-use "
        "still costs."
    ),
    ExhaustionAction.RESTRICT_FREEZE: gettext_lazy(
        "Account and resources are frozen automatically. Fees stop; unless you unfreeze within 15 days, "
        "data is deleted. Needs the agreement."
    ),
}
_ACTIONS = [
    (
        value,
        gettext_lazy(
            "Restrict Purchase and Freeze Resources (which may interrupt customer services)"
        ),
    )
    if value == ExhaustionAction.RESTRICT_FREEZE
    else (value, label)
    for value, label in ExhaustionAction.choices
]
#: The choice as it is called in other editions, with its two modes (04-OTB-02, 06-DOB-03).
OTHER_NAMES = {
    BudgetType.MONTHLY: gettext_lazy(
        "Account freezing upon monthly budget exhaustion. Manual: Manual Freezing. Automatic: Restrict "
        "Purchase, with or without Freeze Resources."
    ),
    BudgetType.ONE_TIME: gettext_lazy(
        "Account freezing upon one-time budget exhaustion. Manual: Manual Freezing. Automatic: Restrict "
        "Purchase, with or without Freeze Resources."
    ),
}
#: What the box is called, by how the customer is frozen (04-ONE-07).
_BOXES = {
    FreezeStatus.ACCOUNT: gettext_lazy("Synchronously unrestrict purchases"),
    FreezeStatus.RESOURCES: gettext_lazy(
        "Synchronously unrestrict purchases and unfreeze resources"
    ),
}


class AmountField(forms.DecimalField):
    """An amount of USD; whatever is wrong with it, the whole range is said (04 D-11)."""

    def clean(self, value: Any) -> Decimal:
        """The amount. Raises ValidationError."""
        try:
            return super().clean(value)
        except forms.ValidationError:
            raise forms.ValidationError(AmountInvalid().sentence) from None


class BudgetForm(forms.Form):
    """Type, amount and action; the boxes stand there where they apply.

    ``offered`` are the types that may be chosen, with what may be allocated in all, in USD; None:
    nobody limits it. ``state`` is how the customer, or the most frozen of a batch, is frozen.
    """

    type = forms.ChoiceField(
        label=gettext_lazy("Budget Type"), choices=BudgetType.choices, widget=Segments
    )
    amount = AmountField(
        min_value=Decimal(0),
        max_value=LARGEST,
        max_digits=12,
        decimal_places=2,
        widget=AmountInput,
    )
    action = forms.ChoiceField(
        label=gettext_lazy("Action Upon Budget Exhaustion"),
        choices=_ACTIONS,
        widget=RadioCards(hints=HINTS),
    )
    agreement = forms.BooleanField(
        label=gettext_lazy(
            "I have read and agree to the Agreement for Partners to Manage Customer Budgets"
        ),
        help_text=gettext_lazy("Needed for Restrict Purchase and Freeze Resources."),
        required=False,
        widget=forms.CheckboxInput({"data-pc-when": "action=restrict_freeze"}),
    )
    agreed_version = forms.CharField(required=False, widget=forms.HiddenInput)
    unfreezes = forms.BooleanField(required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        offered: Mapping[BudgetType, Decimal | None],
        state: FreezeStatus,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offered = offered
        fields = self.fields
        fields["type"].choices = [row for row in BudgetType.choices if row[0] in offered]  # type: ignore[attr-defined]
        fields["type"].help_text = self._by_type(MEANINGS)
        fields["amount"].label = self._by_type({kind: f"{kind.label} (USD)" for kind in BudgetType})
        fields["amount"].help_text = self._by_type(
            {kind: _range(offered.get(kind)) for kind in BudgetType}
        )
        fields["action"].help_text = self._by_type(OTHER_NAMES)
        if state == FreezeStatus.NORMAL:
            del fields["unfreezes"]
        else:
            fields["unfreezes"].label = _BOXES[state]
            fields["unfreezes"].help_text = _(
                "The customer account has been frozen. Unfreeze the account to allow the customer to "
                "buy resources. (Unfreeze Now)"
            )

    @property
    def wish(self) -> Wish:
        """What the form says."""
        data = self.cleaned_data
        return Wish(
            type=BudgetType(data["type"]),
            amount=data["amount"],
            action=ExhaustionAction(data["action"]),
            unfreezes=bool(data.get("unfreezes")),
            agreed_version=data["agreed_version"] if data["agreement"] else "",
        )

    @property
    def shown_type(self) -> BudgetType:
        """The type that the page speaks of as it comes."""
        # Not by the bound field, which would keep the words that it has now.
        now = (self.data if self.is_bound else self.initial).get("type")
        return BudgetType(now if now in self.offered else next(iter(self.offered), "monthly"))

    def _by_type(self, words: Mapping[BudgetType, Any]) -> SafeString:
        """Words that change with the chosen type; without JavaScript those of the present one."""
        now = self.shown_type
        shown = format_html('<span data-pc-with="type={}">{}</span>', now, words[now])
        others = ((kind.value, words[kind]) for kind in BudgetType if kind != now)
        return shown + format_html_join("", '<span data-pc-with="type={}" hidden>{}</span>', others)


def _range(left: Decimal | None) -> str:
    """What may be entered; of a reseller's quota also what is left of it (04-BUD-10)."""
    words = _("From 0.00 to 2,147,483,647.00. 0 withdraws the budget.")
    if left is None:
        return words
    return f"{words} " + _(
        "Available quota: %(left)s. Contact your distributor if the quota does not suffice."
    ) % {"left": money.words(left)}
