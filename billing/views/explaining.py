"""The drawers that open an amount of a bill down to a usage record (05-BIL-04, BFD columns 37 to 45)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from metering.permissions import VIEW_EXPENDITURE
from partner_center import clock
from partner_center.money import places_of
from partner_center.refusals import NotFound
from partner_center.views import PortalView

from ..permissions import VIEW_BILLS, VIEW_COUPONS
from ..queries import bills, explaining
from ..rules import explaining as rules
from .bills import AUDIENCES, read_cycle, sum_address
from .tabs import url_if_exists

#: What an address may say of the lines that are meant.
_TEXTS = ("mode", "product", "bill_type", "customer", "reseller", "region", "place", "market")
_NUMBERS = ("service", "type")


class SumView(PortalView):
    """A sum: how it follows from list prices, and what it is made of."""

    permission = VIEW_BILLS
    audiences = AUDIENCES

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the sum by customer, or the lines of one. Raises NotFound where there are none."""
        month = bills.get_month(self.actor, read_cycle(request, clock.now()))
        key = _key(request.GET)
        found = explaining.explain_sum(self.actor, month, key, request.GET.get("page"))
        context: dict[str, Any] = {
            "title": _("How the amount is made up"),
            "month": month,
            "found": found,
            "places": places_of([found.settled, *(row.amount for row in found.customers)]),
            "path": explaining.names_of(self.actor, month, key),
            "steps": rules.of_terms(found.list_amount, found.terms),
            "customers": [
                (row, sum_address(cycle=month.cycle, **key | {"customer": row.public_id}))
                for row in found.customers
            ],
            "pages": [
                (number, sum_address(cycle=month.cycle, page=number, **key))
                for number in _steps(found.customers)
            ],
            "details_url": _details(month, key),
        }
        if found.customers.paginator.count == 1:
            only = found.customers[0]
            context |= self._lines(month, key, only.public_id)
            if "customer" not in key:
                context["path"].append(only.account_name)
        return render(request, "billing/explain/sum.html", context)

    def _lines(self, month: bills.Month, key: dict[str, Any], customer: str) -> dict[str, Any]:
        after = self.request.GET.get("after", "")
        lines = explaining.lines_of(self.actor, month, key, customer, after)
        return {
            "lines": lines,
            "is_first": not after,
            "first_url": sum_address(cycle=month.cycle, **key),
            "more_url": sum_address(cycle=month.cycle, **key, after=lines.after),
        }


class BillView(PortalView):
    """The total of an issued bill: settlement − coupons + tax − withheld − credit = due."""

    permission = VIEW_BILLS
    audiences = AUDIENCES

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the computation. Raises NotFound where no bill is issued."""
        bill = bills.get_bill(self.actor, read_cycle(request, clock.now()))
        coupons = url_if_exists("billing:coupons") if self.actor.can(VIEW_COUPONS) else ""
        has_adjustments = explaining.has_adjustments(bill)
        context = {
            "title": _("How the amount due is made up"),
            "bill": bill,
            "steps": rules.of_bill(bills.total_of(bill, has_adjustments=has_adjustments)),
            "coupons": explaining.coupons_of(bill),
            "coupons_url": coupons,
            "lines_url": sum_address(cycle=bill.cycle),
        }
        return render(request, "billing/explain/bill.html", context)


class LineView(PortalView):
    """One line: usage × price × (1 − discount) − coupon + tax."""

    permission = VIEW_BILLS
    audiences = AUDIENCES

    def get(self, request: HttpRequest, record_id: int) -> HttpResponse:
        """Show the computation and the usage record. Raises NotFound for another partner's line."""
        found = explaining.get_line(self.actor, record_id)
        charge, settled = found.charge, found.settled
        opens_charge = self.actor.can(VIEW_EXPENDITURE)
        context = {
            "title": charge.product.name,
            "found": found,
            "charge": charge,
            "settled": settled,
            "terms": _terms(settled),
            "steps": rules.of_line(settled),
            "charge_url": reverse("expenditure:charge", args=[charge.pk]) if opens_charge else "",
            "back_url": sum_address(
                cycle=charge.cycle,
                service=charge.service_type_id,
                customer=charge.customer.public_id,
            ),
        }
        return render(request, "billing/explain/line.html", context)


def _key(query: QueryDict) -> dict[str, Any]:
    """The lines that the address means. Raises NotFound for a number that is none."""
    key: dict[str, Any] = {name: query[name][:128] for name in _TEXTS if query.get(name)}
    for name in _NUMBERS:
        if not (text := query.get(name)):
            continue
        if not (text.isascii() and text.isdecimal() and len(text) < 19):
            raise NotFound
        key[name] = int(text)
    return key


def _steps(page: Any) -> list[int]:
    """Pages to either side of the one that is shown."""
    return [
        number
        for number in (page.number - 1, page.number + 1)
        if 1 <= number <= page.paginator.num_pages
    ]


def _details(month: bills.Month, key: dict[str, Any]) -> str:
    """Consumed Product Details with the filters that it shares with the key."""
    url = url_if_exists("billing:details")
    if not url:
        return ""
    shared = {name: key[name] for name in ("service", "bill_type", "customer") if name in key}
    return f"{url}?{urlencode({'cycle': str(month.cycle), **shared})}"


def _terms(line: rules.Settled) -> list[dict[str, Any]]:
    """The line as an equation: list price − discount − coupons + tax."""
    found = [
        {"label": _("At list price"), "amount": line.list_amount, "sign": "", "url": ""},
        {"label": _("Discount"), "amount": line.discount, "sign": "−", "url": ""},
    ]
    if line.is_issued:
        found += [
            {"label": _("Coupons used"), "amount": line.coupons_total, "sign": "−", "url": ""},
            {"label": _("Tax"), "amount": line.tax, "sign": "+", "url": ""},
        ]
    return found
