"""The operator's pages of bill runs, bills and verifications, and the proof on the partner's page."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role, RoleAssignment
from accounts.services import creation
from audit.models import OperationRecord
from billing import tasks
from billing.choices import PartState, RunState, VerificationState
from billing.models import Bill, BillAccount, BillRun, RunPart, Verification
from billing.permissions import OPERATE_TERMS
from billing.queries import operating_bills
from billing.refusals import BillIsIssued
from billing.services import asking, sealing, telling, verifications
from customers.models import Association
from notifications.models import Notice
from partner_center import clock
from partner_center.refusals import NotPermitted

from ..cast import PASSWORD
from .bills import bill as bare_bill
from .bills import bills as bare_bills
from .conftest import ISSUE, OCTOBER, Books


@pytest.fixture
def half(books: Books) -> Books:
    """October: Northgate is billed, Tidemark is parked because a charge lies outside its association."""
    lines = books.post(books.charge("5"), books.charge("7", customer=books.cast.quarry))
    lines[0].association.associated_at = ISSUE
    lines[0].association.save()
    assert books.run().parked == 1
    return books


def cure(books: Books) -> None:
    """Put right what parks Tidemark."""
    ties = Association.objects.filter(account=books.cast.tidemark)
    ties.update(associated_at=ISSUE - timedelta(days=400))


def url(page: str, *args: object) -> str:
    return reverse(f"admin:billing_{page}", args=args)


def parked_part() -> RunPart:
    return RunPart.objects.get(state=PartState.PARKED)


@pytest.mark.requirement("05-REP-01", "05-BQY-07")
def test_the_operator_sees_who_is_parked_and_has_it_tried_again(half: Books, client) -> None:
    client.force_login(half.cast.olga)
    run, part = BillRun.objects.get(), parked_part()
    page = client.get(url("billrun_changelist")).content.decode()
    assert "1 of 2 issued" in page and "1 parked" in page and "Late" in page
    page = client.get(url("billrun_change", run.pk)).content.decode()
    assert part.cause in page.replace("&#x27;", "'") and url("runpart_try_again", part.pk) in page
    parked = client.get(url("runpart_changelist") + f"?state__exact=parked&run__id__exact={run.pk}")
    assert [row.pk for row in parked.context["cl"].result_list] == [part.pk]

    cure(half)
    asked = client.post(url("runpart_try_again", part.pk))
    assert asked.status_code == 302
    client.post(url("runpart_try_again", part.pk))
    assert not Bill.objects.filter(account=half.cast.tidemark).exists(), "never in the request"
    waiting = client.get(url("billrun_change", run.pk)).content.decode()
    assert "Asked for" in waiting and "every 5s" in waiting
    record = OperationRecord.objects.get(action="billing.run_part.asked")
    assert (record.actor_name, record.account_id) == (
        half.cast.olga.username,
        half.cast.tidemark.pk,
    )

    tasks.run_asked()
    tasks.run_asked()
    part.refresh_from_db()
    assert (part.state, part.asked_at) == (PartState.ISSUED, None)
    done = client.get(url("billrun_change", run.pk)).content.decode()
    assert "every 5s" not in done and "Finished" in done
    assert half.bill().number in client.get(url("runpart_changelist")).content.decode()
    actor = half.cast.actor(half.cast.olga)
    with pytest.raises(BillIsIssued):
        asking.ask_for_part(actor, part.pk)
    assert (
        "has its bill"
        in client.post(url("billrun_generate"), {"cycle": "2026-10"}).content.decode()
    )


@pytest.mark.requirement("05-REP-01")
def test_run_again_tries_all_that_have_no_bill(half: Books, client) -> None:
    client.force_login(half.cast.olga)
    run = BillRun.objects.get()
    assert client.post(url("billrun_run_again", run.pk)).status_code == 302
    assert client.post(url("billrun_run_again", run.pk)).status_code == 302
    assert OperationRecord.objects.filter(action="billing.run.asked").count() == 1
    tasks.run_asked()
    run.refresh_from_db()
    assert (run.asked_at, run.state, parked_part().tried_at > ISSUE) == (None, "running", True)
    cure(half)
    asking.ask_again(half.cast.actor(half.cast.olga), run.pk)
    tasks.run_asked()
    run.refresh_from_db()
    assert run.state == RunState.FINISHED
    assert Bill.objects.count() == 2


@pytest.mark.requirement("05-REP-01", "05-BQY-07")
def test_bills_of_a_month_that_is_over_can_be_generated(books: Books, client) -> None:
    client.force_login(books.cast.olga)
    books.post(books.charge("5"))
    running = str(clock.BillingCycle.of(clock.now()))
    refused = {
        "2026-13": "Write the month as YYYY-MM",
        running: "not over",
        "2020-01": "No partner has",
    }
    for cycle, words in refused.items():
        answer = client.post(url("billrun_generate"), {"cycle": cycle})
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert f'value="{cycle}"' in answer.content.decode()
    assert not BillRun.objects.exists()
    for _twice in range(2):
        assert client.post(url("billrun_generate"), {"cycle": "2026-10"}).status_code == 302
    assert not RunPart.objects.exists()
    tasks.run_asked()
    assert books.bill().amount_due == 5
    assert BillRun.objects.get().state == RunState.FINISHED


@pytest.mark.requirement("05-BIL-19")
def test_a_bill_is_shown_with_its_proof_and_verified(books: Books, client) -> None:
    client.force_login(books.cast.olga)
    books.post(books.charge("13.39290295079"), books.charge("-2.5", bill_type="refund"))
    books.run()
    bill = books.bill()
    page = url("bill_change", bill.pk)
    early = client.post(url("bill_verify", bill.pk))
    assert early.status_code == 403, "not sealed yet"
    assert "not offered here now" in early.content.decode(), "she has the permission"
    sealing.seal_all(ISSUE)
    shown = client.get(page).content.decode()
    assert bill.manifest.fingerprint in shown and "10.89290295079" in shown
    package = b"".join(client.get(url("bill_download", bill.pk)).streaming_content)
    assert "verify_bill.py" in zipfile.ZipFile(io.BytesIO(package)).namelist()

    for _twice in range(2):
        assert client.post(url("bill_verify", bill.pk)).status_code == 302
    assert client.post(url("verification_verify"), {"cycle": "2026-10"}).status_code == 302
    assert Verification.objects.count() == 2
    tasks.verify_asked()
    states = set(Verification.objects.values_list("state", flat=True))
    assert states == {VerificationState.AGREES}, list(Verification.objects.values())

    with connection.cursor() as cursor:  # behind the portal's back
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE billing_billline SET tax = 1e-20 WHERE settled < 0")
        cursor.execute("SET LOCAL session_replication_role = origin")
    client.post(url("bill_verify", bill.pk))
    client.post(url("billrun_verify", BillRun.objects.get().pk))
    tasks.verify_asked()
    shown = client.get(page).content.decode()
    assert "Differs" in shown and "details_sha256" in shown
    listed = client.get(url("verification_changelist")).content.decode()
    assert "lines add up to their bill" in listed
    last = Verification.objects.latest("pk")
    detail = client.get(url("verification_change", last.pk)).content.decode()
    assert bill.number in detail and "1 differs" in detail


def test_who_may_not_operate_bills_is_refused(half: Books) -> None:
    cast, part, run = half.cast, parked_part(), BillRun.objects.get()
    account, now = cast.operator, clock.now()
    clerk = creation.create_user(
        account=account,
        username="o.clerk",
        password=PASSWORD,
        email="clerk@operator.example",
        moment=now,
    )
    role = Role.objects.create(
        account=account, name="Clerk", permissions=[OPERATE_TERMS], created_at=now
    )
    RoleAssignment.objects.create(account=account, user=clerk, role=role, assigned_at=now)
    staff = Client()
    staff.force_login(clerk)
    pages = (
        url("billrun_generate"),
        url("billrun_run_again", run.pk),
        url("billrun_verify", run.pk),
        url("runpart_try_again", part.pk),
        url("bill_verify", half.bill(cast.northgate).pk),
        url("bill_download", half.bill(cast.northgate).pk),
        url("verification_verify"),
    )
    assert {staff.post(page, {"cycle": "2026-10"}).status_code for page in pages} == {403}
    actor = cast.actor(clerk)
    for call in (
        lambda: asking.ask_again(actor, run.pk),
        lambda: asking.ask_for_part(actor, part.pk),
        lambda: asking.ask_for_cycle(actor, cycle=OCTOBER),
        lambda: verifications.ask_for_cycle(actor, cycle=OCTOBER),
        lambda: verifications.ask_for_bill(actor, 1),
        lambda: operating_bills.open_package(actor, 1),
    ):
        with pytest.raises(NotPermitted):
            call()
    assert not RunPart.objects.exclude(asked_at=None).exists()
    assert not Verification.objects.exists()


def test_the_partner_downloads_the_proof_of_its_own_bill(books: Books, client) -> None:
    cast = books.cast
    books.post(books.charge("5"))
    books.run()
    bill = books.bill()
    proof = reverse("billing:proof", args=[bill.number])
    package = reverse("billing:proof-download", args=[bill.number])
    client.force_login(cast.mara)
    assert "is being made" in client.get(proof).content.decode()
    answer = client.get(package)
    assert answer.status_code == 409 and "is being made" in answer.content.decode()
    sealing.seal_all(ISSUE)
    shown = client.get(proof).content.decode()
    assert bill.manifest.fingerprint in shown and "1 line" in shown
    month = client.get(reverse("billing:bills") + "?cycle=2026-10").content.decode()
    assert proof in month and bill.manifest.fingerprint[:16] in month
    sent = client.get(package)
    assert sent["Content-Disposition"] == f'attachment; filename="{bill.number}.zip"'
    files = zipfile.ZipFile(io.BytesIO(b"".join(sent.streaming_content))).namelist()
    assert files == ["details.csv", "manifest.json", "verify_bill.py"]
    for user, status in ((cast.nora, 404), (cast.leo, 404), (cast.hana, 404), (cast.ivy, 403)):
        stranger = Client()
        stranger.force_login(user)
        assert {stranger.get(to).status_code for to in (proof, package)} == {status}, user


@pytest.mark.requirement("05-REP-01")
def test_many_bills_are_told_in_as_many_statements_as_one(cast) -> None:
    def statements(count: int, year: int) -> int:
        cycles = [f"{year + n // 12}-{n % 12 + 1:02d}" for n in range(count)]
        bare_bills(cast.tidemark, cycles)
        with CaptureQueriesContext(connection) as queries:
            assert telling.tell_issued(ISSUE) == count
        return len(queries)

    bare_bill(cast.northgate, number="first")
    telling.tell_issued(ISSUE)
    assert statements(1, 1990) == statements(telling.AT_ONCE, 2000)
    assert telling.tell_issued(ISSUE) == 0
    assert Notice.objects.filter(type="bill_issued").count() == telling.AT_ONCE + 2
    assert not BillAccount.objects.filter(told_at=None).exists()
