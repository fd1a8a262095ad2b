"""The operator's manual review: the queue, its answers, who is told (04-PRE-03, PRE-08, PRE-15)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from accounts.models import AccountStanding
from audit.models import OperationRecord
from customers import tasks
from customers.choices import FailureCause, PreRegistrationStatus
from customers.models import PreRegistration
from customers.queries import preregistrations as queries
from customers.refusals import AlreadyReviewed, CannotBeApproved
from customers.services import preregistrations as services
from customers.services import reviewing
from notifications.models import Message, Notice
from outbox.models import Delivery
from partner_center import clock
from partner_center.refusals import NotFound, NotPermitted

from ..accounts.organization import signed_in
from .development import EMAIL, REVIEW, ask_review, at, details, prospect, reserve

pytestmark = pytest.mark.django_db
QUEUE = reverse("admin:customers_preregistration_changelist")


@pytest.fixture
def olga(cast):
    return cast.actor(cast.olga)


@pytest.fixture
def asked(cast) -> PreRegistration:
    """Rosa of Tidemark asks for a customer that belongs to the online sales team."""
    prospect(with_online_sales=True)
    return ask_review(cast.actor(cast.rosa), wants_invitation=True)


@pytest.fixture
def client(cast) -> Client:
    """Signed in as Olga."""
    return signed_in(cast.olga)


def _url(row: PreRegistration, name: str) -> str:
    change = reverse("admin:customers_preregistration_change", args=[row.pk])
    return f"{change.removesuffix('change/')}{name}/"


def _invited() -> bool:
    return Delivery.objects.filter(template="customer_invitation", target=EMAIL).exists()


@pytest.mark.requirement("04-PRE-15", "04-PRE-03")
def test_a_request_reserves_nothing_and_invites_nobody(cast, asked) -> None:
    assert asked.status == PreRegistrationStatus.PENDING_REVIEW
    assert asked.expires_at is None and not _invited()
    assert ask_review(cast.actor(cast.nora))  # others may ask too
    assert queries.waived_causes(asked) == frozenset()


@pytest.mark.requirement("04-PRE-15")
def test_the_home_page_counts_what_waits_and_leads_to_it(
    cast, olga, asked, client, monkeypatch
) -> None:
    other = ask_review(cast.actor(cast.nora))
    page = client.get(reverse("home")).content.decode()
    assert "2 pre-registrations wait" in page and "overdue" not in page
    assert f"{QUEUE}?status__exact=pending_review" in page
    at(monkeypatch, asked.review_due_at + timedelta(minutes=1))
    reviewing.reject(olga, other.pk, reason="Known to us")
    page = client.get(reverse("home")).content.decode()
    assert "1 pre-registration waits" in page and "1 overdue" in page


@pytest.mark.requirement("04-PRE-05", "04-PRE-13", "04-PRE-15")
def test_approval_reserves_for_15_days_from_then_and_invites(olga, asked, monkeypatch) -> None:
    later = asked.created_at + timedelta(days=1)
    at(monkeypatch, later)
    reviewing.approve(olga, asked.pk)
    asked.refresh_from_db()
    assert asked.status == PreRegistrationStatus.REGISTERED
    assert (asked.registered_at, asked.expires_at) == (later, later + timedelta(days=15))
    assert (asked.reviewed_by_id, asked.reviewed_at) == (olga.user_id, later)
    assert _invited()
    record = OperationRecord.objects.get(action="customers.preregistration.approved")
    assert record.account_id == asked.account_id and record.actor_account_id == olga.account_id


@pytest.mark.requirement("04-PRE-15")
def test_the_requesting_user_is_told_and_nobody_else(cast, olga, asked) -> None:
    reviewing.reject(olga, asked.pk, reason="Already our customer")
    notice = Notice.objects.get(type="preregistration_reviewed")
    assert notice.account_id == cast.tidemark.pk and "rejected" in notice.title
    assert "Already our customer" in notice.body
    assert [m.user_id for m in Message.objects.filter(notice=notice)] == [cast.rosa.pk]
    html = signed_in(cast.rosa).get("/sales/customer-development").content.decode()
    assert "Rejected" in html and "Already our customer" in html


@pytest.mark.requirement("04-PRE-04")
def test_a_rejected_request_frees_its_slot_and_reserves_nothing(cast, olga, asked) -> None:
    reviewing.reject(olga, asked.pk, reason="No")
    assert queries.open_count(cast.tidemark.pk, clock.now()) == 0
    assert not _invited()


def test_an_approval_waives_age_and_consumption_at_association(olga, asked) -> None:
    waived = {FailureCause.CONSUMPTION, FailureCause.REGISTERED_LONG_AGO}
    assert queries.waived_causes(reviewing.approve(olga, asked.pk)) == waived


@pytest.mark.requirement("04-PRE-05", "04-PRE-01")
def test_another_partner_was_quicker(cast, olga, asked) -> None:
    AccountStanding.objects.update(with_online_sales=False)
    reserve(cast.actor(cast.nora))
    with pytest.raises(CannotBeApproved) as refused:
        reviewing.approve(olga, asked.pk)
    assert "can only be rejected" in refused.value.sentence
    assert "preregistered by another partner" in refused.value.sentence
    asked.refresh_from_db()
    assert asked.status == PreRegistrationStatus.PENDING_REVIEW and not _invited()
    assert not Notice.objects.filter(type="preregistration_reviewed").exists()


@pytest.mark.requirement("04-PRE-02")
def test_what_no_review_overcomes_is_looked_at_again(olga, asked) -> None:
    AccountStanding.objects.update(contract="direct")
    with pytest.raises(CannotBeApproved, match="signed a contract"):
        reviewing.approve(olga, asked.pk)
    assert PreRegistration.objects.get().status == PreRegistrationStatus.PENDING_REVIEW


def test_a_decided_request_is_not_decided_again(olga, asked) -> None:
    reviewing.reject(olga, asked.pk, reason="No")
    for call in (
        lambda: reviewing.approve(olga, asked.pk),
        lambda: reviewing.reject(olga, asked.pk, reason="Again"),
    ):
        with pytest.raises(AlreadyReviewed, match="not pending any more"):
            call()
    assert PreRegistration.objects.get().answer == "No"


def test_only_reviewers_decide(cast, olga, asked) -> None:
    mara = cast.actor(cast.mara)
    with pytest.raises(NotPermitted):
        reviewing.approve(mara, asked.pk)
    with pytest.raises(NotPermitted):
        reviewing.reject(mara, asked.pk, reason="No")
    with pytest.raises(NotFound):
        reviewing.approve(olga, 0)
    assert PreRegistration.objects.get().status == PreRegistrationStatus.PENDING_REVIEW


# --- The queue --------------------------------------------------------------------------------


@pytest.mark.requirement("04-PRE-08", "07-RPRE-09")
def test_the_queue_shows_pending_ones_first_and_flags_overdue_ones(
    cast, client, asked, monkeypatch
) -> None:
    reserve(cast.actor(cast.nora), "new@reef-hotels.example", customer_name="Later Lines")
    html = client.get(QUEUE).content.decode()
    assert html.index("Reef Hotels") < html.index("Later Lines")
    assert "online sales team" in html and "overdue" not in html
    at(monkeypatch, asked.review_due_at + timedelta(seconds=1))
    late = client.get(QUEUE).content.decode()
    assert "GMT+08:00 – overdue" in late and "&lt;time" not in late


def test_the_reviewer_reads_everything_and_downloads_the_attachment(cast, client) -> None:
    prospect(country="SG")
    row = services.request_review(
        cast.actor(cast.mara),
        details=details(),
        review=services.ReviewRequest(
            **vars(REVIEW)
            | {"attachment": ContentFile(b"%PDF-1.4", "x1.pdf"), "attachment_name": "letter.pdf"}
        ),
    )
    page = client.get(reverse("admin:customers_preregistration_change", args=[row.pk]))
    html = page.content.decode()
    for words in (EMAIL, REVIEW.justification, "letter.pdf", "registered in a country other"):
        assert words in html
    answer = client.get(_url(row, "download"))
    assert b"".join(answer.streaming_content) == b"%PDF-1.4"
    assert 'filename="letter.pdf"' in answer["Content-Disposition"]
    assert signed_in(cast.mara).get(_url(row, "download")).status_code == 404
    row.attachment.delete(save=False)


@pytest.mark.requirement("04-PRE-15")
def test_the_operator_approves_and_rejects_on_pages(cast, client, asked) -> None:
    assert client.post(_url(asked, "reject"), {"reason": ""}).status_code == 422
    assert client.get(_url(asked, "approve")).status_code == 200
    assert PreRegistration.objects.get().status == PreRegistrationStatus.PENDING_REVIEW
    assert client.post(_url(asked, "approve")).status_code == 302
    assert PreRegistration.objects.get().status == PreRegistrationStatus.REGISTERED
    assert client.post(_url(asked, "reject"), {"reason": "No"}).status_code == 403
    assert PreRegistration.objects.get().answer == ""


def test_a_refused_approval_says_why_on_the_page(cast, client, asked) -> None:
    AccountStanding.objects.update(with_online_sales=False)
    reserve(cast.actor(cast.nora))
    answer = client.post(_url(asked, "approve"))
    assert answer.status_code == 422
    assert "preregistered by another partner" in answer.content.decode()


# --- The watch --------------------------------------------------------------------------------


@pytest.mark.requirement("04-PRE-08", "07-RPRE-09")
def test_the_operator_is_told_once_about_an_overdue_review(cast, asked, monkeypatch) -> None:
    at(monkeypatch, asked.review_due_at)
    tasks.watch_reviews()
    assert not Notice.objects.exists()
    at(monkeypatch, asked.review_due_at + timedelta(minutes=1))
    tasks.watch_reviews()
    tasks.watch_reviews()
    notice = Notice.objects.get()
    assert notice.account_id == cast.operator.pk and "Review overdue" in notice.title
    assert notice.link == reverse("admin:customers_preregistration_change", args=[asked.pk])
    assert Message.objects.filter(notice=notice, user=cast.olga).count() == 1


def test_a_decided_review_is_not_overdue(olga, asked) -> None:
    reviewing.reject(olga, asked.pk, reason="No")
    assert reviewing.flag_overdue(asked.review_due_at + timedelta(days=1)) == 0


@pytest.mark.requirement("04-PRE-05")
def test_the_expiry_task_runs_at_the_present_moment(cast, monkeypatch) -> None:
    row = reserve(cast.actor(cast.mara))
    tasks.expire_preregistrations()
    assert PreRegistration.objects.get().status == PreRegistrationStatus.REGISTERED
    at(monkeypatch, row.expires_at)
    tasks.expire_preregistrations()
    assert PreRegistration.objects.get().status == PreRegistrationStatus.EXPIRED
