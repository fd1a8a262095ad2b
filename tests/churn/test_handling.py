"""Process Task: by whom, once, and what is asked (04-ALH-01, ALH-04)."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.urls import reverse

from audit.models import OperationRecord
from churn.models import CustomerAlert
from churn.services import handling
from churn.services.handling import Answer
from customers.models import Association, ManagerAssignment
from partner_center import clock
from partner_center.refusals import NotFound, NotPermitted, Refusal
from tests import cast as players
from tests.customers.management import client_of, customer

from .alerts import KEPT, LOST, alert


@pytest.fixture
def harborlines(cast) -> CustomerAlert:
    """Of Harborline, which Jun looks after."""
    return alert(Association.objects.get(customer=cast.harborline))


@pytest.fixture
def deltas(cast) -> CustomerAlert:
    """Of Delta, which nobody looks after."""
    return alert(Association.objects.get(customer=cast.delta))


def _process(cast, user, found, answer=KEPT) -> CustomerAlert:
    return handling.process(cast.actor(user), found.pk, answer=answer)


@pytest.mark.requirement("04-ALH-01", "06-DAL-02", "07-RALH-01")
def test_one_person_handles_an_alert(cast, harborlines, deltas) -> None:
    for user, found, words in (
        (cast.mara, harborlines, "It is handled by J Lim."),
        (cast.rosa, harborlines, "It is handled by J Lim."),
        (cast.rosa, deltas, "It is handled by Tidemark Cloud."),
    ):
        with pytest.raises(Refusal) as refused:
            _process(cast, user, found)
        assert refused.value.status == 403 and words in refused.value.sentence
    for user, found, refusal in (
        (cast.jun, deltas, NotFound),
        (cast.nora, harborlines, NotFound),
        (cast.felix, harborlines, NotPermitted),
        (cast.ivy, harborlines, NotPermitted),
    ):
        with pytest.raises(refusal):
            _process(cast, user, found)
    assert not CustomerAlert.objects.filter(status="handled").exists()
    _process(cast, cast.jun, harborlines)
    _process(cast, cast.mara, deltas)
    assert not CustomerAlert.objects.filter(status="unhandled").exists()


@pytest.mark.requirement("04-ALH-01")
def test_the_handler_is_the_one_of_the_moment(cast, harborlines) -> None:
    ManagerAssignment.objects.update(ended_at=clock.now())
    with pytest.raises(NotFound):
        _process(cast, cast.jun, harborlines)
    _process(cast, cast.mara, harborlines)


@pytest.mark.requirement("06-DAL-04", "06-DAL-02")
def test_a_distributor_only_views_alerts_of_resellers_customers(cast) -> None:
    reef = customer(cast.lagoon, "reef-dive")
    found = alert(reef)
    with pytest.raises(Refusal) as refused:
        _process(cast, cast.dina, found)
    assert refused.value.code == "churn.not_yours"
    handled = _process(cast, cast.leo, found, LOST)
    assert handled.handled_by_name == cast.leo.username


@pytest.mark.requirement("04-ALH-04", "07-RALH-04", "06-DAL-03")
def test_the_answer_is_kept_and_final(cast, deltas) -> None:
    _process(cast, cast.mara, deltas, Answer(lost=True, answer="other", text="  Sold  "))
    deltas.refresh_from_db()
    assert (deltas.status, deltas.lost, deltas.answer, deltas.text, deltas.handled_by) == (
        "handled",
        True,
        "other",
        "Sold",
        cast.mara,
    )
    record = OperationRecord.objects.get(action="churn.alert.handled")
    assert (record.before, record.after["text"]) == ({"status": "unhandled"}, "Sold")
    with pytest.raises(Refusal) as refused:
        _process(cast, cast.mara, deltas, LOST)
    assert refused.value.status == 409
    assert f"already handled by {cast.mara.username} at " in refused.value.sentence
    for change in (
        lambda: CustomerAlert.objects.update(text="Changed"),
        lambda: CustomerAlert.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


@pytest.mark.requirement("04-ALH-04")
@pytest.mark.parametrize(
    ("posted", "wrong"),
    [
        ({}, {"lost"}),
        ({"lost": "yes"}, {"reason"}),
        ({"lost": "no", "reason": "commerce"}, {"feedback"}),
        ({"lost": "yes", "reason": "fluctuation"}, {"reason"}),
        ({"lost": "yes", "reason": "other"}, {"text"}),
        ({"lost": "no", "feedback": "other", "text": " "}, {"text"}),
        ({"lost": "no", "feedback": "other", "text": "x" * 257}, {"text"}),
    ],
)
def test_what_is_missing_is_said_beside_its_field(cast, deltas, posted, wrong) -> None:
    answer = client_of(cast.mara).post(reverse("customer_alerts:process", args=[deltas.pk]), posted)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == wrong
    assert CustomerAlert.objects.get().status == "unhandled"


@pytest.mark.requirement("04-ALH-04", "06-DAL-03")
def test_the_dialog_handles_the_alert(cast, deltas, harborlines) -> None:
    client = client_of(cast.mara)
    address = reverse("customer_alerts:process", args=[deltas.pk])
    assert "Feedback for Customer Not Lost" in client.get(address).content.decode()
    posted = {"lost": "no", "feedback": "adjustment", "reason": "other", "text": "left over"}
    assert client.post(address, posted).status_code == 302
    deltas.refresh_from_db()
    assert (deltas.answer, deltas.text) == ("adjustment", "")
    for method in (client.get, client.post):
        stale = method(address, posted)
        assert stale.status_code == 409 and "already handled by" in stale.content.decode()
    other = client.get(reverse("customer_alerts:process", args=[harborlines.pk]))
    assert other.status_code == 403 and "not your alert" in other.content.decode()


@pytest.mark.requirement("04-ALH-04")
@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_handles_it() -> None:
    cast = players.assemble()
    found = alert(Association.objects.get(customer=cast.delta))
    actor, outcomes = cast.actor(cast.mara), []

    def run() -> None:
        try:
            handling.process(actor, found.pk, answer=KEPT)
            outcomes.append("handled")
        except Refusal as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["churn.already_handled", "handled"]
    assert OperationRecord.objects.filter(action="churn.alert.handled").count() == 1
