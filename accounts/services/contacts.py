"""Customer contacts of a partner (02-CON-01 to CON-05)."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.db import transaction

import audit.services
from partner_center import clock
from partner_center.actors import Actor
from partner_center.refusals import NotFound
from partner_center.stale import refuse_stale

from .. import locks, rules
from ..models import CustomerContact
from ..permissions import MANAGE_CONTACTS
from ..queries import contacts as queries
from ..refusals import ContactsFull


@dataclass(frozen=True)
class ContactDetails:
    """A contact as its form gives it; the mobile number is E.164."""

    name: str
    mobile: str
    email: str
    office_phone: str = ""
    remarks: str = ""


@transaction.atomic(durable=True)
def create_contact(actor: Actor, *, details: ContactDetails) -> CustomerContact:
    """Add a contact; at most five a partner. Raises ContactsFull."""
    actor.require(MANAGE_CONTACTS)
    account = locks.lock_account(actor.account_id)
    if CustomerContact.objects.visible_to(actor).count() >= rules.MAX_CONTACTS:
        raise ContactsFull(rules.MAX_CONTACTS)
    contact = CustomerContact.objects.create(
        account=account, created_at=clock.now(), **asdict(details)
    )
    audit.services.record(actor, "accounts.contact.created", contact, after=asdict(details))
    return contact


@transaction.atomic(durable=True)
def modify_contact(
    actor: Actor, contact_id: int, *, details: ContactDetails, seen: str
) -> CustomerContact:
    """Save a contact. Raises NotFound, Stale."""
    actor.require(MANAGE_CONTACTS)
    contact = _lock(actor, contact_id)
    refuse_stale(seen, queries.seen_of(contact))
    values = asdict(details)
    changed = {name: value for name, value in values.items() if value != getattr(contact, name)}
    if not changed:
        return contact
    before = {name: getattr(contact, name) for name in changed}
    for name, value in changed.items():
        setattr(contact, name, value)
    contact.save(update_fields=list(changed))
    audit.services.record(actor, "accounts.contact.modified", contact, before=before, after=changed)
    return contact


@transaction.atomic(durable=True)
def delete_contact(actor: Actor, contact_id: int) -> None:
    """Delete a contact; after the last one customers see the administrator (CON-05).

    Raises NotFound.
    """
    actor.require(MANAGE_CONTACTS)
    contact = _lock(actor, contact_id)
    before = {name: getattr(contact, name) for name in queries.FIELDS}
    audit.services.record(actor, "accounts.contact.deleted", contact, before=before)
    contact.delete()


def _lock(actor: Actor, contact_id: int) -> CustomerContact:
    rows = CustomerContact.objects.visible_to(actor).select_for_update(no_key=True)
    if (found := rows.filter(pk=contact_id).first()) is None:
        raise NotFound
    return found
