"""Whose usage has fallen: the rule, its repetition, and who is told (04 §8.3.5)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import OperationRecord
from budgets.choices import HoldOwner
from churn import rules
from churn.models import CustomerAlert, Evaluation
from churn.services import evaluating, handling, telling
from customers.choices import BatchKind
from customers.models import Association
from customers.services import assignment_batches, assignments
from notifications.models import Message, Notice
from partner_center import clock
from tests.customers.management import freeze
from tests.customers.portfolio import customers_of
from tests.goods import stock

from .alerts import DAY, KEPT, LOST, evaluate, use

LOW = dict.fromkeys((1, 2, 3, 4), "8.99")
USUAL = dict.fromkeys((5, 6, 7), "10.00")


def test_a_day_is_evaluated_when_its_usage_is_complete() -> None:
    assert rules.due_day(datetime(2026, 11, 19, 23, 59, tzinfo=UTC)) is None
    assert rules.due_day(datetime(2026, 11, 20, 0, 0, tzinfo=UTC)) == date(2026, 11, 20)
    window = rules.Window.before(DAY)
    assert (window.first, window.recent, window.last) == (
        date(2026, 10, 16),
        date(2026, 11, 13),
        date(2026, 11, 19),
    )


def test_the_drop_is_told_in_whole_percent_rounded_down() -> None:
    assert rules.Drop("ECS", 4, Decimal("3.00"), Decimal("2.00")).percent == 33
    assert rules.Drop("ECS", 7, Decimal("3.00"), Decimal(0)).percent == 100


#: What the customer used in the last 7 days, after 28 days at 10.00, and whether that is an alert.
PATTERNS = (
    ("four low days", LOW | USUAL, {}, True),
    ("three low days", LOW | USUAL | {4: "10.00"}, {}, False),
    ("exactly ten percent less", dict.fromkeys(LOW, "9.00") | USUAL, {}, False),
    ("nothing at all any more", {}, {}, True),
    ("more on other days", LOW | dict.fromkeys(USUAL, "90.00"), {}, False),
    ("orders", LOW | USUAL, {"mode": "period"}, False),
    ("adjustments", LOW | USUAL, {"bill_type": "adjustment"}, False),
)


@pytest.mark.requirement("04-ALV-02", "07-RALV-01", "06-DAL-06")
def test_usage_that_falls_is_an_alert(cast) -> None:
    goods = stock()
    customers = customers_of(cast.tidemark, len(PATTERNS) + 2)
    for association, (_name, recent, columns, _raises) in zip(customers, PATTERNS, strict=False):
        use(association, goods.host_by_use, "10.00", recent, **columns)
    small, frozen = customers[-2:]
    use(small, goods.host_by_use, "0.99")
    use(frozen, goods.host_by_use, "10.00")
    freeze(frozen, HoldOwner.BUDGET)
    expected = {row.pk for row, pattern in zip(customers, PATTERNS, strict=False) if pattern[-1]}
    assert evaluate() == len(expected)
    found = CustomerAlert.objects.all()
    assert {each.association_id for each in found} == expected
    assert {(each.account_id, each.type, each.status, each.day) for each in found} == {
        (cast.tidemark.pk, "loss", "unhandled", DAY)
    }
    records = OperationRecord.objects.filter(action="churn.alert.raised")
    assert set(records.values_list("account_id", flat=True)) == {cast.tidemark.pk}
    assert records.count() == len(expected)


@pytest.mark.requirement("04-ALH-03", "07-RALH-03")
def test_an_alert_explains_itself_by_the_largest_decreases(cast) -> None:
    goods = stock()
    (shop,) = customers_of(cast.tidemark, 1)
    use(shop, goods.host_by_use, "10.00", LOW | USUAL)
    use(shop, goods.traffic, "40.00", {1: "40.00"})
    evaluate()
    alert = CustomerAlert.objects.get()
    assert alert.details["drops"] == [
        {
            "product": goods.traffic.service_type.name,
            "days": 6,
            "usual": "40.00",
            "recent": "5.71",
            "percent": 85,
        },
        {
            "product": "Elastic Cloud Server",
            "days": 4,
            "usual": "10.00",
            "recent": "9.42",
            "percent": 5,
        },
    ]
    assert alert.title == f"Usage of {goods.traffic.service_type.name} fell on 6 of the last 7 days"


@pytest.mark.requirement("04-ALV-02")
def test_one_alert_is_open_at_a_time_and_answers_are_respected(cast, monkeypatch) -> None:
    goods, mara = stock(), cast.actor(cast.mara)
    kept, gone = customers_of(cast.tidemark, 2)
    for association in (kept, gone):
        use(association, goods.host_by_use, "100.00")
    assert evaluate() == 2
    assert (evaluate(), evaluate(DAY + timedelta(days=1))) == (0, 0)
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 20, 4, tzinfo=UTC))
    for association, answer in ((kept, KEPT), (gone, LOST)):
        waiting = CustomerAlert.objects.get(association=association)
        handling.process(mara, waiting.pk, answer=answer)
    raised = {ahead: evaluate(DAY + timedelta(days=ahead)) for ahead in range(2, 12)}
    assert {ahead for ahead, number in raised.items() if number} == {8}
    assert CustomerAlert.objects.latest("pk").association_id == kept.pk


@pytest.mark.requirement("04-ALV-02")
def test_a_killed_evaluation_goes_on_where_it_stood(cast, monkeypatch) -> None:
    goods = stock()
    for association in customers_of(cast.tidemark, 5):
        use(association, goods.host_by_use, "10.00")
    monkeypatch.setattr(evaluating, "AT_ONCE", 2)
    Evaluation.objects.create(day=DAY, started_at=clock.now())
    while CustomerAlert.objects.count() < 2:
        evaluating._evaluate_next(DAY, clock.now())
    through = Evaluation.objects.get().through
    assert CustomerAlert.objects.filter(association__gt=through).count() == 0
    evaluate()
    run = Evaluation.objects.get()
    assert (CustomerAlert.objects.count(), run.raised) == (5, 5) and run.finished_at
    last = Association.objects.order_by("-pk").first()
    assert run.through == last.pk


def test_who_handles_is_told_once_a_day(cast) -> None:
    goods = stock()
    harborline, delta = (
        Association.objects.get(customer=each) for each in (cast.harborline, cast.delta)
    )
    use(harborline, goods.host_by_use, "10.00")
    use(delta, goods.host_by_use, "10.00")
    assert telling.tell(DAY, clock.now()) == 0
    evaluate()
    assert telling.tell(DAY, clock.now()) == 2
    Evaluation.objects.update(told_at=None)
    telling.tell(DAY, clock.now())
    notices = Notice.objects.filter(type="customer_alerts")
    assert {n.title for n in notices} == {"1 new customer alert waits for you"}
    readers = Message.objects.filter(notice__in=notices).values_list("user__username", flat=True)
    assert sorted(readers) == sorted([cast.jun.username, cast.mara.username])


def test_a_killed_telling_goes_on_and_tells_nobody_twice(cast, monkeypatch) -> None:
    handlers = [(cast.tidemark.pk, None, 3), (cast.tidemark.pk, cast.jun.pk, 2)]
    monkeypatch.setattr(telling, "AT_ONCE", 1)
    monkeypatch.setattr(telling.queries, "handlers_of", lambda day: handlers)
    Evaluation.objects.create(day=DAY, started_at=clock.now(), finished_at=clock.now())
    tell_some = telling._tell_some

    def killed(portion, day):
        if portion[0] == handlers[1]:
            raise SystemExit
        tell_some(portion, day)

    monkeypatch.setattr(telling, "_tell_some", killed)
    with pytest.raises(SystemExit):
        telling.tell(DAY, clock.now())
    notices = Notice.objects.filter(type="customer_alerts")
    assert notices.count() == 1 and Evaluation.objects.get().told_at is None
    monkeypatch.setattr(telling, "_tell_some", tell_some)
    assert telling.tell(DAY, clock.now()) == 2
    assert notices.count() == 2 and Evaluation.objects.get().told_at
    assert telling.tell(DAY, clock.now()) == 0


def test_any_number_of_handlers_is_told_by_the_same_statements(cast) -> None:
    def statements(handlers, day) -> int:
        with CaptureQueriesContext(connection) as captured:
            telling._tell_some(handlers, day)
        return len(captured)

    one = statements([(cast.tidemark.pk, cast.jun.pk, 1)], DAY)
    many = [(cast.tidemark.pk, user.pk, 1) for user in (cast.jun, cast.rosa, cast.mara)]
    assert statements(many, DAY + timedelta(days=1)) == one


@pytest.mark.requirement("04-ALH-01")
def test_a_new_account_manager_is_told_of_the_open_alerts_once(cast) -> None:
    goods, mara = stock(), cast.actor(cast.mara)
    harborline, delta = (
        Association.objects.get(customer=each) for each in (cast.harborline, cast.delta)
    )
    [quiet] = customers_of(cast.tidemark, 1)
    use(harborline, goods.host_by_use, "10.00")
    use(delta, goods.host_by_use, "10.00")
    evaluate()
    assignments.assign_unassigned(mara, [delta.pk], manager_id=cast.jun.pk)
    assignments.assign(mara, quiet.pk, manager_id=cast.jun.pk)
    batch = assignments.start_batch(
        mara, BatchKind.TRANSFER, None, manager_id=cast.rosa.pk, source_id=cast.jun.pk
    )
    assignment_batches.run(batch.pk, chunk=1)
    assignment_batches.run(batch.pk)
    told = Message.objects.filter(notice__type="customer_alerts").order_by("pk")
    assert list(told.values_list("user__username", "notice__title")) == [
        (cast.jun.username, "1 open customer alert came to you with an assigned customer"),
        (cast.rosa.username, "2 open customer alerts came to you with assigned customers"),
    ]
