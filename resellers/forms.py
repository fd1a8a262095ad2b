"""Forms of the distributor's pages."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partner_center.widgets import AmountInput


class InviteForm(forms.Form):
    """Invite Reseller: one field (06-RSL-02)."""

    email = forms.EmailField(
        label=_("Email"),
        max_length=254,
        help_text=_("An email with an association link goes to this address."),
    )


def _quota(label: Any, hint: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        help_text=hint,
        required=False,
        min_value=Decimal(0),
        max_digits=14,
        decimal_places=2,
        widget=AmountInput(),
    )


class BudgetGrantForm(forms.Form):
    """Set Account Freezing and Budget Setting Permissions (06 §9.2.1.2)."""

    authorize = forms.BooleanField(
        label=_("Authorize Permissions"),
        required=False,
        widget=forms.CheckboxInput({"role": "switch"}),
        help_text=_(
            "On: the reseller sets and withdraws budgets of its own customers and freezes and "
            "unfreezes their accounts and resources. You no longer do."
        ),
    )
    monthly_quota = _quota(
        _("Monthly budget quota (USD)"),
        _(
            "The most that the monthly budgets may add up to, at list price. It restores every "
            "month. Empty: no monthly budgets."
        ),
    )
    one_time_quota = _quota(
        _("One-time budget quota (USD)"),
        _(
            "The most that the one-time budgets may add up to, at list price. It does not restore. "
            "Empty: no one-time budgets."
        ),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        """At least one quota while the switch is on."""
        data = super().clean() or {}
        entered = [data.get("monthly_quota"), data.get("one_time_quota")]
        wrong = {"monthly_quota", "one_time_quota"} & set(self.errors)
        if data.get("authorize") and not wrong and entered == [None, None]:
            self.add_error(
                "monthly_quota",
                _("Enter a monthly budget quota, a one-time budget quota, or both."),
            )
        return data


class ConsentForm(forms.Form):
    """The first grant: consent to the commitment letter (06-OBH-02, 08-DCL-01)."""

    consent = forms.BooleanField(
        label=_(
            "I have read and agree to the Huawei Cloud Distributor Commitment Letter for Operation "
            "on Customers' Behalf"
        ),
        required=False,
    )
    version = forms.CharField(widget=forms.HiddenInput, required=False)
