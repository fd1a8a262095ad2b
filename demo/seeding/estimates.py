"""What the months that are not billed yet come to so far; from then on the daily job refreshes it."""

from __future__ import annotations

from billing.services import estimating
from partner_center import clock
from partner_center.actors import Actor


def seed(_operator: Actor) -> None:
    """Estimate the open months once, so that the pages have figures at once."""
    estimating.refresh_due(clock.now())
