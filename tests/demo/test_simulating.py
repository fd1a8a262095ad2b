"""The usage simulator: pure rules, and the same hours twice are duplicates."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.queries.access_keys import secret_of
from accounts.services import access_keys
from demo.management.commands import simulate_usage
from demo.refusals import FeedRefused
from demo.simulating import fleet, rules, sending
from demo.simulating.feed import Feed
from demo.simulating.rules import Meter, Shape
from metering.models import Charge
from resources.models import CloudResource
from tests.cast import Cast
from tests.goods import Goods, stock

HOST = Meter("c", "host", "ap-southeast-3", "vm-1", "web", 3600)
LOAD = Meter("c", "traffic", "ap-southeast-3", "bw-1", "up", 10**9, Shape.LOAD, growth=10)
#: Friday, November 20, 2026, 00:00 GMT+08:00.
FRIDAY = datetime(2026, 11, 19, 16, tzinfo=UTC)
DAY = timedelta(days=1)


def _sum(meter: Meter, begins: datetime, hours: int = 24, seed: int = 1) -> int:
    ends = begins + timedelta(hours=hours)
    return sum(each.usage for each in rules.readings(meter, begins, ends, seed))


def test_hours_are_whole_and_bounded() -> None:
    found = list(rules.readings(HOST, FRIDAY + timedelta(minutes=30), FRIDAY + DAY, 1))
    assert len(found) == 23 and found[0].started_at == FRIDAY + timedelta(hours=1)
    assert {each.usage for each in found} == {3600}
    assert len({each.record_id for each in found}) == 23


def test_the_same_hour_is_the_same_record_whatever_is_asked_for() -> None:
    day = {r.record_id: r.usage for r in rules.readings(LOAD, FRIDAY, FRIDAY + DAY, 7)}
    late = FRIDAY + timedelta(hours=20)
    for each in rules.readings(LOAD, late, FRIDAY + 2 * DAY, 7):
        assert day.get(each.record_id, each.usage) == each.usage
    assert day != {r.record_id: r.usage for r in rules.readings(LOAD, FRIDAY, FRIDAY + DAY, 8)}


def test_load_follows_day_week_and_growth() -> None:
    night, noon = _sum(LOAD, FRIDAY + timedelta(hours=3), 1), _sum(LOAD, FRIDAY + DAY / 2, 1)
    assert noon > 3 * night
    assert _sum(LOAD, FRIDAY) > 1.3 * _sum(LOAD, FRIDAY + DAY)  # Saturday
    assert _sum(LOAD, FRIDAY) > 1.2 * _sum(LOAD, FRIDAY - 91 * DAY)


def test_a_runaway_runs_in_the_second_half_of_the_month() -> None:
    runaway = Meter("c", "gpu", "r", "gpu", "gpu", 3600, Shape.NIGHTLY, runaway=True)
    days = [_sum(runaway, FRIDAY + number * DAY) for number in (-15, -4, 0, 5, 12)]
    assert days == [14400, 28800, 57600, 230400, 14400]


def test_a_daily_meter_reads_whole_days_from_when_it_was_there() -> None:
    daily = Meter("c", "host", "r", "vm", "vm", 3600, hours=24, since=FRIDAY + timedelta(hours=1))
    found = list(rules.readings(daily, FRIDAY, FRIDAY + 3 * DAY, 1))
    assert [(each.started_at, each.usage) for each in found] == [
        (FRIDAY + DAY, 86400),
        (FRIDAY + 2 * DAY, 86400),
    ]


@pytest.fixture
def small_world(cast: Cast, settings: object, monkeypatch: pytest.MonkeyPatch) -> Goods:
    """Harborline runs one host of the small catalogue and bought another."""
    settings.DEMO_MODE = True  # type: ignore[attr-defined]
    goods = stock()
    monkeypatch.setattr(
        fleet, "FLEET", (("harborline", "ap-southeast-3", (fleet.Use("web", "host-usage", 3600),)),)
    )
    monkeypatch.setattr(simulate_usage.services, "main_actor", lambda name: cast.actor(cast.olga))
    for name, status in (("bought", "running"), ("resting", "stopped")):
        CloudResource.objects.create(
            account=cast.harborline,
            resource_id=name,
            product=goods.host_by_use,
            region=goods.region,
            mode="usage",
            status=status,
            created_at=FRIDAY,
            effective_at=FRIDAY + timedelta(hours=2),
            updated_at=FRIDAY,
        )
    return goods


@pytest.mark.django_db(transaction=True)
def test_a_second_run_finds_duplicates_only(small_world: Goods) -> None:
    figures, said = [], []
    for hours in (4, 4, 6):
        out, err = StringIO(), StringIO()
        until = "2026-11-20T04:30:00"
        call_command("simulate_usage", hours=hours, until=until, stdout=out, stderr=err)
        figures.append(json.loads(out.getvalue()))
        said.append(err.getvalue())
    assert figures[0] == {"accepted": 5, "duplicate": 0, "rejected": 0}
    assert figures[1] == {"accepted": 0, "duplicate": 5, "rejected": 0}
    assert figures[2]["duplicate"] == 5 and figures[2]["accepted"] > 0
    assert not Charge.objects.filter(resource_id="resting").exists()
    assert "Nothing is new: every full hour from 2026-11-20 00:30 GMT+08:00" in said[1]
    assert said[0] == said[2] == ""
    # Without hours it goes on where it stood; at the same time again there is nothing.
    for until, accepted in (("2026-11-20T06:10:00", 4), ("2026-11-20T06:10:00", 0)):
        out = StringIO()
        call_command("simulate_usage", until=until, stdout=out, stderr=StringIO())
        assert json.loads(out.getvalue()) == {"accepted": accepted, "duplicate": 0, "rejected": 0}


@pytest.mark.django_db(transaction=True)
def test_the_same_goes_through_the_public_feed(
    small_world: Goods, cast: Cast, live_server: Any
) -> None:
    actor = cast.actor(cast.olga)
    key = access_keys.create_key(actor, user_id=cast.olga.pk, description="meters")
    feed = Feed(live_server.url, key.ak, secret_of(key))
    for accepted, duplicates in ((6, 0), (6, 0), (1, 6)):
        hours = 4 if duplicates == 0 else 5
        ends = FRIDAY + timedelta(hours=4)
        found = sending.all_readings(fleet.meters(), ends - timedelta(hours=hours), ends, 1)
        sent = sending.send(actor, found, feed=feed)
        # The same batch again is answered as the first time, and nothing is done.
        assert (sent.accepted, sent.duplicates) == (accepted, duplicates)
    assert Charge.objects.count() == 7
    with pytest.raises(FeedRefused):
        Feed(live_server.url, key.ak, "wrong").send("x", b"record_id")


@pytest.mark.django_db
def test_it_refuses_what_it_cannot_do(settings: object) -> None:
    for options in ({"hours": 0}, {"hours": 1, "until": "noon"}, {"hours": 1, "rate": -1}):
        settings.DEMO_MODE = True  # type: ignore[attr-defined]
        with pytest.raises(CommandError):
            call_command("simulate_usage", **options)
    settings.DEMO_MODE = False  # type: ignore[attr-defined]
    with pytest.raises(CommandError):
        call_command("simulate_usage", hours=1)
