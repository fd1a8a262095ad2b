"""Forms of Preregister Customer (04 §8.2.2.1, D-32, D-33)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from accounts.choices import Industry
from partner_center.forms.phone import PhoneField
from partner_center.uploads import JPG, MEGABYTE, PDF, PNG, CheckedFileField, UploadRules
from partner_center.widgets import Segments

from ..choices import AssociationModel
from ..services.preregistrations import Registration, ReviewRequest

ATTACHMENT = UploadRules((PDF, JPG, PNG), 10 * MEGABYTE)
#: +852 stands there before somebody chooses (form of 04 §8.2.2.1).
DEFAULT_REGION = "HK"
_SELECT = ("", _("--Select--"))


def _countries() -> list[tuple[str, Any]]:
    return [_SELECT, *countries]


class PreregisterForm(forms.Form):
    """Dialog Preregister Customer."""

    customer_name = forms.CharField(
        label=_("Customer Name"), max_length=100, help_text=_("Full name of the customer.")
    )
    email = forms.EmailField(
        label=_("Email"),
        max_length=254,
        help_text=_(
            "The customer must register its account with this email address: the association "
            "matches on it."
        ),
    )
    mobile = PhoneField(label=_("Mobile Number"), region=DEFAULT_REGION)
    wants_invitation = forms.ChoiceField(
        label=_("Sending Invitation Link"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        initial="yes",
        widget=Segments,
        help_text=_(
            "Invitation links are valid for 7 days. We recommend that you follow up with invited "
            "customers to ensure that they use the preregistered email address to register before "
            "their invitation link expires. If the link expires before customers have registered, "
            "you can resend an invitation link."
        ),
    )
    model = forms.ChoiceField(
        label=_("Association Type"),
        choices=AssociationModel.choices,
        initial=AssociationModel.RESELLER,
        help_text=_(
            "In the Reseller transaction model, partners, instead of the operator, are responsible "
            "for providing billing and invoicing for customers, and need to bear certain fund "
            "return risks."
        ),
    )
    remarks = forms.CharField(
        label=_("Remarks"),
        max_length=256,
        required=False,
        help_text=_("For your own team; the customer does not see them."),
    )

    def __init__(self, *args: Any, offered: Iterable[AssociationModel], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(model.value, model.label) for model in offered]
        self.fields["model"].choices = choices  # type: ignore[attr-defined]

    @property
    def details(self) -> Registration:
        """The valid values, for the service."""
        values = self.cleaned_data
        return Registration(
            customer_name=values["customer_name"],
            email=values["email"],
            mobile=values["mobile"],
            model=AssociationModel(values["model"]),
            wants_invitation=values["wants_invitation"] == "yes",
            remarks=values["remarks"],
        )


class ReviewForm(PreregisterForm):
    """The same with what the reviewer reads (04-PRE-15, D-33)."""

    review_names = ("company", "country", "website", "industry", "justification", "attachment")

    company = forms.CharField(label=_("Company"), max_length=128)
    country = forms.ChoiceField(label=_("Country/Region"), choices=_countries)
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    industry = forms.ChoiceField(label=_("Industry"), choices=[_SELECT, *Industry.choices])
    justification = forms.CharField(
        label=_("Relationship and Reason"),
        max_length=1000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("How you know the customer, and why it should be preregistered by you."),
    )
    attachment = CheckedFileField(label=_("Attachment"), rules=ATTACHMENT, required=False)

    def review_fields(self) -> list[forms.BoundField]:
        """What the reviewer reads besides."""
        return [self[name] for name in self.review_names]

    def customer_fields(self) -> list[forms.BoundField]:
        """The fields of Preregister Customer."""
        return [self[name] for name in self.fields if name not in self.review_names]

    @property
    def review(self) -> ReviewRequest:
        """The valid values for the reviewer."""
        values = self.cleaned_data
        upload = values["attachment"]
        return ReviewRequest(
            company=values["company"],
            country=values["country"],
            website=values["website"],
            industry=values["industry"],
            justification=values["justification"],
            attachment=upload,
            attachment_name=upload.original_name if upload else "",
        )
