"""Reads of the operator's pages of bills: what one consists of, its proof, what was verified."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.files import File
from django.db.models import Count, F, QuerySet, Sum

from partner_center.actors import Actor
from partner_center.uploads import open_private

from ..choices import VerificationState
from ..models import Bill, BillManifest, BillTax, CouponEntry, Invoice, Verification
from ..permissions import OPERATE_BILLS
from ..refusals import NotSealed
from ..rules import proof as rules

#: Customers and products that the page of a bill names, the largest first.
MOST_ROWS = 20


@dataclass(frozen=True)
class Shares:
    """The largest rows of a bill by customer or by product, and how many there are. USD, exact."""

    rows: list[dict[str, Any]]
    count: int


@dataclass(frozen=True)
class Anatomy:
    """What stands on the operator's page of a bill, next to its own figures."""

    taxes: list[BillTax]
    coupons: list[CouponEntry]
    invoices: list[Invoice]
    by_customer: Shares
    by_product: Shares
    manifest: BillManifest | None
    #: The last one of this bill.
    verification: Verification | None

    @property
    def goes_on(self) -> bool:
        """Whether the bill is being sealed or verified."""
        waits = self.verification and self.verification.state == VerificationState.WAITING
        return self.manifest is None or bool(waits)


def anatomy(bill: Bill) -> Anatomy:
    """Everything of a bill but its lines; the number of statements does not depend on their number."""
    return Anatomy(
        taxes=list(bill.taxes.order_by("kind", "percent")),
        coupons=list(bill.coupon_entries.select_related("coupon").order_by("pk")[:MOST_ROWS]),
        invoices=list(bill.invoices.order_by("pk")),
        by_customer=_shares(bill, "customer__full_name", "customer__name"),
        by_product=_shares(bill, "product__name", "product__code"),
        manifest=BillManifest.objects.filter(bill=bill).defer("content").first(),
        verification=bill.verifications.order_by("-pk").first(),
    )


def open_package(actor: Actor, bill_id: int) -> tuple[File, str]:
    """The package of any bill, and its name. Raises NotSealed, NotPermitted, NotFound."""
    actor.require(OPERATE_BILLS)
    rows = BillManifest.objects.filter(bill_id=bill_id).select_related("bill").defer("content")
    if (manifest := rows.first()) is None:
        raise NotSealed
    return open_private(manifest.file), rules.package_name(manifest.bill.number)


def billed_cycles() -> list[str]:
    """Cycles of which a bill is issued, the latest first."""
    return list(Bill.objects.order_by("-cycle").values_list("cycle", flat=True).distinct())


def is_verifying() -> bool:
    """Whether a verification waits for a worker, or is with one."""
    return Verification.objects.filter(state=VerificationState.WAITING).exists()


def _shares(bill: Bill, name: str, code: str) -> Shares:
    added: QuerySet = bill.sums.order_by().values(name=F(name), code=F(code))
    rows = added.annotate(
        all_lines=Sum("lines"),
        all_settled=Sum("settled"),
        all_coupons=Sum("coupons"),
        all_tax=Sum("tax"),
        all_due=Sum("settled") - Sum("coupons") + Sum("tax"),
    ).order_by("-all_due", "code")
    place = code.partition("__")[0]
    count = bill.sums.aggregate(n=Count(place, distinct=True))["n"]
    return Shares(list(rows[:MOST_ROWS]), count)
