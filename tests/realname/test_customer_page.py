"""A partner applies for its customer: the page reached from Customer Details."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import Account, Role, RoleAssignment, User
from audit.models import OperationRecord
from customers.models import Association
from customers.services import real_name
from customers.services.operating import end_association
from notifications.models import Message, Notice
from partner_center import clock
from partner_center.refusals import NotFound
from realname.models import CertificateScan, RealNameApplication
from realname.services import reviewing
from tests.cast import Cast

from .papers import (
    ENTERPRISE,
    INDIVIDUAL,
    PASSPORT,
    address,
    apply,
    client_of,
    filled,
    filled_enterprise,
    papers,
)

pytestmark = pytest.mark.django_db
PAGE, APPLY = "realname:customer", "realname:customer-apply"


@pytest.fixture
def harborline(cast: Cast) -> Association:
    """Tidemark's association with Harborline, which Jun looks after."""
    return Association.objects.get(customer=cast.harborline)


@pytest.fixture
def client(cast: Cast) -> Client:
    """Mara, main user of Tidemark."""
    return client_of(cast.mara)


def _for(query: str, association: Association) -> str:
    return address(APPLY, query, pk=association.pk)


def test_the_partner_applies_and_both_books_and_the_customer_know(
    cast: Cast, client: Client, harborline: Association
) -> None:
    page = client.get(address(PAGE, pk=harborline.pk)).content.decode()
    assert "Not authenticated yet" in page and "harborline" in page
    assert client.get(_for("", harborline)).status_code == 200
    answer = client.post(_for(INDIVIDUAL, harborline), filled())
    assert answer["Location"] == address(PAGE, pk=harborline.pk)
    application = RealNameApplication.objects.get()
    assert (application.account, application.submitted_for, application.submitted_by) == (
        cast.harborline,
        cast.tidemark,
        cast.mara,
    )
    page = client.get(address(PAGE, pk=harborline.pk)).content.decode()
    assert "is under review" in page and "****567A" in page and "P1234567A" not in page
    records = OperationRecord.objects.filter(action="realname.application.submitted")
    assert {record.account_id for record in records} == {cast.harborline.pk, cast.tidemark.pk}
    notice = Notice.objects.get()
    assert notice.account == cast.harborline
    assert notice.title == "Tidemark Cloud applied for your real-name authentication"
    assert {scan.account_id for scan in CertificateScan.objects.all()} == {cast.tidemark.pk}


def test_whoever_applied_hears_the_decision(
    cast: Cast, client: Client, harborline: Association
) -> None:
    client.post(_for(ENTERPRISE, harborline), filled_enterprise())
    application = RealNameApplication.objects.get()
    reviewing.reject(cast.actor(cast.olga), application.pk, opinion="Expired licence")
    notice = Notice.objects.get(account=cast.tidemark)
    assert notice.title == "Real-name authentication of Harborline was rejected"
    assert "Expired licence" in notice.body and notice.link == address(PAGE, pk=harborline.pk)
    assert [m.user for m in Message.objects.filter(notice=notice)] == [cast.mara]


def test_a_partner_that_lost_the_customer_hears_nothing(
    cast: Cast, client: Client, harborline: Association
) -> None:
    client.post(_for(INDIVIDUAL, harborline), filled())
    olga = cast.actor(cast.olga)
    end_association(olga, harborline.pk, reason="Asked by both")
    reviewing.approve(olga, RealNameApplication.objects.get().pk)
    told = Notice.objects.filter(account=cast.tidemark, type="customer_real_name")
    assert not told.exists()
    assert Notice.objects.filter(account=cast.harborline, key__endswith="decided").exists()
    assert client.get(address(PAGE, pk=harborline.pk)).status_code == 404


@pytest.mark.requirement("02-ORG-04")
def test_another_partners_customer_is_unknown(cast: Cast, harborline: Association) -> None:
    for user in (cast.nora, cast.dina, cast.leo, cast.hana):
        client = client_of(user)
        assert client.get(address(PAGE, pk=harborline.pk)).status_code == 404
        assert client.get(_for(INDIVIDUAL, harborline)).status_code == 404
        assert client.post(_for(INDIVIDUAL, harborline), filled()).status_code == 404
    assert not RealNameApplication.objects.exists()


@pytest.mark.requirement("02-ROL-06", "02-ROL-07")
def test_account_managers_apply_for_their_own_customers_only(
    cast: Cast, harborline: Association
) -> None:
    delta = Association.objects.get(customer=cast.delta)
    for user in (cast.jun, cast.rosa):  # Rosa manages Jun
        client = client_of(user)
        assert client.get(address(PAGE, pk=harborline.pk)).status_code == 200
        assert client.get(address(PAGE, pk=delta.pk)).status_code == 404
        assert client.post(_for(INDIVIDUAL, delta), filled()).status_code == 404
        with pytest.raises(NotFound):
            real_name.apply(cast.actor(user), delta.pk, details=PASSPORT, scans=papers(2))
    assert not RealNameApplication.objects.exists()
    assert client_of(cast.jun).post(_for(INDIVIDUAL, harborline), filled()).status_code == 302


def _without_permission(cast: Cast) -> User:
    role = Role.objects.create(
        account=cast.tidemark,
        name="Viewer",
        permissions=["customers.view_customers"],
        created_at=clock.now(),
    )
    RoleAssignment.objects.filter(user=cast.ivy).update(role=role)
    return cast.ivy


def test_without_the_permission_nothing_is_shown_or_sent(
    cast: Cast, harborline: Association
) -> None:
    client = client_of(_without_permission(cast))
    refused = client.get(address(PAGE, pk=harborline.pk))
    assert refused.status_code == 403
    assert "Apply for customers’ real-name authentication" in refused.content.decode()
    assert client.post(_for(INDIVIDUAL, harborline), filled()).status_code == 403
    assert not RealNameApplication.objects.exists()


@pytest.mark.requirement("04-CUS-03")
def test_names_are_masked_until_they_are_asked_for(
    cast: Cast, client: Client, harborline: Association
) -> None:
    Account.objects.filter(pk=cast.harborline.pk).update(full_name="Harborline Logistics")
    choice = client.get(_for("", harborline)).content.decode()
    assert "For harborline (H**** L****)." in choice and "Harborline Logistics" not in choice
    client.post(_for(INDIVIDUAL, harborline), filled(name="Ana Reyes"))
    url = address(PAGE, pk=harborline.pk)
    page = client.get(url).content.decode()
    assert "H**** L****" in page and "The application for A**** R**** of" in page
    assert "Harborline Logistics" not in page and "Ana Reyes" not in page
    shown = client.post(url).content.decode()
    assert "Harborline Logistics" in shown and "The application for Ana Reyes of" in shown
    record = OperationRecord.objects.get(action="customers.customer.revealed")
    assert record.after == {"customer": "harborline", "field": "real_name"}
    assert client_of(cast.nora).post(url).status_code == 404
    assert "Ana Reyes" in client_of(cast.hana).get(address("realname:own")).content.decode()


def test_while_the_customer_waits_its_partner_cannot_apply(
    cast: Cast, client: Client, harborline: Association
) -> None:
    apply(cast.actor(cast.hana))
    assert client.get(_for("", harborline))["Location"] == address(PAGE, pk=harborline.pk)
    answer = client.post(_for(INDIVIDUAL, harborline), filled())
    assert answer.status_code == 422
    assert "An application is under review already" in answer.content.decode()
    assert RealNameApplication.objects.count() == 1 and CertificateScan.objects.count() == 2
