"""Customer contacts and what customers see of them (02 §3.1.1.6)."""

from __future__ import annotations

from functools import partial

import pytest

from accounts.models import CustomerContact
from accounts.queries import contacts as queries
from accounts.refusals import ContactsFull
from accounts.services import contacts
from audit.models import OperationRecord
from customers.queries.associations import my_partner
from partner_center.refusals import NotFound, NotPermitted, Stale

from .organization import at_once, refusals

pytestmark = pytest.mark.django_db


def _details(name: str = "Service desk") -> contacts.ContactDetails:
    return contacts.ContactDetails(name, "+639175550111", "service@tidemark.example", "", "8 to 20")


@pytest.mark.requirement("02-CON-01", "02-CON-03")
def test_a_contact_is_shown_to_the_partners_customers(cast) -> None:
    created = contacts.create_contact(cast.actor(cast.mara), details=_details())
    shown = my_partner(cast.actor(cast.hana))
    assert shown.partner == cast.tidemark
    assert [c.name for c in shown.contacts] == ["Service desk"]
    record = OperationRecord.objects.get(action="accounts.contact.created")
    assert record.target_id == str(created.pk) and record.after["remarks"] == "8 to 20"


@pytest.mark.requirement("02-CON-04", "02-CON-05")
def test_without_contacts_customers_see_the_administrator(cast) -> None:
    actor, hana = cast.actor(cast.mara), cast.actor(cast.hana)
    (shown,) = my_partner(hana).contacts
    assert (shown.mobile, shown.email) == (cast.mara.mobile, cast.mara.email)
    created = contacts.create_contact(actor, details=_details())
    assert my_partner(hana).contacts[0].name == "Service desk"
    contacts.delete_contact(actor, created.pk)
    assert my_partner(hana).contacts == [shown]


@pytest.mark.requirement("02-CON-06")
def test_customers_see_only_their_own_partners_contacts(cast) -> None:
    contacts.create_contact(cast.actor(cast.nora), details=_details("Northgate desk"))
    names = [c.name for c in my_partner(cast.actor(cast.hana)).contacts]
    assert "Northgate desk" not in names


@pytest.mark.requirement("02-CON-02")
def test_the_sixth_contact_is_refused(cast) -> None:
    actor = cast.actor(cast.mara)
    for number in range(5):
        contacts.create_contact(actor, details=_details(f"Desk {number}"))
    with pytest.raises(ContactsFull, match="maximum of 5"):
        contacts.create_contact(actor, details=_details("Desk 6"))
    assert CustomerContact.objects.count() == 5


@pytest.mark.requirement("02-CON-05")
def test_a_contact_is_edited_unless_the_page_is_stale(cast) -> None:
    actor = cast.actor(cast.mara)
    created = contacts.create_contact(actor, details=_details())
    seen = queries.seen_of(created)
    contacts.modify_contact(actor, created.pk, details=_details("Help desk"), seen=seen)
    with pytest.raises(Stale):
        contacts.modify_contact(actor, created.pk, details=_details("Too late"), seen=seen)
    created.refresh_from_db()
    assert created.name == "Help desk"


@pytest.mark.requirement("02-CON-05", "02-ORG-04")
def test_strangers_and_members_without_permission_change_no_contact(cast) -> None:
    created = contacts.create_contact(cast.actor(cast.mara), details=_details())
    for user, refusal in ((cast.nora, NotFound), (cast.ivy, NotPermitted)):
        actor = cast.actor(user)
        with pytest.raises(refusal):
            contacts.delete_contact(actor, created.pk)
        with pytest.raises(refusal):
            contacts.modify_contact(
                actor, created.pk, details=_details("Stolen"), seen=queries.seen_of(created)
            )
    with pytest.raises(NotPermitted):
        contacts.create_contact(cast.actor(cast.ivy), details=_details())
    assert [c.name for c in CustomerContact.objects.all()] == ["Service desk"]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.requirement("02-CON-02")
def test_two_at_once_do_not_pass_the_limit_of_contacts(cast) -> None:
    actor = cast.actor(cast.mara)
    for number in range(4):
        contacts.create_contact(actor, details=_details(f"Desk {number}"))
    calls = [partial(contacts.create_contact, actor, details=_details(n)) for n in ("A", "B")]
    assert refusals(at_once(*calls)) == ["accounts.contacts.limit"]
    assert CustomerContact.objects.count() == 5
