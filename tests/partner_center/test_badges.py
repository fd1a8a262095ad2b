"""Badges and usage bars: what a state and a budget look like."""

from __future__ import annotations

from decimal import Decimal

import pytest

from accounts.choices import AccessKeyStatus, AccountStatus, UserStatus
from audit.choices import TraceStatus
from outbox.choices import DeliveryState
from partner_center import badges
from partner_center.templatetags import portal as tags
from partner_center.usage import usage_bar
from tests.house.look_files import icon_names

TONES = {"quiet", "teal", "amber", "red", "green", "ice", "indigo", "grey", "dashed"}


@pytest.mark.parametrize("family", badges.TABLE)
def test_every_state_has_a_known_tone_and_an_icon_of_the_sprite(family: str) -> None:
    for word in badges.TABLE[family]:
        badge = badges.find(family, word)
        assert badge.tone in TONES
        assert badge.icon in icon_names(), f"{family} {word}: no icon {badge.icon}"


def test_an_unknown_state_is_grey_with_its_word() -> None:
    assert badges.find("bill", "Something new").tone == "grey"
    assert badges.find("no such family", "Paid").word == "Paid"


def test_pending_confirmation_is_amber_for_me_and_teal_when_they_must() -> None:
    assert badges.find("authorization", "Pending confirmation").tone == "amber"
    assert badges.find("request", "Pending confirmation", theirs=True).tone == "teal"


#: Family → the enum whose labels it must hold.
ENUMS = {
    "account": AccountStatus,
    "access_key": AccessKeyStatus,
    "delivery": DeliveryState,
    "member": UserStatus,
    "trace": TraceStatus,
}


@pytest.mark.parametrize("family", ENUMS)
def test_every_state_of_an_enum_stands_in_the_table(family: str) -> None:
    missing = [s.label for s in ENUMS[family] if s.label not in badges.TABLE[family]]
    assert not missing


def test_a_badge_is_icon_and_word_and_hides_the_icon_from_screen_readers() -> None:
    html = tags.badge("bill", "<Overdue>")
    assert "&lt;Overdue&gt;" in html
    assert 'aria-hidden="true"' in html


@pytest.mark.parametrize(
    ("used", "tone"),
    [("74.9", "accent"), ("75", "amber"), ("90", "high"), ("99.99", "high"), ("100", "red")],
)
def test_the_bar_changes_its_tone_at_75_90_and_100(used: str, tone: str) -> None:
    assert usage_bar(Decimal(used), Decimal(100)).tone == tone


def test_the_full_budget_stands_at_80_percent_of_the_width_and_the_bar_ends_at_125() -> None:
    assert usage_bar(Decimal(100), Decimal(100)).fill == "80.0%"
    assert usage_bar(Decimal(900), Decimal(100)).fill == "100.0%"


def test_the_forecast_stays_on_the_track_and_is_said_in_words() -> None:
    bar = usage_bar(Decimal(50), Decimal(100), forecast=Decimal(300))
    assert bar.forecast_x == "99.2%"
    assert bar.sentence == "50% of the budget used, forecast 300%. Forecast at month end: 300%."


def test_without_a_budget_there_is_no_bar() -> None:
    html = tags.usage_bar(usage_bar(Decimal(5), None))
    assert "-- no budget" in html
    assert "<svg" not in html
