"""The operator reviews applications."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, RoleAssignment, User
from accounts.services import creation
from audit.models import OperationRecord
from notifications.models import Message, Notice
from outbox.models import Delivery
from partner_center import clock
from partner_center.refusals import NotPermitted, Refusal
from realname import queries, refusals
from realname.choices import ReviewStatus, VerifiedStatus
from realname.models import RealNameApplication
from realname.services import reviewing
from tests.accounts.organization import at_once
from tests.cast import PASSWORD, Cast

from .papers import WITH_PERSON, address, apply, client_of

pytestmark = pytest.mark.django_db
QUEUE = "admin:realname_realnameapplication_changelist"


@pytest.fixture
def application(cast: Cast) -> RealNameApplication:
    """Harborline has applied, with its legal person."""
    return apply(cast.actor(cast.hana), WITH_PERSON, 4)


@pytest.fixture
def client(cast: Cast) -> Client:
    """Olga, main user of the operator."""
    return client_of(cast.olga)


def _page(application: RealNameApplication, name: str = "change") -> str:
    url = reverse("admin:realname_realnameapplication_change", args=[application.pk])
    return url if name == "change" else f"{url.removesuffix('change/')}{name}/"


def test_the_queue_and_the_home_page_show_what_waits(
    client: Client, cast: Cast, application: RealNameApplication
) -> None:
    assert "1 real-name application waits" in client.get(reverse("home")).content.decode()
    page = client.get(address(QUEUE, "?status__exact=under_review")).content.decode()
    assert "Harborline Logistics Inc." in page and "CS201912345" not in page
    reviewing.approve(cast.actor(cast.olga), application.pk)
    page = client.get(address(QUEUE, "?status__exact=under_review")).content.decode()
    assert "Harborline Logistics Inc." not in page


def test_the_reviewer_sees_number_and_scans_and_both_are_recorded(
    client: Client, cast: Cast, application: RealNameApplication
) -> None:
    page = client.get(_page(application)).content.decode()
    assert "CS201912345" in page and "P1234567A" in page
    assert "Certificate, front" in page and "emblem side" in page
    assert (
        OperationRecord.objects.get(action="realname.application.viewed").account_id
        == cast.harborline.pk
    )
    for scan in application.scans.all():
        url = address("realname:scan", pk=scan.pk)
        assert url in page
        answer = client.get(url)
        assert b"".join(answer.streaming_content).startswith(b"\x89PNG")
        assert answer["X-Content-Type-Options"] == "nosniff"
    viewed = OperationRecord.objects.filter(action="realname.scan.viewed")
    assert {record.account_id for record in viewed} == {cast.harborline.pk}
    assert viewed.count() == 4


def test_nobody_else_opens_scans(cast: Cast, application: RealNameApplication) -> None:
    url = address("realname:scan", pk=application.scans.first().pk)
    for user in (cast.hana, cast.mara, cast.nora):
        assert client_of(user).get(url).status_code == 404
    staff = client_of(_staff(cast, "accounts.view_members"))
    assert staff.get(url).status_code == 403


def _staff(cast: Cast, *held: str) -> User:
    user = creation.create_user(
        account=cast.operator,
        username="o.staff",
        password=PASSWORD,
        email="staff@operator.example",
        moment=clock.now(),
    )
    role = Role.objects.create(
        account=cast.operator, name="Staff", permissions=list(held), created_at=clock.now()
    )
    RoleAssignment.objects.create(
        account=cast.operator, user=user, role=role, assigned_at=clock.now()
    )
    return user


@pytest.mark.requirement("api-B.53")
def test_approval_authenticates_and_tells_the_customer(
    client: Client, cast: Cast, application: RealNameApplication
) -> None:
    assert client.get(_page(application, "approve")).status_code == 200
    assert not queries.authenticated_name(cast.harborline.pk)
    assert client.post(_page(application, "approve"), {"opinion": ""}).status_code == 302
    application.refresh_from_db()
    assert (application.status, application.reviewer) == (ReviewStatus.APPROVED, cast.olga)
    assert queries.verified_status(cast.harborline.pk) == VerifiedStatus.AUTHENTICATED
    assert queries.authenticated_name(cast.harborline.pk) == "Harborline Logistics Inc."
    notice = Notice.objects.get()
    assert notice.account == cast.harborline
    assert notice.title == "Real-name authentication passed: Harborline Logistics Inc."
    assert Message.objects.get().user == cast.hana
    assert Delivery.objects.filter(target="accounts@harborline.example").exists()
    record = OperationRecord.objects.get(action="realname.application.approved")
    assert (record.account, record.door) == (cast.harborline, "admin")


@pytest.mark.requirement("api-B.53")
def test_rejection_says_why(client: Client, cast: Cast, application: RealNameApplication) -> None:
    for wrong, sentence in (("", "Enter what was wrong"), ("x" * 257, "at most 256 characters")):
        answer = client.post(_page(application, "reject"), {"opinion": wrong})
        assert answer.status_code == 422 and sentence in answer.content.decode()
    application.refresh_from_db()
    assert application.status == ReviewStatus.UNDER_REVIEW and not Notice.objects.exists()
    answer = client.post(_page(application, "reject"), {"opinion": "The licence has expired"})
    assert answer.status_code == 302
    application.refresh_from_db()
    assert (application.status, application.opinion, application.bars_number) == (
        ReviewStatus.REJECTED,
        "The licence has expired",
        False,
    )
    notice = Notice.objects.get()
    assert "rejected" in notice.title and "The licence has expired" in notice.body


def test_a_decided_application_is_not_decided_again(
    client: Client, cast: Cast, application: RealNameApplication
) -> None:
    olga = cast.actor(cast.olga)
    reviewing.reject(olga, application.pk, opinion="Blurred")
    for decide in (
        lambda: reviewing.approve(olga, application.pk),
        lambda: reviewing.reject(olga, application.pk, opinion="Other"),
    ):
        with pytest.raises(refusals.AlreadyDecided, match="decided already"):
            decide()
    assert client.post(_page(application, "approve"), {}).status_code == 403
    application.refresh_from_db()
    assert application.opinion == "Blurred"


def test_reviewing_needs_its_permission(cast: Cast, application: RealNameApplication) -> None:
    staff = _staff(cast, "accounts.view_all_accounts")
    assert client_of(staff).post(_page(application, "approve"), {}).status_code == 403
    for actor in (cast.actor(staff), cast.actor(cast.mara), cast.actor(cast.hana)):
        with pytest.raises(NotPermitted):
            reviewing.approve(actor, application.pk)
    application.refresh_from_db()
    assert application.status == ReviewStatus.UNDER_REVIEW


@pytest.mark.django_db(transaction=True)
def test_of_two_reviewers_at_the_same_instant_one_decides(
    cast: Cast, application: RealNameApplication
) -> None:
    olga = cast.actor(cast.olga)
    outcomes = at_once(
        lambda: reviewing.approve(olga, application.pk),
        lambda: reviewing.reject(olga, application.pk, opinion="Blurred"),
    )
    assert [type(o) for o in outcomes if isinstance(o, Refusal)] == [refusals.AlreadyDecided]
    assert Notice.objects.count() == 1
    decided = OperationRecord.objects.filter(target_type="realname.realnameapplication")
    assert decided.exclude(action="realname.application.submitted").count() == 1


def test_a_missing_application_is_not_found(client: Client) -> None:
    answer = client.get(address("realname:scan", pk=999_999))
    assert answer.status_code == 404
