"""Invoices and balances of the calling customer (docs/api/bss-api.md B.33, B.34)."""

# ruff: noqa: N815  the names of the API

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from billing.choices import InvoiceState, TaxKind
from billing.queries import api as queries
from metering.permissions import VIEW_OWN_BILLS

from ..callers import Caller
from ..errors import ParameterError
from ..serializers import AmountField, RequestSerializer, UtcField
from ..views import Operation

CUSTOMERS = frozenset({Caller.CUSTOMER})
DOLLAR = 1
MAX_PAGE = 99_999
MAX_LIMIT = 100
#: ``invoiceState``: waiting for file, complete, return under review, returned.
_STATES = {
    InvoiceState.PENDING: 5,
    InvoiceState.INVOICED: 8,
    InvoiceState.RETURNING: 13,
    InvoiceState.RETURNED: 9,
    InvoiceState.VOID: 9,
}
_ENTERPRISE, _VENDOR, _ORDINARY, _BY_CYCLE, _COMMERCIAL, _MONTHLY = 1, 0, 1, 0, 1, 6
_PAPER, _INVOICE, _RETURNED = "0", "0", "2"
#: ``taxClass`` of taxes that are parts of another.
_CLASSES = {TaxKind.CGST: "GST", TaxKind.SGST: "GST", TaxKind.IGST: "GST"}


class ListInvoicesRequest(RequestSerializer):
    """A span of time, and which page of it."""

    start_time = UtcField()
    end_time = UtcField()
    offset = serializers.IntegerField(min_value=1, max_value=MAX_PAGE, help_text="Page, from 1.")
    limit = serializers.IntegerField(min_value=1, max_value=MAX_LIMIT)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["start_time"] > attrs["end_time"]:
            raise serializers.ValidationError({"end_time": "It lies before start_time."})
        return attrs


class PostAddressInfo(serializers.Serializer):
    """Whom the invoice is sent to."""

    address = serializers.CharField()
    recipients = serializers.CharField()
    zipCode = serializers.CharField()
    mobilePhone = serializers.CharField()


class TaxInfo(serializers.Serializer):
    """One tax of the invoice."""

    taxClass = serializers.CharField()
    taxRate = serializers.CharField()
    subTaxClass = serializers.CharField()
    taxAmount = AmountField(decimal_places=8, max_digits=38)
    taxVisibleFlag = serializers.CharField()
    taxAccountingFlag = serializers.CharField()


class InvoiceRequestInfo(serializers.Serializer):
    """One invoice, as an application for it."""

    requestId = serializers.CharField()
    cancelReason = serializers.CharField()
    titleType = serializers.IntegerField()
    channelType = serializers.IntegerField()
    invoiceType = serializers.IntegerField()
    invoiceTitle = serializers.CharField()
    invoiceAmount = AmountField()
    invoiceMethod = serializers.IntegerField()
    invoiceClass = serializers.IntegerField()
    invoiceState = serializers.IntegerField()
    applyOpera = serializers.CharField()
    addressInfo = PostAddressInfo()
    applyTime = UtcField()
    invoiceMode = serializers.CharField()
    email = serializers.CharField()
    requestMode = serializers.CharField()
    srcRequestId = serializers.CharField()
    salesId = serializers.CharField()
    invoiceNo = serializers.CharField()
    tradeType = serializers.IntegerField()
    billCycle = serializers.CharField()
    taxList = TaxInfo(many=True)


class ListInvoicesResponse(serializers.Serializer):
    """A page of invoices."""

    count = serializers.IntegerField()
    invoices = InvoiceRequestInfo(many=True)


class ListInvoices(Operation):
    """Invoices made out to the calling customer; those of its partner are the partner's."""

    name = "list_invoices"
    method = "GET"
    path = "/v1.0/<str:domain_id>/payments/intl-invoices"
    callers = CUSTOMERS
    permission = VIEW_OWN_BILLS
    reads_only = True
    request_serializer = ListInvoicesRequest
    response_serializer = ListInvoicesResponse

    def run(self, data: dict[str, Any]) -> Any:
        if self.kwargs["domain_id"] != queries.domain_of(self.actor):
            raise ParameterError("domain_id must be your own.")
        rows = queries.invoices_of(self.actor, data["start_time"], data["end_time"])
        first = (data["offset"] - 1) * data["limit"]
        page = rows[first : first + data["limit"]]
        return {"count": rows.count(), "invoices": [_row(invoice) for invoice in page]}


class AccountBalance(serializers.Serializer):
    """One account; the credit limit of credit accounts only."""

    account_id = serializers.CharField()
    account_type = serializers.IntegerField(source="type")
    amount = AmountField()
    currency = serializers.CharField(default="USD")
    designated_amount = AmountField(source="designated")
    credit_amount = AmountField(source="credit", allow_null=True)
    measure_id = serializers.IntegerField(default=DOLLAR)


class AccountBalancesResponse(serializers.Serializer):
    """All accounts, and what is owed."""

    account_balances = AccountBalance(many=True, source="accounts")
    debt_amount = AmountField(source="debt")
    measure_id = serializers.IntegerField(default=DOLLAR)
    currency = serializers.CharField(default="USD")


class ShowCustomerAccountBalances(Operation):
    """Balances of the calling customer; resale customers have none."""

    name = "show_customer_account_balances"
    method = "GET"
    path = "/v2/accounts/customer-accounts/balances"
    callers = CUSTOMERS
    permission = VIEW_OWN_BILLS
    reads_only = True
    response_serializer = AccountBalancesResponse
    error_codes = {"billing.resale_customer": "CBC.99000049"}

    def run(self, data: dict[str, Any]) -> Any:
        return queries.balances_of(self.actor)


def _row(invoice: Any) -> dict[str, Any]:
    printed = invoice.printed or {"buyer": {}, "seller": {}}
    buyer = printed["buyer"]
    return {
        "requestId": str(invoice.pk),
        "cancelReason": invoice.close_reason,
        "titleType": _ENTERPRISE,
        "channelType": _VENDOR,
        "invoiceType": _ORDINARY,
        "invoiceTitle": buyer.get("name", invoice.account.title),
        "invoiceAmount": invoice.amount,
        "invoiceMethod": _BY_CYCLE,
        "invoiceClass": _COMMERCIAL,
        "invoiceState": _STATES[InvoiceState(invoice.state)],
        "applyOpera": "System",
        "addressInfo": {
            "address": ", ".join(buyer.get("address", [])),
            "recipients": invoice.account.title,
            "zipCode": invoice.account.postal_code,
            "mobilePhone": invoice.account.contact_phone,
        },
        "applyTime": invoice.created_at,
        "invoiceMode": _PAPER,
        "email": invoice.account.email,
        "requestMode": _RETURNED if invoice.closed_at else _INVOICE,
        "srcRequestId": str(invoice.replaces_id or ""),
        "salesId": printed["seller"].get("name", ""),
        "invoiceNo": invoice.number,
        "tradeType": _MONTHLY,
        "billCycle": invoice.bill.cycle,
        "taxList": [_tax(tax) for tax in invoice.bill.taxes.all()],
    }


def _tax(tax: Any) -> dict[str, Any]:
    kind = TaxKind(tax.kind)
    added = kind != TaxKind.WHT
    return {
        "taxClass": _CLASSES.get(kind, kind.upper()),
        "taxRate": f"{tax.percent.normalize():f}",
        "subTaxClass": kind.upper(),
        "taxAmount": tax.amount,
        "taxVisibleFlag": "Y",
        "taxAccountingFlag": "Y" if added else "N",
    }
