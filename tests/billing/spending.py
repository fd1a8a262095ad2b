"""What Tidemark's customers spend in October 2026, of every billing mode, and how files read it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from billing.choices import TaxKind
from billing.models import TaxRule
from partner_center.actors import Actor
from tests.metering.ledger import at

from .conftest import Books
from .files import written


def rows(exporter: Any, actor: Actor, cycle: str = "2026-10") -> list[dict[str, Any]]:
    """What the file holds, without a worker; empty cells are left out."""
    return written(exporter, actor, {"cycle": cycle})


def tax(books: Books, percent: str) -> None:
    """VAT in Tidemark's country."""
    partner = books.cast.tidemark
    TaxRule.objects.create(
        country=str(partner.service_country or partner.country),
        kind=TaxKind.VAT,
        percent=Decimal(percent),
        valid_from=date(2020, 1, 1),
    )


def metered(total: str, unit_price: str, **more: Any) -> dict[str, Any]:
    """Columns of a usage charge: hours, metered in seconds."""
    hours = Decimal(total)
    return {
        "usage": hours * 3600,
        "pricing_total": hours,
        "pricing_package": Decimal(0),
        "pricing_reserved": Decimal(0),
        "unit_price": Decimal(unit_price),
    } | more


def spend(books: Books) -> None:
    """One line of each billing mode, and a refund that returns its coupon."""
    goods = books.goods
    tax(books, "10")
    books.discount("25")
    books.post(
        books.charge(
            "1000",
            hour=1,
            **metered("10000", "0.1", package_usage=Decimal(1200), reserved_usage=Decimal(300)),
        ),
        books.charge(
            "0.04",
            hour=2,
            product=goods.disk_by_use,
            **metered("2", "0.0002", size=100, usage=Decimal(7200)),
        ),
        books.charge(
            "150",
            hour=3,
            product=goods.host_by_term,
            order_no="CS2610100001",
            order_type="new",
            period="month",
            period_count=3,
            quantity=1,
            unit_price=Decimal(50),
            reason="New purchase",
            started_at=at("2026-10-10", 3),
            ended_at=at("2027-01-10", 23),
        ),
        books.charge(
            "400",
            hour=4,
            product=goods.host_reserved,
            order_no="CS2610100002",
            order_type="new",
            period="year",
            period_count=1,
            quantity=2,
            reserved_hours=17520,
        ),
        books.charge(
            "-50",
            hour=5,
            product=goods.host_by_term,
            bill_type="refund",
            order_no="CS2610100003",
            original_order_no="CS2610100001",
            order_type="unsubscription",
            quantity=1,
            reason="Incorrect parameters selected",
        ),
    )
