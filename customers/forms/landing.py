"""Forms of the customer's way in (08 §10.1, 10.7)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from ..choices import AssociationModel
from ..refusals.acceptance import InstructionsNotAgreed


class ConsentForm(forms.Form):
    """The ticks on the landing page of a Reseller invitation (08-CSA-03, CSA-04)."""

    instructions = forms.BooleanField(
        error_messages={"required": InstructionsNotAgreed.default_sentence}
    )
    letter = forms.BooleanField(required=False)
    version = forms.CharField(widget=forms.HiddenInput)


def _countries() -> list[tuple[str, str]]:
    return [("", str(_("--Select--"))), *countries]


class EnableForm(forms.Form):
    """Enable Huawei Cloud Services and Associate with Partner (08-CSA-10 to CSA-13)."""

    country = forms.ChoiceField(
        choices=_countries,
        label=_("Country/Region"),
        help_text=_(
            "Select the country or region that matches your billing address. This will affect the "
            "applicable laws, Huawei Cloud signing entities, and tax rates. Exercise caution when "
            "selecting the country/region because it cannot be changed after you enable Huawei "
            "Cloud services."
        ),
    )
    agreed = forms.BooleanField(
        error_messages={
            "required": _(
                "Accept the Huawei Cloud Customer Agreement and Privacy Statement to go on."
            )
        }
    )
    wants_marketing = forms.BooleanField(
        label=_(
            "I would like to receive updates about discounts and promotions as and when they "
            "become available."
        ),
        required=False,
    )

    def __init__(self, *args: Any, fixed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if fixed:  # the page prints the country; a forged other one is refused by the service
            self.fields["country"].required = False


class ReasonForm(forms.Form):
    """Why the operator should decide otherwise."""

    reason = forms.CharField(label=_("Reason"), max_length=256, widget=forms.Textarea({"rows": 4}))


class TicketForm(ReasonForm):
    """A partner asks the operator to associate a customer (08-CSA-16)."""

    account_name = forms.CharField(
        label=_("Account Name"),
        max_length=64,
        help_text=_("The customer’s account name. The customer finds it in its account menu."),
        widget=forms.TextInput({"autocapitalize": "none", "autocomplete": "off"}),
    )
    model = forms.ChoiceField(label=_("Association Type"), choices=AssociationModel.choices)
    field_order = ("account_name", "model", "reason")

    def __init__(self, *args: Any, may_refer: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_refer:
            del self.fields["model"]


class SignForm(forms.Form):
    """Dialog Sign Now (08-INS-02)."""

    agreed = forms.BooleanField(
        label=_("I have read and agree to this Agreement"),
        error_messages={"required": _("Tick that you have read and agree to this Agreement.")},
    )
    version = forms.CharField(widget=forms.HiddenInput)
