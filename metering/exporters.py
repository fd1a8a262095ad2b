"""Files of expenditure: Export Customer Bills and Export Selected (04-EXS-06, EXD-03)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, ExpressionWrapper, F, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Concat
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from customers.choices import AssociationModel
from orders.choices import OrderType
from partner_center import clock, exporting, masking
from partner_center.actors import Actor
from partner_center.clock import BUSINESS_ZONE
from partner_center.exporting import ExportColumn, Source
from partner_center.lists.filters import words_of
from partner_center.lists.listing import FilterRequest

from .choices import BillType
from .filters.expenditure import ExpenditureFilterSet
from .permissions import OPERATE_USAGE, VIEW_EXPENDITURE
from .queries import amounts, details, intakes, reach, summary
from .refusals import TooManyRecords
from .rules.spending import MOST_EXPORTED


def _customer() -> list[ExportColumn]:
    return [
        ExportColumn(str(_("Customer")), masking.NAME.sql(F("customer__full_name"))),
        ExportColumn(str(_("Account Name")), F("customer__name")),
        ExportColumn(str(_("Association Type")), F("model")),
        ExportColumn(str(_("Partner Account")), F("partner__name")),
    ]


def _money() -> list[ExportColumn]:
    """Amounts with 8 decimals (04 D-30)."""
    expressions: dict[str | Promise, Combinable] = {
        _("List Price (USD)"): F("list_amount"),
        _("Discounted Amount (USD)"): F("discount_amount"),
        _("Amount Due (USD)"): amounts.due(),
        _("Cash Paid (USD)"): amounts.cash(),
        _("Coupons Used (USD)"): amounts.coupons(),
        _("Monthly Settlement (USD)"): amounts.monthly_settlement(),
    }
    return [ExportColumn(str(head), amounts.to_eight(value)) for head, value in expressions.items()]


class CustomerBillsExporter:
    """The summary: one line for each day, customer, product, region and mode of one month.

    Parameters: ``cycle``, ``customer``, ``manager_id``, ``model``, ``records`` (all, expenditures or
    refunds).
    """

    name = "customer_bills"
    label = _("Customer bills")
    permission = VIEW_EXPENDITURE

    def source(self, actor: Actor, params: Mapping[str, Any]) -> Source:
        """The daily sums that the summary shows to the actor now."""
        columns = [
            ExportColumn(str(_("Billing Cycle")), F("cycle")),
            ExportColumn(str(_("Spent On")), F("spent_on")),
            *_customer(),
            ExportColumn(str(_("Service Type")), F("service_type__name")),
            ExportColumn(str(_("Product Name")), F("product__name")),
            ExportColumn(str(_("Region")), F("region__name")),
            ExportColumn(str(_("Billing Mode")), F("mode")),
            ExportColumn(str(_("Bill Type")), F("bill_type")),
            *_money(),
        ]
        return Source(self._rows(actor, params), columns)

    def describe(self, actor: Actor, params: Mapping[str, Any]) -> str:
        """Month and options in words."""
        model = params.get("model")
        words = [
            params["cycle"],
            params.get("customer", ""),
            str(AssociationModel(model).label) if model else "",
            params["records"] if params["records"] != "all" else "",
        ]
        return ", ".join(word for word in words if word)

    def refuse_too_many(self, actor: Actor, params: Mapping[str, Any]) -> None:
        """Raise TooManyRecords for more than one file may hold (04 D-49)."""
        if details.is_more_than(self._rows(actor, params)):
            raise TooManyRecords

    def _rows(self, actor: Actor, params: Mapping[str, Any]) -> QuerySet:
        wanted = summary.Wanted(
            params["cycle"], params["customer"], params["manager_id"], params["model"]
        )
        rows = summary.daily_rows(actor, wanted, clock.now())
        if params["records"] == "refunds":
            rows = rows.filter(bill_type=BillType.REFUND)
        elif params["records"] == "expenditures":
            rows = rows.exclude(bill_type=BillType.REFUND)
        return rows.order_by("spent_on", "customer__name", "pk")


class DetailsExporter:
    """The details: single charges by transaction time, under the filters of the list.

    Parameters: ``query`` (query string of the list), ``begins`` and ``ends`` (moments, the end not
    included).
    """

    name = "expenditure_details"
    label = _("Expenditure details")
    permission = VIEW_EXPENDITURE

    def source(self, actor: Actor, params: Mapping[str, Any]) -> Source:
        """The charges that the actor sees now."""
        rows = self._rows(actor, params).order_by("-charged_at", "-pk")
        return Source(rows, [*_customer(), *_what(), *_when(), *_money(), _status()])

    def describe(self, actor: Actor, params: Mapping[str, Any]) -> str:
        """Period and filters in words."""
        begins, ends = (
            datetime.fromisoformat(params[name]).astimezone(BUSINESS_ZONE)
            for name in ("begins", "ends")
        )
        period = f"{begins:%Y-%m-%d %H:%M} – {ends:%Y-%m-%d %H:%M} GMT+08:00"
        filters, _notes = self._filters(actor, params, details.list_charges(actor, ""))
        words = [
            word
            for name, word in zip(filters.set_names(), words_of(filters), strict=True)
            if name != "cycle"
        ]
        return ", ".join([period, *words])

    def refuse_too_many(self, actor: Actor, params: Mapping[str, Any]) -> None:
        """Raise TooManyRecords for more than 5,000,000 (04-EXD-03, D-49).

        The charges are counted only where the roll-ups leave room for so many.
        """
        begins = datetime.fromisoformat(params["begins"])
        if not details.may_be_more_than(actor, begins, MOST_EXPORTED):
            return
        if details.is_more_than(self._rows(actor, params), MOST_EXPORTED):
            raise TooManyRecords

    def _rows(self, actor: Actor, params: Mapping[str, Any]) -> QuerySet:
        begins, ends = (datetime.fromisoformat(params[name]) for name in ("begins", "ends"))
        return self._filters(actor, params, details.in_period(actor, begins, ends))[0].qs

    def _filters(
        self, actor: Actor, params: Mapping[str, Any], rows: QuerySet
    ) -> tuple[Any, list[str]]:
        data = QueryDict(params.get("query", ""))
        return ExpenditureFilterSet.read(data, rows, FilterRequest(actor))


def _what() -> list[ExportColumn]:
    return [
        ExportColumn(str(_("Billing Cycle")), F("cycle")),
        ExportColumn(str(_("Account Manager")), reach.manager_name()),
        ExportColumn(str(_("Product Type")), F("service_type__name")),
        ExportColumn(str(_("Product Name")), F("product__name")),
        ExportColumn(str(_("Billing Mode")), F("mode")),
        ExportColumn(str(_("Region")), F("region__name")),
        ExportColumn(str(_("Resource ID")), F("resource_id")),
        ExportColumn(str(_("Resource")), F("record__resource_name")),
    ]


def _when() -> list[ExportColumn]:
    has_order = When(order_no__gt="", then=F("order_no"))
    trade = Case(has_order, default=Cast("pk", CharField(max_length=20)), output_field=CharField())
    in_words = ExpressionWrapper(F("order_type"), CharField(choices=OrderType.choices))
    return [
        ExportColumn(str(_("Spent From")), F("started_at")),
        ExportColumn(str(_("Spent To")), F("ended_at")),
        ExportColumn(str(_("Order/Transaction ID")), Concat(Value(""), trade)),
        ExportColumn(str(_("Order Type")), in_words),
        ExportColumn(str(_("Bill Type")), F("bill_type")),
        ExportColumn(str(_("Transaction Time")), F("charged_at")),
    ]


def _status() -> ExportColumn:
    return ExportColumn(str(_("Status")), details.status_word())


class RejectedLinesExporter:
    """What an intake rejected, for the operator. Parameter: ``intake``, its number."""

    name = "rejected_lines"
    label = _("Rejected lines")
    permission = OPERATE_USAGE

    def source(self, actor: Actor, params: Mapping[str, Any]) -> Source:
        """Lines with their reasons, in their order."""
        columns = [
            ExportColumn(str(_("Line")), F("line")),
            ExportColumn(str(_("Code")), F("code")),
            ExportColumn(str(_("Reason")), F("reason")),
            ExportColumn(str(_("Content")), F("content")),
        ]
        return Source(intakes.rejected_lines(params["intake"]), columns)

    def describe(self, actor: Actor, params: Mapping[str, Any]) -> str:
        """Which intake it was."""
        return str(_("Intake %(number)s") % {"number": params["intake"]})


BILLS = CustomerBillsExporter()
DETAILS = DetailsExporter()
exporting.register(BILLS)
exporting.register(DETAILS)
exporting.register(RejectedLinesExporter())
