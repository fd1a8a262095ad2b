"""A form with one field of each look. It is never saved."""

from __future__ import annotations

from django import forms

from partner_center import widgets


class SampleForm(forms.Form):
    """Fields as pages use them."""

    account_name = forms.CharField(
        label="Account Name", help_text="4 to 64 letters, digits and hyphens.", max_length=64
    )
    manager = forms.ChoiceField(
        label="Account Manager",
        required=False,
        choices=[("", "Any"), ("lim", "Jun Lim"), ("dizon", "Ana Dizon")],
    )
    budget = forms.DecimalField(
        label="Monthly Budget (USD)",
        help_text="0.00 to 2,147,483,647.00; 0 withdraws the budget.",
        widget=widgets.AmountInput(),
    )
    budget_type = forms.ChoiceField(
        label="Budget Type",
        choices=[("monthly", "Monthly Budget"), ("once", "One-Time Budget")],
        initial="monthly",
        widget=widgets.Segments,
    )
    action = forms.ChoiceField(
        label="Action Upon Budget Exhaustion",
        choices=[
            ("manual", "Manual Freezing"),
            ("restrict", "Restrict Purchase"),
            ("freeze", "Restrict Purchase and Freeze Resources"),
        ],
        initial="restrict",
        widget=widgets.RadioCards(
            hints={
                "manual": "Nothing is frozen. Prepaid purchases are blocked; pay-per-use stays open.",
                "restrict": "The account is frozen: no purchases, renewals or changes.",
                "freeze": "May interrupt customer services. Fees stop; data is deleted after 15 days.",
            }
        ),
    )
    reason = forms.CharField(
        label="Reason", max_length=256, widget=forms.Textarea(attrs={"rows": 2})
    )
    roles = forms.MultipleChoiceField(
        label="Roles",
        required=False,
        choices=[("manager", "Account manager"), ("finance", "Finance specialist")],
        widget=forms.CheckboxSelectMultiple,
    )
    unrestrict = forms.BooleanField(
        label="Synchronously unrestrict purchases",
        required=False,
        initial=True,
        help_text="The account is frozen by 2 holds; both are released when the budget is saved.",
    )
    password = forms.CharField(label="Password", widget=widgets.PasswordInput())
    verification_code = forms.CharField(label="Verification code", widget=widgets.CodeInput())
    region = forms.ChoiceField(
        label="Country/Region",
        required=False,
        choices=[("", "Choose"), ("PH", "Philippines"), ("SG", "Singapore"), ("TH", "Thailand")],
        widget=widgets.SearchSelect(),
    )
    document = forms.FileField(label="Proof document", required=False)


class SampleFilterForm(forms.Form):
    """Filters as the list pages draw them."""

    q = forms.CharField(label="Search", required=False)
    status = forms.ChoiceField(
        label="Frozen status", required=False, choices=[("", "Any"), ("frozen", "Account frozen")]
    )
    kind = forms.ChoiceField(
        label="Association type", required=False, choices=[("", "Any"), ("reseller", "Reseller")]
    )


class ReasonForm(forms.Form):
    """What the sample dialog asks."""

    reason = forms.CharField(
        label="Reason", max_length=256, widget=forms.Textarea(attrs={"rows": 2})
    )
    verification_code = forms.CharField(label="Verification code", widget=widgets.CodeInput())
