"""Forms of invitations and links (04 §8.2.2.2, 8.2.2.3)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from partner_center.widgets import RadioCards

from ..choices import AssociationModel, Tagging
from ..models import InvitationLink
from ..services.links import Wish

#: What each association type means (04-TM-02, TM-03).
MEANING = {
    AssociationModel.RESELLER: _(
        "The customer signs a contract with you. You are responsible for the customer’s contracts, "
        "billing, invoices and support services, and the customer pays you."
    ),
    AssociationModel.REFERRAL: _(
        "The customer signs a contract with the operator, which is responsible for the customer’s "
        "contracts, billing and invoices, and which the customer pays."
    ),
}
_RISK = _(
    "Resellers, instead of the operator, are responsible for providing billing and invoicing for "
    "reseller customers, and need to bear certain capital backflow risks."
)
_TAG_LENGTH = InvitationLink._meta.get_field("custom_tag").max_length


class ModelForm(forms.Form):
    """Association Type; ``offered`` are the types that the partner may choose."""

    model = forms.ChoiceField(
        label=_("Association Type"),
        widget=RadioCards(hints={str(model): words for model, words in MEANING.items()}),
        initial=AssociationModel.RESELLER,
    )

    def __init__(self, *args: Any, offered: Iterable[AssociationModel], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["model"].choices = [(m.value, m.label) for m in offered]  # type: ignore[attr-defined]

    @property
    def chosen_model(self) -> AssociationModel:
        """The valid choice."""
        return AssociationModel(self.cleaned_data["model"])


class InviteForm(ModelForm):
    """Invite: which association type; whom is in ``ids`` of the request."""


class CustomTagForm(forms.Form):
    """Customized link of a reseller: the tag alone (07-RLNK-04)."""

    custom_tag = forms.CharField(
        label=_("Custom Tag"),
        max_length=_TAG_LENGTH,
        help_text=_("Customers who use the link carry it in your customer list."),
    )

    @property
    def wish(self) -> Wish:
        """The valid values, for the service."""
        return Wish(custom_tag=self.cleaned_data["custom_tag"])


class CustomizedLinkForm(ModelForm):
    """Customized link: association type, account manager or tag, remarks (04-LNK-06, D-35)."""

    tagging = forms.ChoiceField(
        label=_("Account Manager"),
        choices=Tagging,
        initial=Tagging.CUSTOMIZE,
        widget=RadioCards(
            hints={
                Tagging.CUSTOMIZE: _("Enter a tag of your own."),
                Tagging.DEDICATED: _(
                    "Choose an account manager: the tag is the login name, and customers who use "
                    "the link are assigned to that account manager."
                ),
            }
        ),
    )
    custom_tag = forms.CharField(
        label=_("Custom Tag"),
        max_length=_TAG_LENGTH,
        widget=forms.TextInput({"data-pc-when": f"tagging={Tagging.CUSTOMIZE.value}"}),
        help_text=_("With Customize. Customers who use the link carry it in your customer list."),
        error_messages={"required": _("Enter a custom tag.")},
    )
    manager = forms.ModelChoiceField(
        label=_("Dedicated account manager"),
        queryset=None,
        widget=forms.Select({"data-pc-when": f"tagging={Tagging.DEDICATED.value}"}),
        help_text=_("With Dedicated: an account manager or account director."),
        error_messages={"required": _("Choose an account manager.")},
    )
    remarks = forms.CharField(
        label=_("Remarks"), max_length=100, required=False, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, *args: Any, managers: QuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["manager"].queryset = managers  # type: ignore[attr-defined]
        model = self.fields["model"]
        model.help_text = _RISK
        # A type that is not offered is the service's to refuse, which says whom to ask.
        offered = model.widget.choices
        model.choices = AssociationModel.choices  # type: ignore[attr-defined]
        model.widget.choices = offered

    def clean(self) -> dict[str, Any]:
        """Each choice asks for its own field; the other one's does not count."""
        given = super().clean() or self.cleaned_data
        unused = {Tagging.CUSTOMIZE: "manager", Tagging.DEDICATED: "custom_tag"}
        self.errors.pop(unused.get(given.get("tagging"), ""), None)  # type: ignore[call-overload]
        return given

    @property
    def wish(self) -> Wish:
        """The valid values, for the service; what belongs to the other choice is left out."""
        given = self.cleaned_data
        dedicated = given["tagging"] == Tagging.DEDICATED
        return Wish(
            model=self.chosen_model,
            tagging=Tagging(given["tagging"]),
            custom_tag="" if dedicated else given["custom_tag"],
            manager_id=given["manager"].pk if dedicated else None,
            remarks=given["remarks"],
        )
