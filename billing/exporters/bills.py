"""Export Bills: the sums of issued bills of some months (05-BQY-16, EXP-05)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import F
from django.db.models.expressions import Combinable
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partner_center import exporting, masking
from partner_center.actors import Actor
from partner_center.exporting import ExportColumn, Source

from ..permissions import VIEW_BILLS
from ..queries import bills
from .details import BILL_TYPES, MODES, SETTLEMENTS, words


class BillsExporter:
    """One line for each month, customer, product, region, mode and terms.

    Parameters: ``begins`` and ``ends``, billing cycles, both included.
    """

    name = "partner_bills"
    label = _("Partner bills")
    permission = VIEW_BILLS

    def source(self, actor: Actor, params: Mapping[str, Any]) -> Source:
        """The sums of the actor's own bills, as they were issued; names are masked."""
        rows = bills.issued_sums(actor, params["begins"], params["ends"])
        rows = rows.order_by("bill__cycle", "customer__name", "-settled", "pk")
        return Source(rows, [*_whose(), *_what(), *_money()])

    def describe(self, actor: Actor, params: Mapping[str, Any]) -> str:
        """The range of months."""
        return f"{params['begins']} – {params['ends']}"


def _columns(heads: Mapping[str | Promise, Combinable]) -> list[ExportColumn]:
    return [ExportColumn(str(head), value) for head, value in heads.items()]


def _whose() -> list[ExportColumn]:
    return _columns(
        {
            _("Billing Cycle"): F("bill__cycle"),
            _("Bill No."): F("bill__number"),
            _("Customer Name"): masking.NAME.sql(F("customer__full_name")),
            _("Account Name"): F("customer__name"),
            _("Partner Account Name"): F("partner__name"),
        }
    )


def _what() -> list[ExportColumn]:
    return _columns(
        {
            _("Product Type"): F("service_type__name"),
            _("Product Name"): F("product__name"),
            _("Region"): F("region__name"),
            _("Billing Mode"): words("mode", MODES),
            _("Bill Type"): words("bill_type", BILL_TYPES),
            _("Lines"): F("lines"),
            _("Settlement Type"): words("settlement", SETTLEMENTS),
            _("Settlement Discount (%)"): F("percent"),
            _("Fixed Unit Price (USD)"): F("unit_price"),
        }
    )


def _money() -> list[ExportColumn]:
    return _columns(
        {
            _("Customer Expenditure (USD)"): F("list_amount"),
            _("Settlement Amount (USD)"): F("settled"),
            _("Coupons Used (USD)"): F("coupons"),
            _("Amount Due Exclusive of Tax (USD)"): bills.before_tax(),
            _("Tax (USD)"): F("tax"),
            _("Amount Due (USD)"): bills.due(),
        }
    )


BILLS = BillsExporter()
exporting.register(BILLS)
