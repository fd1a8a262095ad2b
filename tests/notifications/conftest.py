"""An event that Tidemark is told of, as a higher floor would tell it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from notifications.models import Notice
from notifications.services import notify
from partner_center import clock
from tests.cast import Cast

Tell = Callable[..., Notice]


@pytest.fixture
def tell(cast: Cast) -> Tell:
    """Tell Tidemark that Harborline has used 90% of its budget; options replace arguments."""

    def tell(**options: Any) -> Notice:
        arguments = {
            "account_id": cast.tidemark.pk,
            "type": "partner_budget",
            "key": "budget:1:2026-11:90",
            "template": "partner_budget_threshold",
            "context": {
                "customer": "harborline",
                "percent": 90,
                "budget_type": "monthly budget",
                "used": "90.00",
                "amount": "100.00",
                "currency": "USD",
                "threshold": 90,
                "effect": "Prepaid purchases are blocked when it is used up.",
            },
            "facts": [("Partner", "Tidemark Cloud"), ("Time", clock.now())],
            "link": "/customers/1/budget",
            "link_label": "Set Budget",
        }
        return notify(cast.actor(cast.mara), **(arguments | options))

    return tell
