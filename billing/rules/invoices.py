"""Numbers of invoices: pure."""

from partner_center.clock import BillingCycle


def series_of(cycle: BillingCycle) -> str:
    """One series for each year: ``CSER22``."""
    return f"CSER{cycle.year % 100:02d}"


def invoice_number(series: str, count: int) -> str:
    """``CSER22000878``."""
    return f"{series}{count:06d}"
