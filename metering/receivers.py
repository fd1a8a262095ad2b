"""What metering adds to floors below: bills that a partner has taken from its customers."""

from __future__ import annotations

from accounts.queries import actors

from .queries import bills

actors.withhold(bills.withheld)
