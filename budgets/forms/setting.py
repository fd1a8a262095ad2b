"""The form of Set Budget (04 §8.3.1.2, 8.3.1.3)."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..choices import BudgetType, ExhaustionAction
from ..rules.usage import LARGEST
from ..services.setting import Wish


class BudgetForm(forms.Form):
    """Type, amount and action; the boxes stand there where they apply."""

    type = forms.ChoiceField(
        label=_("Budget Type"), choices=BudgetType.choices, widget=forms.RadioSelect
    )
    amount = forms.DecimalField(
        label=_("Budget (USD)"),
        min_value=Decimal(0),
        max_value=LARGEST,
        max_digits=12,
        decimal_places=2,
        help_text=_("From 0.00 to 2,147,483,647.00. 0 withdraws the budget."),
    )
    action = forms.ChoiceField(
        label=_("Action Upon Budget Exhaustion"),
        choices=ExhaustionAction.choices,
        widget=forms.RadioSelect,
    )
    agreement = forms.BooleanField(
        label=_("I have read and agree to the Agreement for Partners to Manage Customer Budgets"),
        required=False,
    )
    agreed_version = forms.CharField(required=False, widget=forms.HiddenInput)
    unfreezes = forms.BooleanField(label=_("Synchronously unrestrict purchases"), required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, types: Collection[str], is_frozen: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [row for row in BudgetType.choices if row[0] in types]
        self.fields["type"].choices = offered  # type: ignore[attr-defined]
        if not is_frozen:
            del self.fields["unfreezes"]

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
