"""Reads of customer contacts (02 §3.1.1.6)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from partner_center.actors import Actor
from partner_center.refusals import NotFound
from partner_center.stale import fingerprint_of

from ..models import CustomerContact, User
from ..permissions import VIEW_MEMBERS

FIELDS = ("name", "mobile", "email", "office_phone", "remarks")


@dataclass(frozen=True)
class ShownContact:
    """What a customer sees of a contact; absent parts are empty."""

    name: str
    mobile: str
    email: str
    office_phone: str = ""
    remarks: str = ""


def list_contacts(actor: Actor) -> QuerySet[CustomerContact]:
    """The contacts of the actor's account, oldest first."""
    actor.require(VIEW_MEMBERS)
    return CustomerContact.objects.visible_to(actor).order_by("pk")


def get_contact(actor: Actor, contact_id: int) -> CustomerContact:
    """One contact. Raises NotFound."""
    if (found := list_contacts(actor).filter(pk=contact_id).first()) is None:
        raise NotFound
    return found


def seen_of(contact: CustomerContact) -> str:
    """What the form showed, for the stale check."""
    return fingerprint_of(contact, FIELDS)


def shown_to_customers(partner_id: int) -> list[ShownContact]:
    """What customers of this partner see: its contacts, else its administrator (CON-03 to CON-05).

    Asked for the customer's own partner only (CON-06): whoever calls this has made sure.
    """
    rows = CustomerContact.objects.filter(account_id=partner_id).order_by("pk")
    found = [ShownContact(**{name: getattr(row, name) for name in FIELDS}) for row in rows]
    return found or [administrator_as_contact(partner_id)]


def administrator_as_contact(partner_id: int) -> ShownContact:
    """The contact data of the partner's administrator account (CON-04)."""
    main = User.objects.select_related("account").get(account_id=partner_id, is_main=True)
    return ShownContact(main.name or main.account.title, main.mobile, main.email, main.office_phone)
