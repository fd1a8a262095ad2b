"""Signing the Instructions, the pop-up after sign-in, the tab Agreements (08 §10.7)."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AgreementDocument, AgreementSignature
from audit.models import OperationRecord
from customers.models import Association
from partner_center import clock

from . import landing

pytestmark = pytest.mark.django_db
NOTICE = "Read and sign the Instructions for Customers to Associate with a Huawei Cloud Partner."
PARTNER, SIGN, AGREEMENTS = (
    "/my-account/partner",
    "/my-account/partner/instructions",
    "/my-account/partner/agreements",
)


@pytest.fixture
def unsigned(cast):
    """The main user of an account that the operator associated: nothing was signed."""
    user = landing.account()
    Association.objects.create(
        account=cast.tidemark, customer=user.account, associated_at=clock.now()
    )
    return user


def _newer_version() -> AgreementDocument:
    return AgreementDocument.objects.create(
        code="association-instructions",
        version="V1002",
        title="Instructions for Customers to Associate with a Huawei Cloud Partner",
        body="The newest words.",
        published_at=clock.now(),
    )


def _signed(user):
    rows = AgreementSignature.objects.filter(account_id=user.account_id)
    return list(rows.order_by("pk").values_list("document__version", flat=True))


@pytest.mark.requirement("08-INS-01", "08-INS-02")
def test_the_notice_stays_until_the_instructions_are_signed(cast, unsigned) -> None:
    client = landing.browser(unsigned)
    page = client.get(PARTNER).content.decode()
    assert NOTICE in page and "Sign Now" in page
    dialog = client.get(SIGN).content.decode()
    assert "Service Usage Requirements" in dialog
    assert "I have read and agree to this Agreement" in dialog
    done = client.post(SIGN, {"agreed": "on", "version": "V1001"}, follow=True)
    assert "Agreement signed." in done.content.decode()
    assert _signed(unsigned) == ["V1001"]
    assert NOTICE not in client.get(PARTNER).content.decode()
    record = OperationRecord.objects.get(action="customers.instructions.signed")
    assert (record.account_id, record.after["version"]) == (unsigned.account_id, "V1001")


@pytest.mark.requirement("08-INS-02")
def test_without_the_tick_nothing_is_signed(cast, unsigned) -> None:
    answer = landing.browser(unsigned).post(SIGN, {"version": "V1001"})
    assert answer.status_code == 422
    assert "Tick that you have read and agree to this Agreement." in answer.content.decode()
    assert _signed(unsigned) == []


@pytest.mark.requirement("08-INS-03", "08-INS-06")
def test_a_new_version_pops_up_once_after_sign_in_and_blocks_nothing(cast) -> None:
    pop_up = f'hx-get="{SIGN}"'
    client = landing.browser(cast.hana)
    assert pop_up not in client.get("/").content.decode(), "the present version is signed"
    _newer_version()
    client = landing.browser(cast.hana)
    assert pop_up in client.get("/").content.decode()
    assert pop_up not in client.get("/").content.decode(), "once a sign-in"
    assert NOTICE in client.get(PARTNER).content.decode()
    assert client.get("/security").status_code == 200
    assert "Sign the Instructions" in client.get("/").content.decode()
    client.post(SIGN, {"agreed": "on", "version": "V1002"})
    assert _signed(cast.hana) == ["V1001", "V1002"]
    client = landing.browser(cast.hana)
    assert pop_up not in client.get("/").content.decode()


@pytest.mark.requirement("08-INS-06")
def test_the_dialog_can_be_closed(cast, unsigned) -> None:
    dialog = landing.browser(unsigned).get(SIGN, headers={"HX-Request": "true"}).content.decode()
    assert "data-pc-close" in dialog and "Close" in dialog


def test_partners_and_referral_customers_are_not_asked(cast, unsigned) -> None:
    Association.objects.filter(customer=unsigned.account).update(model="referral")
    for user in (unsigned, cast.mara, cast.olga):
        page = landing.browser(user).get("/", follow=True).content.decode()
        assert f'hx-get="{SIGN}"' not in page
    assert NOTICE not in landing.browser(unsigned).get(PARTNER).content.decode()


def test_pages_after_the_first_ask_nothing_about_it(cast) -> None:
    client = landing.browser(cast.hana)
    client.get(PARTNER)
    with CaptureQueriesContext(connection) as captured:
        client.get("/security")
    assert not [q for q in captured if "agreementdocument" in q["sql"]]


@pytest.mark.requirement("08-INS-03")
def test_a_version_that_was_replaced_meanwhile_is_not_signed(cast, unsigned) -> None:
    client = landing.browser(unsigned)
    client.get(SIGN)
    _newer_version()
    answer = client.post(SIGN, {"agreed": "on", "version": "V1001"})
    assert answer.status_code == 422
    assert "a newer version of the Instructions was published" in answer.content.decode()
    assert _signed(unsigned) == []


def test_signing_twice_changes_nothing(cast, unsigned) -> None:
    client = landing.browser(unsigned)
    for _time in range(2):
        client.post(SIGN, {"agreed": "on", "version": "V1001"})
    assert _signed(unsigned) == ["V1001"]


@pytest.mark.requirement("08-INS-04", "08-INS-05")
def test_agreements_list_every_signature_with_the_exact_text(cast) -> None:
    _newer_version()
    client = landing.browser(cast.hana)
    client.post(SIGN, {"agreed": "on", "version": "V1002"})
    page = client.get(AGREEMENTS).content.decode()
    for words in ("Name", "Version", "Signed", "V1001", "V1002", "View"):
        assert words in page
    first, second = AgreementSignature.objects.filter(account=cast.harborline).order_by("pk")
    old = client.get(f"{AGREEMENTS}/{first.pk}").content.decode()
    assert "Service Usage Requirements" in old and "The newest words." not in old
    assert "The newest words." in client.get(f"{AGREEMENTS}/{second.pk}").content.decode()


@pytest.mark.requirement("08-INS-05")
def test_a_published_version_cannot_be_published_again(cast) -> None:
    from accounts.refusals import VersionTaken
    from accounts.services import operating

    with pytest.raises(VersionTaken):
        operating.publish_agreement(
            cast.actor(cast.olga),
            code="association-instructions",
            version="V1001",
            title="Other",
            body="Other",
        )


def test_another_tenants_agreements_do_not_exist(cast) -> None:
    mine = AgreementSignature.objects.filter(account=cast.harborline).first()
    stranger = landing.account()
    assert landing.browser(stranger).get(f"{AGREEMENTS}/{mine.pk}").status_code == 404
    assert landing.browser(cast.mara).get(AGREEMENTS).status_code == 404
    assert landing.browser(cast.mara).get(SIGN).status_code == 404
