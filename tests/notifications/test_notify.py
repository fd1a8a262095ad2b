"""An event reaches everybody concerned, once, by the chosen ways, in their own time."""

from __future__ import annotations

import threading
from collections.abc import Collection
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

import outbox.sending
from accounts.choices import UserStatus
from accounts.models import Account, User
from accounts.services import creation
from notifications import policies, queries, rules
from notifications.choices import ReachState, Way
from notifications.models import Message, Notice, NoticeDelivery
from notifications.policies import Channels
from notifications.services import Telling, notify, notify_each, reading
from notifications.services import settings as services
from outbox.models import Delivery
from partner_center import clock
from partner_center.actors import Actor
from partner_center.refusals import NotFound
from tests.cast import Cast

from .conftest import Tell

FRIDAY_EVENING = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)  # 20:00 in Shanghai, 13:00 in Berlin


def add_recipient(cast: Cast, name: str = "Lena") -> int:
    mara = cast.actor(cast.mara)
    recipient = services.create_recipient(
        mara, name=name, email=f"{name.lower()}@tidemark.example", phone="+639175552299"
    )
    chosen = [*queries.recipients_of(mara, "partner_budget"), recipient.pk]
    services.set_recipients(mara, code="partner_budget", recipient_ids=chosen)
    return recipient.pk


def sent_to(notice: Notice) -> list[tuple[str, str]]:
    return list(
        NoticeDelivery.objects.filter(notice=notice).order_by("id").values_list("channel", "target")
    )


def test_everybody_in_the_account_gets_it_and_nobody_else(cast: Cast, tell: Tell) -> None:
    User.objects.filter(pk=cast.jun.pk).update(status=UserStatus.LOCKED)
    notice = tell()
    readers = set(Message.objects.filter(notice=notice).values_list("user_id", flat=True))
    assert readers == {cast.mara.pk, cast.felix.pk, cast.rosa.pk, cast.ivy.pk}


def test_type_with_a_permission_reaches_its_holders_only(cast: Cast, tell: Tell) -> None:
    notice = tell(type="settings_changed")
    readers = set(Message.objects.filter(notice=notice).values_list("user_id", flat=True))
    assert readers == {cast.mara.pk, cast.felix.pk}


def test_caller_may_narrow_it_to_the_managers_of_a_customer(cast: Cast, tell: Tell) -> None:
    notice = tell(only_users={cast.mara.pk, cast.jun.pk, cast.nora.pk})
    readers = set(Message.objects.filter(notice=notice).values_list("user_id", flat=True))
    assert readers == {cast.mara.pk, cast.jun.pk}


def test_same_event_is_told_once(cast: Cast, tell: Tell) -> None:
    first = tell()
    messages, deliveries = Message.objects.count(), Delivery.objects.count()
    assert tell(context={}) == first
    assert (Message.objects.count(), Delivery.objects.count()) == (messages, deliveries)
    assert tell(account_id=cast.northgate.pk) != first


def test_many_are_told_in_as_many_statements_as_one(cast: Cast, tell: Tell) -> None:
    known = tell(key="0")
    accounts = [cast.tidemark, cast.northgate, cast.harborline]
    actor = cast.actor(cast.mara)

    def statements(keys: range) -> int:
        tellings = [
            Telling(account.pk, "partner_budget", str(key), "recipients_changed", {"type": key})
            for key in keys
            for account in accounts
        ]
        with CaptureQueriesContext(connection) as queries:
            assert notify_each(actor, [*tellings, *tellings[:2]]) == len(tellings)
        return len(queries)

    assert statements(range(1, 2)) == statements(range(2, 40))
    again = [Telling(cast.tidemark.pk, "partner_budget", key, "none", {}) for key in ("0", "7")]
    assert notify_each(actor, again) == 0
    told = Notice.objects.filter(account=cast.tidemark).order_by("pk")
    assert list(told.values_list("key", flat=True)) == [str(key) for key in range(40)]
    assert sent_to(told[7]) == sent_to(known) == [("email", cast.mara.email)]
    readers = Message.objects.filter(notice__account=cast.northgate, notice__key="39")
    assert list(readers.values_list("user_id", flat=True)) == [cast.nora.pk]


@pytest.mark.requirement("04-RCP-04")
def test_without_recipient_the_administrator_gets_the_email(cast: Cast, tell: Tell) -> None:
    assert sent_to(tell()) == [("email", cast.mara.email)]


@pytest.mark.requirement("04-RCP-03")
def test_all_recipients_get_the_warning_and_sms_if_switched_on(cast: Cast, tell: Tell) -> None:
    add_recipient(cast, "Lena")
    add_recipient(cast, "Paolo")
    assert sent_to(tell(key="75")) == [
        ("email", "lena@tidemark.example"),
        ("email", "paolo@tidemark.example"),
    ]
    services.set_channels(
        cast.actor(cast.mara), chosen={"partner_budget": Channels(email=False, sms=True)}
    )
    assert sent_to(tell(key="90")) == [("sms", "+639175552299")]


@pytest.mark.requirement("04-RCP-03")
def test_two_recipients_with_one_phone_get_one_sms(cast: Cast, tell: Tell) -> None:
    add_recipient(cast, "Lena")
    add_recipient(cast, "Paolo")
    services.set_channels(
        cast.actor(cast.mara), chosen={"partner_budget": Channels(email=True, sms=True)}
    )
    assert [channel for channel, _target in sent_to(tell())].count("sms") == 1


