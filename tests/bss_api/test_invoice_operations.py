"""Invoices and balances of a customer through the API (B.33, B.34)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from huaweicloudsdkbssintl import v2 as sdk_models
from huaweicloudsdkbssintl.v2 import BssintlClient

from accounts.models import AccountStanding
from billing.models import Bill, BillTax, Invoice
from customers.models import Association
from tests.cast import Cast

from .conftest import Key, call

MOMENT = datetime(2026, 11, 4, 16, tzinfo=UTC)
SPAN = [("start_time", "2026-11-01T00:00:00Z"), ("end_time", "2026-11-30T00:00:00Z")]
PAGE = [("offset", 1), ("limit", 10)]
BALANCES = "/v2/accounts/customer-accounts/balances"


@pytest.fixture
def hana(cast: Cast, key_of: Callable[..., Key]) -> Key:
    """The customer's key."""
    return key_of(cast.hana)


def _invoice(cast: Cast, number: int) -> Invoice:
    """One that the operator has made out to the customer itself."""
    zero = dict.fromkeys(("list_amount", "refunds", "adjustments", "coupons"), Decimal(0))
    bill = Bill.objects.create(
        account=cast.harborline,
        number=f"B-{number}",
        cycle=f"2026-0{number}",
        lines=1,
        expenditures=Decimal(10),
        tax=Decimal("1.2"),
        exact_total=Decimal("11.2"),
        total=Decimal("11.2"),
        amount_due=Decimal("11.2"),
        currency_amount=Decimal("11.2"),
        issued_at=MOMENT,
        due_at=MOMENT,
        **zero,
    )
    BillTax.objects.create(
        bill=bill, kind="vat", percent=12, base=Decimal(10), amount=Decimal("1.2")
    )
    return Invoice.objects.create(
        account=cast.harborline,
        bill=bill,
        number=f"CSER2600000{number}",
        amount=bill.total,
        created_at=MOMENT,
    )


@pytest.mark.requirement("api-B.33", "api-B.34")
@pytest.mark.django_db(transaction=True)
def test_the_sdk_reads_both(cast: Cast, hana: Key, sdk: Callable[..., BssintlClient]) -> None:
    client = sdk(hana)

    def page(number: int) -> sdk_models.ListInvoicesResponse:
        return client.list_invoices(
            sdk_models.ListInvoicesRequest(
                start_time=SPAN[0][1], end_time=SPAN[1][1], offset=number, limit=1
            )
        )

    empty = page(1)
    assert (empty.count, empty.invoices) == (0, []), "its partner gets them"
    for number in (1, 2):
        _invoice(cast, number)
    first, second = page(1), page(2)
    assert (first.count, second.count) == (2, 2)
    newest, older = first.invoices[0], second.invoices[0]
    assert (newest.invoice_no, older.invoice_no) == ("CSER26000002", "CSER26000001")
    assert (newest.invoice_amount, newest.invoice_state) == (Decimal("11.20"), 5)
    assert (newest.apply_time, newest.bill_cycle) == ("2026-11-04T16:00:00Z", "2026-02")
    tax = newest.tax_list[0]
    assert (tax.tax_class, tax.tax_rate, tax.tax_amount) == ("VAT", "12", Decimal("1.20000000"))
    assert newest.address_info.recipients == "Harborline"
    Association.objects.filter(customer=cast.harborline).update(model="referral")
    AccountStanding.objects.create(
        account=cast.harborline, balance=Decimal("12.5"), overdue=3, has_credit_account=True
    )
    found = client.show_customer_account_balances(sdk_models.ShowCustomerAccountBalancesRequest())
    assert (found.debt_amount, found.measure_id, found.currency) == (Decimal(3), 1, "USD")
    kinds = [(row.account_type, row.amount, row.credit_amount) for row in found.account_balances]
    assert kinds == [(1, Decimal("12.5"), None), (2, Decimal(0), Decimal(0))]


@pytest.mark.requirement("api-B.33", "api-B.34")
def test_their_refusals(cast: Cast, hana: Key, key_of: Callable[..., Key]) -> None:
    own = f"/v1.0/{cast.harborline.public_id}/payments/intl-invoices"

    def ask(key: Key, path: str, query: list[tuple[str, object]]) -> tuple[int, str]:
        answer = call(key, "GET", path, query=query)
        return answer.status, answer.code

    assert call(hana, "GET", own, query=SPAN + PAGE).body == {"count": 0, "invoices": []}
    wrong = (400, "CBC.0100")
    for domain in ("%7Bdomain_id%7D", cast.delta.public_id):
        assert ask(hana, own.replace(cast.harborline.public_id, domain), SPAN + PAGE) == wrong
    for query in (
        PAGE,
        SPAN,
        [*SPAN, ("offset", 0), ("limit", 10)],
        [*SPAN, ("offset", 1), ("limit", 101)],
        [*SPAN, ("offset", 100_000), ("limit", 1)],
        [("start_time", SPAN[1][1]), ("end_time", SPAN[0][1]), *PAGE],
        [("start_time", "2026-11-01"), SPAN[1], *PAGE],
    ):
        assert ask(hana, own, query) == wrong, query
    assert ask(hana, BALANCES, []) == (400, "CBC.99000049")
    mara = key_of(cast.mara)
    for path in (own, BALANCES):
        assert ask(mara, path, SPAN + PAGE) == (403, "CBC.0151")
