"""A customer authenticates itself: My Account > Real-Name Authentication."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import Account, Role, RoleAssignment, User
from accounts.services import creation
from audit.models import OperationRecord
from notifications.models import Notice
from partner_center import clock, encryption
from partner_center.refusals import Refusal
from realname import queries, refusals
from realname.choices import PersonalCertificate, ReviewStatus, VerifiedStatus
from realname.models import CertificateScan, RealNameApplication
from realname.queries import applications
from realname.services import applying, reviewing
from tests.accounts.organization import at_once
from tests.cast import PASSWORD, Cast

from .papers import (
    ENTERPRISE,
    INDIVIDUAL,
    LICENCE,
    OWN,
    PASSPORT,
    WITH_PERSON,
    address,
    apply,
    authenticate,
    client_of,
    filled,
    filled_enterprise,
    paper,
)

pytestmark = pytest.mark.django_db
APPLY = "realname:apply"


@pytest.fixture
def client(cast: Cast) -> Client:
    """Hana, main user of Harborline."""
    return client_of(cast.hana)


def _reject(cast: Cast, application: RealNameApplication, opinion: str = "Blurred") -> None:
    reviewing.reject(cast.actor(cast.olga), application.pk, opinion=opinion)


# --- The page ---------------------------------------------------------------------------------


def test_who_is_not_authenticated_is_led_to_the_form(client: Client) -> None:
    page = client.get(address(OWN)).content.decode()
    assert "Not authenticated yet" in page and address(APPLY) in page
    choice = client.get(address(APPLY)).content.decode()
    assert "Passport" in choice and "Business licence" in choice
    form = client.get(address(APPLY, INDIVIDUAL)).content.decode()
    assert "Page with the personal data" in form and "JPG, BMP, PNG, GIF, PDF, up to 10 MB" in form
    assert 'enctype="multipart/form-data"' in form


@pytest.mark.requirement("api-B.50", "01-RSL-04")
def test_an_individual_applies_and_waits(cast: Cast, client: Client) -> None:
    answer = client.post(address(APPLY, INDIVIDUAL), filled())
    assert answer.status_code == 302, answer.content.decode()
    application = RealNameApplication.objects.get()
    assert (application.account, application.submitted_for) == (cast.harborline, cast.harborline)
    assert (application.status, application.name) == (ReviewStatus.UNDER_REVIEW, "Hana Ocampo")
    assert [(s.position, s.original_name) for s in application.scans.order_by("position")] == [
        (1, "data page.png"),
        (2, "in hand.jpg"),
    ]
    page = client.get(address(OWN)).content.decode()
    assert "Under review" in page and "****567A" in page and "P1234567A" not in page
    assert queries.is_in_or_through(cast.harborline.pk)
    assert queries.verified_status(cast.harborline.pk) == VerifiedStatus.UNDER_REVIEW
    assert queries.authenticated_name(cast.harborline.pk) == ""
    record = OperationRecord.objects.get(action="realname.application.submitted")
    assert record.account == cast.harborline and record.after["number"] == "****567A"


@pytest.mark.requirement("api-B.50")
def test_the_number_is_encrypted_at_rest(cast: Cast) -> None:
    application = apply(cast.actor(cast.hana))
    row = RealNameApplication.objects.filter(pk=application.pk).values().get()
    assert "P1234567A" not in str(row)
    assert encryption.decrypt(row["number_encrypted"]) == "P1234567A"
    assert "P1234567A" not in str(list(OperationRecord.objects.values()))


def test_an_exchanged_key_keeps_numbers_readable_and_comparable(cast: Cast, settings: Any) -> None:
    application = apply(cast.actor(cast.hana), WITH_PERSON, 4)
    old, new = settings.FIELD_ENCRYPTION_KEYS, Fernet.generate_key().decode()
    settings.FIELD_ENCRYPTION_KEYS = [new, *old]
    assert application.number_digest in encryption.digests("CS201912345")
    call_command("encrypt_again")
    settings.FIELD_ENCRYPTION_KEYS = [new]
    application.refresh_from_db()
    assert applications.numbers_of(application) == ("CS201912345", "P1234567A")
    assert application.number_digest == encryption.digest("CS201912345")


@pytest.mark.requirement("api-B.51")
def test_an_enterprise_applies_with_its_legal_person(cast: Cast, client: Client) -> None:
    person = {
        "legal_person": "Hana Ocampo",
        "legal_number": "P1234567A",
        "scan_2": paper("back.bmp"),
        "scan_3": paper("portrait.gif"),
        "scan_4": paper("emblem.jpg"),
    }
    answer = client.post(address(APPLY, ENTERPRISE), filled_enterprise(**person))
    assert answer.status_code == 302, answer.content.decode()
    application = RealNameApplication.objects.get()
    assert (application.legal_person, application.scans.count()) == ("Hana Ocampo", 4)


@pytest.mark.requirement("api-B.51")
def test_half_a_legal_person_is_refused(client: Client) -> None:
    answer = client.post(address(APPLY, ENTERPRISE), filled_enterprise(legal_person="Hana Ocampo"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"scan_2", "legal_number", "scan_3", "scan_4"}
    assert "Needed when you name a legal person" in page
    assert 'value="Harborline Logistics Inc."' in page and "choose them again" in page
    assert not RealNameApplication.objects.exists() and not CertificateScan.objects.exists()


@pytest.mark.requirement("api-B.50", "api-B.51")
@pytest.mark.parametrize(
    ("query", "data", "sentence"),
    [
        (INDIVIDUAL, filled(name="123 --"), "not only digits, spaces or symbols"),
        (INDIVIDUAL, filled(number="12"), "This is not a number of this kind of certificate"),
        (INDIVIDUAL, filled(scan_2=""), "This field is required"),
        (INDIVIDUAL, filled(scan_1=SimpleUploadedFile("a.exe", b"MZ")), "none of these types"),
        (ENTERPRISE, filled_enterprise(number="no number"), "This is not a number of this kind"),
        (ENTERPRISE, filled_enterprise(name="2024"), "not only digits, spaces or symbols"),
        ("?identity=0&certificate=99", filled(), "Which certificate is shown?"),
    ],
    ids=[
        "name",
        "number",
        "scan",
        "type",
        "enterprise number",
        "enterprise name",
        "no certificate",
    ],
)
def test_wrong_input_is_refused_beside_its_field(
    client: Client, query: str, data: dict[str, Any], sentence: str
) -> None:
    for value in data.values():
        if hasattr(value, "seek"):
            value.seek(0)
    answer = client.post(address(APPLY, query), data)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not RealNameApplication.objects.exists() and not CertificateScan.objects.exists()


def test_a_scan_of_more_than_ten_megabytes_is_refused(client: Client) -> None:
    large = paper("large.png")
    large.write(b"\0" * (10 * 1024 * 1024 + 1))
    large.seek(0)
    large.size = 10 * 1024 * 1024 + 2
    answer = client.post(address(APPLY, INDIVIDUAL), filled(scan_1=large))
    assert answer.status_code == 422
    assert "The file is larger than 10 MB" in answer.content.decode()
    assert not RealNameApplication.objects.exists()


def test_only_members_with_the_permission_apply(cast: Cast) -> None:
    role = Role.objects.create(
        account=cast.harborline,
        name="Viewer",
        permissions=["realname.view_own"],
        created_at=clock.now(),
    )
    user = creation.create_user(
        account=cast.harborline,
        username="v.viewer",
        password=PASSWORD,
        moment=clock.now(),
        email="v@harborline.example",
    )
    RoleAssignment.objects.create(
        account=cast.harborline, user=user, role=role, assigned_at=clock.now()
    )
    client = client_of(user)
    page = client.get(address(OWN))
    assert page.status_code == 200 and address(APPLY) not in page.content.decode()
    refused = client.post(address(APPLY, INDIVIDUAL), filled())
    assert refused.status_code == 403
    assert "Apply for real-name authentication" in refused.content.decode()
    assert not RealNameApplication.objects.exists()


def test_partners_and_the_operator_have_no_such_page(cast: Cast) -> None:
    for user in (cast.mara, cast.olga):
        assert client_of(user).get(address(OWN)).status_code == 404
        assert client_of(user).post(address(APPLY, INDIVIDUAL), filled()).status_code == 404


# --- Once, again, and to enterprise -----------------------------------------------------------


def test_a_second_application_waits_for_the_first(cast: Cast, client: Client) -> None:
    apply(cast.actor(cast.hana))
    assert client.get(address(APPLY))["Location"] == address(OWN)
    answer = client.post(address(APPLY, INDIVIDUAL), filled())
    assert answer.status_code == 422
    assert "An application is under review already" in answer.content.decode()
    assert RealNameApplication.objects.count() == 1


def test_after_a_rejection_the_customer_reads_why_and_applies_again(
    cast: Cast, client: Client
) -> None:
    _reject(cast, apply(cast.actor(cast.hana)), "The second scan is blurred")
    page = client.get(address(OWN)).content.decode()
    assert "The second scan is blurred" in page and "Apply Again" in page
    assert queries.verified_status(cast.harborline.pk) == VerifiedStatus.REJECTED
    assert not queries.is_in_or_through(cast.harborline.pk)
    assert client.post(address(APPLY, INDIVIDUAL), filled()).status_code == 302
    assert RealNameApplication.objects.count() == 2


@pytest.mark.requirement("api-B.52")
def test_an_individual_changes_to_an_enterprise_and_stays_authenticated_meanwhile(
    cast: Cast, client: Client
) -> None:
    first = authenticate(cast, cast.hana)
    assert "Change to Enterprise" in client.get(address(OWN)).content.decode()
    assert "Passport" not in client.get(address(APPLY)).content.decode()
    assert client.post(address(APPLY, ENTERPRISE), filled_enterprise()).status_code == 302
    change = RealNameApplication.objects.latest("id")
    assert change.is_change
    state = (cast.harborline.pk,)
    assert queries.verified_status(*state) == VerifiedStatus.AUTHENTICATED
    assert (queries.authenticated_name(*state), queries.customer_type(*state)) == ("Hana Ocampo", 0)
    reviewing.approve(cast.actor(cast.olga), change.pk)
    first.refresh_from_db()
    assert first.status == ReviewStatus.REPLACED
    assert queries.authenticated_name(*state) == "Harborline Logistics Inc."
    assert queries.customer_type(*state) == 1
    assert "Change to Enterprise" not in client.get(address(OWN)).content.decode()


@pytest.mark.requirement("api-B.52")
def test_only_an_authenticated_individual_changes(cast: Cast) -> None:
    hana, change = cast.actor(cast.hana), replace(LICENCE, is_change=True)
    with pytest.raises(refusals.NotIndividual):
        apply(hana, change)
    authenticate(cast, cast.hana, LICENCE)
    with pytest.raises(refusals.NotIndividual):
        apply(hana, change)
    with pytest.raises(refusals.AlreadyAuthenticated):
        apply(hana, LICENCE)
    assert RealNameApplication.objects.count() == 1


def test_attempts_are_limited_for_a_day(
    cast: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.REALNAME_ATTEMPTS_PER_DAY = 2
    hana = cast.actor(cast.hana)
    for _attempt in range(2):
        _reject(cast, apply(hana))
    with pytest.raises(refusals.TooManyAttempts) as refused:
        apply(hana)
    assert "2 times within 24 hours" in refused.value.sentence
    assert RealNameApplication.objects.count() == 2
    tomorrow = clock.now() + timedelta(hours=24, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    assert apply(hana).pk


def _main(account: Account) -> User:
    return User.objects.get(account=account, is_main=True)


def test_a_certificate_serves_only_so_many_accounts(cast: Cast, settings: Any) -> None:
    settings.REALNAME_ACCOUNTS_PER_CERTIFICATE = 1
    apply(cast.actor(cast.hana))
    quarry = cast.actor(_main(cast.quarry))
    with pytest.raises(refusals.CertificateUsedTooOften) as refused:
        apply(quarry, replace(PASSPORT, number="p 1234567a"))
    assert "used by 1 other account already" in refused.value.sentence
    assert not RealNameApplication.objects.filter(account=cast.quarry).exists()
    _reject(cast, RealNameApplication.objects.get())
    assert apply(quarry).pk  # a rejected application uses no certificate


def test_a_barred_certificate_is_refused_for_everybody(cast: Cast) -> None:
    application = apply(cast.actor(cast.hana))
    reviewing.reject(cast.actor(cast.olga), application.pk, opinion="Forged", bars_number=True)
    for account in (cast.harborline, cast.quarry):
        with pytest.raises(refusals.CertificateBarred):
            apply(cast.actor(_main(account)))
    assert RealNameApplication.objects.count() == 1


def test_a_suspended_account_cannot_be_reviewed(cast: Cast) -> None:
    Account.objects.filter(pk=cast.harborline.pk).update(status="suspended")
    with pytest.raises(refusals.CannotBeReviewed):
        apply(cast.actor(cast.hana))


@pytest.mark.requirement("api-B.50", "api-B.51")
@pytest.mark.parametrize(
    ("details", "right"),
    [
        (PASSPORT, {2}),
        (replace(PASSPORT, certificate=PersonalCertificate.TAIWAN_PERMIT), {3}),
        (replace(PASSPORT, certificate=PersonalCertificate.HK_MACAO_RESIDENCE), {3}),
        (LICENCE, {1, 2}),
        (WITH_PERSON, {4}),
    ],
    ids=["passport", "permit", "residence", "licence", "licence and person"],
)
def test_each_certificate_has_its_number_of_scans(
    cast: Cast, details: applying.Details, right: set[int]
) -> None:
    hana = cast.actor(cast.hana)
    for count in range(6):
        if count in right:
            continue
        with pytest.raises(refusals.WrongScans, match="in this order"):
            apply(hana, details, count)
    assert not RealNameApplication.objects.exists()
    assert apply(hana, details, max(right)).scans.count() == max(right)


# --- What lists read --------------------------------------------------------------------------


def test_lists_read_states_and_names_in_one_query(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    authenticate(cast, cast.hana)
    apply(cast.actor(_main(cast.quarry)), LICENCE)
    rows = Account.objects.filter(
        pk__in=[cast.harborline.pk, cast.quarry.pk, cast.delta.pk]
    ).annotate(
        verified=queries.status_of(),
        authenticated=queries.name_of(),
        kind=queries.customer_type_of(),
    )
    with django_assert_num_queries(1):
        found = {row.name: (row.verified, row.authenticated, row.kind) for row in rows}
    assert found == {
        "harborline": (2, "Hana Ocampo", 0),
        "quarry": (0, "", -1),
        "delta-fisheries": (-1, "", -1),
    }
    for row in rows:
        assert row.verified == queries.verified_status(row.pk)


# --- Two at once ------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_applications_at_the_same_instant_one_is_taken(cast: Cast) -> None:
    hana = cast.actor(cast.hana)

    def attempt() -> RealNameApplication:
        return apply(hana)

    outcomes = at_once(attempt, attempt)
    assert sum(isinstance(outcome, Refusal) for outcome in outcomes) == 1
    assert RealNameApplication.objects.count() == 1 and CertificateScan.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_accounts_do_not_pass_the_limit_of_a_certificate_together(
    cast: Cast, settings: Any
) -> None:
    settings.REALNAME_ACCOUNTS_PER_CERTIFICATE = 1
    actors = [cast.actor(cast.hana), cast.actor(_main(cast.quarry))]
    outcomes = at_once(*(lambda actor=actor: apply(actor) for actor in actors))
    refused = [outcome for outcome in outcomes if isinstance(outcome, Refusal)]
    assert [type(outcome) for outcome in refused] == [refusals.CertificateUsedTooOften]
    assert RealNameApplication.objects.count() == 1


def test_the_database_itself_holds_one_open_and_one_approved(cast: Cast) -> None:
    application = authenticate(cast, cast.hana)
    copy = RealNameApplication.objects.filter(pk=application.pk).values().get()
    del copy["id"]
    with pytest.raises(IntegrityError, match="realname_one_approved"), transaction.atomic():
        RealNameApplication.objects.create(**copy)
    waiting = {**copy, "status": "under_review", "reviewed_at": None}
    RealNameApplication.objects.create(**waiting)
    with pytest.raises(IntegrityError, match="realname_one_under_review"), transaction.atomic():
        RealNameApplication.objects.create(**waiting)


def test_the_customer_is_told_of_nothing_that_it_did_itself(cast: Cast) -> None:
    apply(cast.actor(cast.hana))
    assert not Notice.objects.exists()