@pytest.mark.requirement("04-RCP-05")
def test_message_says_what_happened_and_leads_to_set_budget(cast: Cast, tell: Tell) -> None:
    notice = tell()
    [email] = Delivery.objects.filter(template="notification")
    assert email.subject == "harborline has used 90% of its monthly budget"
    for words in (
        "90.00 of 100.00 USD",
        "threshold of 90%",
        "Prepaid purchases are blocked",
        "Partner: Tidemark Cloud",
        "Time: ",
        "Set Budget: http://127.0.0.1:8000/customers/1/budget",
    ):
        assert words in email.body
    assert (notice.title, notice.link_label) == (email.subject, "Set Budget")


@pytest.mark.requirement("01-BAS-09")
def test_ordinary_message_waits_for_working_hours_of_the_recipients_zone(
    cast: Cast, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: FRIDAY_EVENING)
    tell(key="shanghai")
    Account.objects.filter(pk=cast.tidemark.pk).update(time_zone="Europe/Berlin")
    berlin = tell(key="berlin")
    due = list(Delivery.objects.filter(template="notification").order_by("id"))
    assert due[0].due_at == datetime(2026, 11, 23, 1, 0, tzinfo=UTC), "Monday 09:00 in Shanghai"
    assert due[1].due_at == FRIDAY_EVENING, "at once: it is 13:00 in Berlin"
    assert ["Time", "Nov 20, 2026 13:00:00 GMT+01:00"] in berlin.facts
    assert outbox.sending.send_due() == 1


@pytest.mark.requirement("01-BAS-09")
@pytest.mark.parametrize(
    ("moment", "zone", "expected"),
    [
        ("2026-11-20 10:30", "Asia/Manila", "2026-11-20 10:30"),
        ("2026-11-20 08:59", "Asia/Manila", "2026-11-20 09:00"),
        ("2026-11-20 09:00", "Asia/Manila", "2026-11-20 09:00"),
        ("2026-11-20 18:00", "Asia/Manila", "2026-11-23 09:00"),
        ("2026-11-21 12:00", "Asia/Manila", "2026-11-23 09:00"),
        ("2026-11-23 00:10", "Asia/Manila", "2026-11-23 09:00"),
        # Summer time ends in the night to Sunday: Monday 09:00 is an hour further away.
        ("2026-10-23 18:30", "Europe/Berlin", "2026-10-26 09:00"),
    ],
)
def test_working_hours(moment: str, zone: str, expected: str) -> None:
    place = ZoneInfo(zone)
    asked = datetime.fromisoformat(moment).replace(tzinfo=place)
    answer = rules.next_working_moment(asked.astimezone(UTC), place)
    assert answer == datetime.fromisoformat(expected).replace(tzinfo=place)


def test_urgent_message_leaves_at_once(
    cast: Cast, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: FRIDAY_EVENING)
    kind = queries.catalogue.get("partner_budget")
    monkeypatch.setitem(
        queries.catalogue._types, "partner_budget", type(kind)(**(vars(kind) | {"urgent": True}))
    )
    tell()
    assert Delivery.objects.get(template="notification").due_at == FRIDAY_EVENING


@pytest.mark.requirement("01-BAS-11")
def test_partner_decides_what_is_sent_to_its_customers(
    cast: Cast, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[policies.Line] = []

    def policy(lines: Collection[policies.Line]) -> dict[policies.Line, Channels]:
        asked.extend(lines)
        return dict.fromkeys(lines, Channels(email=False, sms=True))

    monkeypatch.setattr(policies, "_policies", [policy])
    notice = tell(account_id=cast.harborline.pk, type="customer.account_restriction")
    assert sent_to(notice) == []
    assert asked == [(cast.harborline.pk, "account_restriction")]
    assert Message.objects.filter(notice=notice, user=cast.hana).exists()


def test_each_recipient_shows_its_state(cast: Cast, tell: Tell) -> None:
    add_recipient(cast, "Lena")
    notice = tell()
    mara = cast.actor(cast.mara)
    states = {(r.name, r.way): r.state for r in queries.reach_of(mara, notice)}
    assert states["Lena", Way.EMAIL] == ReachState.QUEUED
    assert states["Mara" if cast.mara.name else "tidemark-cloud", Way.PORTAL] == ReachState.SENT
    Delivery.objects.update(due_at=clock.now())
    outbox.sending.send_due()
    reading.mark_read(mara, message_id=Message.objects.get(notice=notice, user=cast.mara).pk)
    states = {(r.name, r.way): r.state for r in queries.reach_of(mara, notice)}
    assert states["Lena", Way.EMAIL] == ReachState.SENT
    assert states["tidemark-cloud", Way.PORTAL] == ReachState.READ
    with pytest.raises(NotFound):
        queries.reach_of(cast.actor(cast.nora), notice)


@pytest.mark.django_db(transaction=True)
def test_two_processes_at_once_tell_it_once() -> None:
    account = creation.create_account(
        name="both",
        email="b@both.example",
        country="PH",
        password="Harbour2026",
        moment=clock.now(),
    )
    actor = Actor.system("test", account.pk)
    together = threading.Barrier(2)

    def tell_it() -> None:
        together.wait(10)
        with transaction.atomic():
            notify(
                actor,
                account_id=account.pk,
                type="partner_budget",
                key="same",
                template="recipients_changed",
                context={"type": "x"},
            )
        connections.close_all()

    threads = [threading.Thread(target=tell_it) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (Notice.objects.count(), Message.objects.count(), Delivery.objects.count()) == (1, 1, 1)
