"""A catalogue, and a cast whose associations are old enough to have spent."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from customers.models import Association, ManagerAssignment
from partner_center import clock
from tests.cast import Cast
from tests.goods import Goods, stock

#: November 20, 2026, noon in GMT+08:00.
NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)


@pytest.fixture
def goods(db: None) -> Goods:
    """What can be bought."""
    return stock()


@pytest.fixture
def old_cast(cast: Cast) -> Cast:
    """The cast, associated and assigned since 2024."""
    Association.objects.update(associated_at=LONG_AGO)
    ManagerAssignment.objects.update(started_at=LONG_AGO)
    return cast


@pytest.fixture
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is November 20, 2026."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
