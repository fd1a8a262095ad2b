"""A partner's own bill of a month (B.9)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from huaweicloudsdkbssintl import v2 as sdk_models
from huaweicloudsdkbssintl.v2 import BssintlClient

from tests.billing.conftest import Books, books

from .conftest import Key, call

__all__ = ["books"]
PATH = "/v2/bills/partner-bills/postpaid-bill-summary"


@pytest.mark.requirement("api-B.9")
@pytest.mark.django_db(transaction=True)
def test_the_bill_of_a_month(
    books: Books, key_of: Callable[..., Key], sdk: Callable[..., BssintlClient]
) -> None:
    books.post(
        books.charge("100.1234567891"),
        books.charge("-20.5", bill_type="refund"),
        books.charge("-1", bill_type="adjustment"),
    )
    mara = key_of(books.cast.mara)
    client = sdk(mara)

    def ask() -> sdk_models.ListPostpaidBillSumResponse:
        return client.list_postpaid_bill_sum(
            sdk_models.ListPostpaidBillSumRequest(bill_cycle="2026-10")
        )

    before = ask()
    assert (before.bill_cycle, before.initial_amount_due, before.refunds) == ("2026-10", 0, 0)
    books.run()
    found = ask()
    assert found.consume_amount == Decimal("100.12345679") and found.currency == "USD"
    assert (found.refunds, found.adjustments, found.tax_amount) == (Decimal("-20.5"), -1, 0)
    # consume_amount + refunds + adjustments, rounded once
    assert found.initial_amount_due == Decimal("78.62345679")
    for cycle in ("2026-13", "October", "202610", ""):
        answer = call(mara, "GET", PATH, query=[("bill_cycle", cycle)])
        assert (answer.status, answer.code) == (400, "CBC.0100"), cycle
    for user in (books.cast.leo, books.cast.hana, books.cast.jun):
        answer = call(key_of(user), "GET", PATH, query=[("bill_cycle", "2026-10")])
        assert (answer.status, answer.code) == (403, "CBC.0151"), user
    # another partner has a month of its own
    northgate = call(key_of(books.cast.nora), "GET", PATH, query=[("bill_cycle", "2026-10")])
    assert northgate.body["initial_amount_due"] == 0
