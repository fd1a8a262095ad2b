"""The tab Customer Contacts, and My Account > My Partner of the customer (02 §3.1.1.6)."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from accounts.models import CustomerContact

from .organization import signed_in

pytestmark = pytest.mark.django_db

CONTACTS = reverse("organization:contacts")
CREATE = reverse("organization:contact-create")
MY_PARTNER = reverse("my_partner:page")
ENTERED = {
    "name": "Service desk",
    "mobile_code": "PH",
    "mobile_number": "9175550111",
    "email": "service@tidemark.example",
    "office_phone": "",
    "remarks": "Every day, 8 to 20",
}


@pytest.mark.requirement("02-CON-01", "02-CON-03", "02-CON-04", "02-CON-05", "02-CON-06")
def test_contacts_from_creation_to_the_last_one(cast) -> None:
    mara, hana = signed_in(cast.mara), signed_in(cast.hana)
    assert cast.mara.email in hana.get(MY_PARTNER).content.decode()
    answer = mara.post(CREATE, ENTERED)
    assert answer["Location"] == CONTACTS
    assert b"Customer contact created." in mara.get(CONTACTS).content
    contact = CustomerContact.objects.get(account=cast.tidemark)
    html = hana.get(MY_PARTNER).content.decode()
    assert "Service desk" in html and "Every day, 8 to 20" in html
    assert cast.mara.email not in html
    url = reverse("organization:contact-modify", args=[contact.pk])
    seen = re.search(r'name="seen" value="(\w+)"', mara.get(url).content.decode()).group(1)
    assert mara.post(url, ENTERED | {"name": "Help desk", "seen": seen}).status_code == 302
    assert mara.post(url, ENTERED | {"name": "Late", "seen": seen}).status_code == 409
    assert "Help desk" in hana.get(MY_PARTNER).content.decode()
    mara.post(reverse("organization:contact-delete", args=[contact.pk]))
    assert cast.mara.email in hana.get(MY_PARTNER).content.decode()


@pytest.mark.requirement("02-CON-01")
@pytest.mark.parametrize("missing", ["name", "mobile_number", "email"])
def test_a_refused_contact_keeps_what_was_typed(cast, missing) -> None:
    answer = signed_in(cast.mara).post(CREATE, ENTERED | {missing: ""})
    assert answer.status_code == 422 and b"Every day, 8 to 20" in answer.content
    assert not CustomerContact.objects.exists()


@pytest.mark.requirement("02-CON-02")
def test_the_sixth_contact_is_refused_in_the_page(cast) -> None:
    mara = signed_in(cast.mara)
    for number in range(5):
        assert mara.post(CREATE, ENTERED | {"name": f"Desk {number}"}).status_code == 302
    assert CREATE not in mara.get(CONTACTS).content.decode()
    answer = mara.post(CREATE, ENTERED)
    assert answer.status_code == 422 and b"maximum of 5 customer contacts" in answer.content
    assert CustomerContact.objects.count() == 5


@pytest.mark.requirement("02-CON-06", "02-ORG-04")
def test_another_partner_sees_its_own_contacts_only(cast) -> None:
    signed_in(cast.mara).post(CREATE, ENTERED)
    assert b"Service desk" not in signed_in(cast.nora).get(CONTACTS).content


@pytest.mark.requirement("02-CON-06")
def test_who_has_no_partner_sees_no_contacts(cast) -> None:
    from customers.models import Association
    from partner_center import clock

    Association.objects.filter(customer=cast.harborline).update(ended_at=clock.now())
    html = signed_in(cast.hana).get(MY_PARTNER).content.decode()
    assert "You do not work with a partner." in html and cast.mara.email not in html


@pytest.mark.requirement("02-CON-03")
def test_partners_have_no_page_my_partner(cast) -> None:
    assert signed_in(cast.mara).get(MY_PARTNER).status_code == 404
