"""What both sides are told about disassociations and type changes, in the caller's transaction."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from notifications.services import notify
from partner_center.actors import Actor

from ..choices import Side
from ..message_types import DISASSOCIATION, MY_PARTNER
from ..models import Association, AssociationRequest


def tell_requested(actor: Actor, request: AssociationRequest, association: Association) -> None:
    """Tell the other side that an answer is awaited."""
    other = Side.CUSTOMER if request.initiator == Side.PARTNER else Side.PARTNER
    link = (
        reverse("my_partner:process", args=[request.pk])
        if other == Side.CUSTOMER
        else _records(association)
    )
    _tell(
        actor,
        association,
        other,
        "disassociation_requested",
        f"disassociation:{request.pk}:requested",
        facts=[(_("Reason"), request.reason or "--"), (_("Request Time"), request.requested_at)],
        link=link,
    )


def tell_rejected(actor: Actor, request: AssociationRequest, association: Association) -> None:
    """Tell the initiator that the other side has rejected the request (04-ASC-07)."""
    _tell(
        actor,
        association,
        Side(request.initiator),
        "disassociation_rejected",
        f"disassociation:{request.pk}:rejected",
        facts=[(_("Answer"), request.answer or "--"), (_("Time"), request.decided_at)],
    )


def tell_withdrawn(actor: Actor, request: AssociationRequest, association: Association) -> None:
    """Tell the other side that there is nothing to answer any more."""
    other = Side.CUSTOMER if request.initiator == Side.PARTNER else Side.PARTNER
    _tell(
        actor,
        association,
        other,
        "disassociation_withdrawn",
        f"disassociation:{request.pk}:withdrawn",
        facts=[(_("Time"), request.decided_at)],
    )


def tell_ended(actor: Actor, association: Association, reason: str, moment: datetime) -> None:
    """Tell both sides that they are disassociated (04-DIS-02)."""
    for side in (Side.PARTNER, Side.CUSTOMER):
        _tell(
            actor,
            association,
            side,
            "disassociated",
            f"association:{association.pk}:ended",
            facts=[(_("Reason"), reason or "--"), (_("Time"), moment)],
        )


def tell_model_changed(
    actor: Actor, association: Association, request: AssociationRequest, before: str
) -> None:
    """Tell both sides that the operator has changed the association type."""
    for side in (Side.PARTNER, Side.CUSTOMER):
        _tell(
            actor,
            association,
            side,
            "association_type_changed",
            f"association:{association.pk}:type:{request.pk}",
            facts=[
                (_("Association type before"), before),
                (_("Association type now"), association.get_model_display()),
                (_("Reason"), request.reason or "--"),
                (_("Time"), request.requested_at),
            ],
        )


def _tell(
    actor: Actor,
    association: Association,
    side: Side,
    template: str,
    key: str,
    *,
    facts: list[tuple[object, object]],
    link: str = "",
) -> None:
    partner, customer = association.account, association.customer
    told, other = (partner, customer) if side == Side.PARTNER else (customer, partner)
    is_partner = side == Side.PARTNER
    notify(
        actor,
        account_id=told.pk,
        type=DISASSOCIATION.code if is_partner else MY_PARTNER.code,
        key=key,
        template=template,
        context={"other": other.title, "is_partner": is_partner},
        facts=[(_("Account Name"), other.name), *facts],  # type: ignore[list-item]
        link=link or (_records(association) if is_partner else reverse("my_partner:log")),
        link_label=_("Manage Association Records") if is_partner else _("My Partner"),
    )


def _records(association: Association) -> str:
    query = urlencode({"customer": association.customer.name})
    return f"{reverse('association_records:list')}?{query}"
