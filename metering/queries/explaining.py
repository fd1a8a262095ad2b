"""Why a charge is what it is, in figures: which price, which tiers, what was covered."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import F, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from catalog.models import ListPrice
from catalog.queries.prices import price_at, tiers_of
from catalog.rules.pricing import POINTS_A_DAY
from partner_center.clock import BillingCycle
from partner_center.money import plain

from ..models import Charge, PackageDeduction


def explain(charge: Charge) -> list[str]:
    """Sentences for the operator, amounts in USD; in the order of the calculation."""
    return list(_lines(charge))


def _lines(charge: Charge) -> Iterator[str]:
    record = charge.record
    words = _("Record %(key)s, line %(line)s of intake %(intake)s.")
    if charge.order_no:  # orders post their lines themselves: no file has a line of them
        words = _("Record %(key)s of a paid order.")
    elif not record.line:
        words = _("Record %(key)s of an adjustment that the operator posted.")
    yield words % {"key": record.key, "line": record.line, "intake": record.intake_id}
    if charge.origin_cycle:
        yield _("It came after cycle %(cycle)s was closed, so it is an adjustment.") % {
            "cycle": charge.origin_cycle
        }
    if record.list_cost is not None:
        yield _("The list amount of %(amount)s came with the record.") % {
            "amount": plain(charge.list_amount)
        }
    else:
        yield from _calculation(charge)
    if charge.discount_percent:
        yield _("Partner discount: %(percent)s%% of it is %(amount)s.") % {
            "percent": charge.discount_percent,
            "amount": plain(charge.discount_amount),
        }


def _calculation(charge: Charge) -> Iterator[str]:
    total, covered = charge.pricing_total or 0, Decimal(0)
    yield _("%(usage)s %(from)s / %(factor)s = %(total)s %(to)s, truncated to 10 decimals.") % {
        "usage": plain(charge.record.usage or Decimal(0)),
        "from": charge.usage_unit or "",
        "factor": plain(charge.conversion_factor or Decimal(1)),
        "total": plain(Decimal(total)),
        "to": charge.pricing_unit or "",
    }
    if charge.pricing_reserved:
        covered += charge.pricing_reserved
        yield _("Covered by reserved instances: %(used)s.") % {
            "used": plain(charge.pricing_reserved)
        }
    if charge.pricing_savings:
        covered += charge.pricing_savings
        yield _("Covered by savings plans: %(used)s.") % {"used": plain(charge.pricing_savings)}
    for deduction in PackageDeduction.objects.filter(
        cycle=charge.cycle, record_id=charge.pk
    ).select_related("quota__resource"):
        covered += deduction.used
        yield _(
            "Covered by package %(package)s: %(used)s, %(before)s of %(quota)s used before."
        ) % {
            "package": deduction.quota.resource,
            "used": plain(deduction.used),
            "before": plain(deduction.before),
            "quota": plain(deduction.quota.quota),
        }
    price = price_at(charge.product, charge.region, charge.started_at)
    if price is not None:
        yield from _price(charge, price, Decimal(total) - covered)


def _price(charge: Charge, price: ListPrice, quantity: Decimal) -> Iterator[str]:
    tiers = tiers_of(price)
    size = f" × {charge.size}" if charge.size is not None else ""
    if charge.points is not None and charge.product.is_percentile:
        days = BillingCycle.parse(charge.origin_cycle or charge.cycle).days
        size += f" × {charge.points} ÷ {POINTS_A_DAY} ÷ {days}"
        yield _(
            "95th-percentile bandwidth: %(points)s measurement points, %(a_day)s to a valid day, "
            "in a month of %(days)s days."
        ) % {"points": charge.points, "a_day": POINTS_A_DAY, "days": days}
    where = price.region or _("all regions")
    if len(tiers) == 1:
        yield _("List price of %(where)s from %(from)s: %(price)s. %(formula)s = %(amount)s.") % {
            "where": where,
            "from": price.valid_from.date().isoformat(),
            "price": plain(tiers[0].unit_price),
            "formula": f"{plain(quantity)} × {plain(tiers[0].unit_price)}{size}",
            "amount": plain(charge.list_amount),
        }
        return
    before = _used_before(charge)
    for tier in tiers:
        yield _("Tier above %(above)s: %(price)s.") % {
            "above": plain(tier.above),
            "price": plain(tier.unit_price),
        }
    yield _(
        "Used before in the cycle: %(before)s. From there to %(after)s it costs %(amount)s."
    ) % {
        "before": plain(before),
        "after": plain(before + quantity),
        "amount": plain(charge.list_amount),
    }


def _used_before(charge: Charge) -> Decimal:
    """Pricing quantity of earlier records of the cycle that counted for the same tiers."""
    earlier = Charge.objects.filter(
        cycle=charge.cycle,
        customer_id=charge.customer_id,
        product_id=charge.product_id,
        region_id=charge.region_id,
        record_id__lt=charge.pk,
        record__list_cost=None,
    )
    saved = Coalesce(F("pricing_savings"), Decimal(0))
    counted = F("pricing_total") - F("pricing_package") - F("pricing_reserved") - saved
    return earlier.aggregate(used=Sum(counted))["used"] or Decimal(0)
