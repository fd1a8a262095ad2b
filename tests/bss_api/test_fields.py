"""Field types, paging and the answers' JSON (A.5, A.6)."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from rest_framework import serializers

from accounts.models import User
from bss_api import paging
from bss_api.rendering import to_json
from bss_api.serializers import AmountField, RequestSerializer, UtcField
from tests.cast import Cast

pytestmark = pytest.mark.requirement("api-A.5")


class Request(RequestSerializer):
    """One field of each kind."""

    keeps_blank = frozenset({"region"})

    amount = AmountField(required=False, min_value=0)
    since = UtcField(required=False)
    label = serializers.CharField(required=False)
    region = serializers.CharField(required=False, allow_blank=True)


class Bill(serializers.Serializer):
    """Amounts as an answer writes them."""

    amount = AmountField(decimal_places=8)
    since = UtcField()


def read(**data: Any) -> dict[str, Any]:
    request = Request(data=data)
    request.is_valid(raise_exception=True)
    return dict(request.validated_data)


@pytest.mark.parametrize(
    ("sent", "understood"),
    [
        (1500, "1500.00"),
        (100.1, "100.10"),
        (0.1 + 0.2, "0.30"),
        ("99.99", "99.99"),
        (99.990000000001, "99.99"),
        (0, "0.00"),
    ],
)
def test_incoming_amounts_are_freed_of_float(sent: Any, understood: str) -> None:
    assert str(read(amount=sent)["amount"]) == understood


@pytest.mark.parametrize("sent", [100.123, "0.001", -1, "ten", "NaN", "Infinity", True, [1], 1e30])
def test_what_is_no_amount_is_refused(sent: Any) -> None:
    with pytest.raises(serializers.ValidationError) as refused:
        read(amount=sent)
    assert "amount" in refused.value.detail


@pytest.mark.parametrize(
    "sent", ["2026-11-20", "2026-11-20T10:00:00", "2026-11-20T10:00:00+08:00", 1763600000, ""]
)
def test_times_have_one_spelling(sent: Any) -> None:
    if sent == "":
        assert read(since=sent) == {}
        return
    with pytest.raises(serializers.ValidationError):
        read(since=sent)


def test_a_time_is_utc() -> None:
    assert read(since="2026-11-20T10:00:00Z")["since"] == datetime(2026, 11, 20, 10, tzinfo=UTC)


def test_null_and_empty_are_no_filter_unless_a_field_keeps_them() -> None:
    assert read(label=None, region=None) == {}
    assert read(label="", region="") == {"region": ""}


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        ("50", "50.00000000"),
        ("0", "0.00000000"),
        ("1E+3", "1000.00000000"),
        ("-1.5", "-1.50000000"),
    ],
)
def test_amounts_are_written_as_numbers_with_a_point(amount: str, written: str) -> None:
    moment = datetime(2026, 11, 20, 10, 0, 0, 999, tzinfo=UTC)
    bill = Bill({"amount": Decimal(amount), "since": moment}).data
    assert to_json(bill) == f'{{"amount":{written},"since":"2026-11-20T10:00:00Z"}}'.encode()


class Page(RequestSerializer):
    """Paging as an operation declares it."""

    offset = paging.offset_field()
    limit = paging.limit_field(100)


@pytest.mark.requirement("api-A.6")
def test_a_page_and_the_count_of_the_whole(cast: Cast) -> None:
    rows = User.objects.filter(account=cast.tidemark).order_by("pk")
    asked = Page(data={"offset": "1", "limit": 2})
    asked.is_valid(raise_exception=True)
    page, count = paging.page_of(rows, asked.validated_data)
    assert (page, count) == (list(rows)[1:3], 5)


@pytest.mark.requirement("api-A.6")
def test_paging_defaults() -> None:
    asked = Page(data={})
    asked.is_valid(raise_exception=True)
    assert asked.validated_data == {"offset": 0, "limit": 10}


@pytest.mark.requirement("api-A.6")
@pytest.mark.parametrize(
    "sent",
    [{"limit": 0}, {"limit": 101}, {"limit": "ten"}, {"offset": -1}, {"offset": 40_000_001}],
    ids=str,
)
def test_paging_out_of_range_is_refused(sent: dict[str, Any]) -> None:
    assert not Page(data=sent).is_valid()
