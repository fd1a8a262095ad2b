"""A customer that may buy, and what there is to buy."""

from __future__ import annotations

import pytest

from .. import goods
from ..cast import Cast
from .steps import Shop


@pytest.fixture
def shop(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Shop:
    goods.grant_budget(cast.harborline)
    return Shop(cast, goods.stock(), monkeypatch)
