"""The operator's metering sends batches, signed with an access key of the operator."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from huaweicloudsdkcore.auth.credentials import GlobalCredentials
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer

from accounts.models import User
from metering.models import Charge, Intake

from ..bss_api.conftest import Answer, Key, deliver, key_of  # noqa: F401
from ..cast import Cast
from ..goods import Goods, stock

PATH = "/v2/metering/usage-records"


@pytest.fixture
def goods(cast: Cast) -> Goods:
    return stock()


@pytest.fixture
def key(cast: Cast, key_of: Callable[[User], Key]) -> Key:  # noqa: F811
    """Olga's key: the operator's."""
    return key_of(cast.olga)


def _record(cast: Cast, number: int, **changes: Any) -> dict[str, Any]:
    return {
        "record_id": f"r{number}",
        "customer_id": cast.harborline.public_id,
        "product_id": "host-usage",
        "region": "ap-southeast-3",
        "resource_id": "i-1",
        "usage": 1800,
        "start": "2026-10-01T08:00:00+08:00",
        "end": "2026-10-01T08:30:00+08:00",
    } | changes


def _send(key: Key, content: bytes, batch: str = "b1", **headers: str) -> Answer:
    request = SdkRequest(
        method="POST",
        schema="http",
        host="testserver",
        resource_path=PATH,
        query_params=[("batch_id", batch)],
        header_params={"Content-Type": "application/json", **headers},
        body=content,
    )
    return deliver(Signer(GlobalCredentials(key.ak, key.sk, key.domain_id)).sign(request))


def _lines(*records: dict[str, Any]) -> bytes:
    return "\n".join(json.dumps(record) for record in records).encode()


@pytest.mark.requirement("05-BFD-02")
def test_a_batch_is_charged_once_and_answered_the_same_way_again(
    cast: Cast, goods: Goods, key: Key
) -> None:
    content = _lines(_record(cast, 1), _record(cast, 2, customer_id="nobody"), {"record_id": "3"})
    first = _send(key, content)
    assert first.status == 200, first
    assert (first.body["accepted"], first.body["rejected"]) == (1, 2)
    assert Decimal(first.body["list_cost"]) == Decimal("0.05")
    assert [(line["line"], line["code"]) for line in first.body["rejected_lines"]] == [
        (2, "unknown_customer"),
        (3, "missing"),
    ]
    again = _send(key, gzip.compress(content), **{"Content-Encoding": "gzip"})
    assert again.body == {**first.body, "repeated": True}
    assert Charge.objects.count() == Intake.objects.count() == 1


def test_the_same_batch_id_with_other_content_is_refused(
    cast: Cast, goods: Goods, key: Key
) -> None:
    _send(key, _lines(_record(cast, 1)))
    answer = _send(key, _lines(_record(cast, 2)))
    assert answer.status == 400
    assert "batch ID was used before" in answer.message
    assert Charge.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"a,b\n1,2\n", "lacks these columns"),
        (gzip.compress(b"x" * 33 * 1024 * 1024), "32 MB"),
        (gzip.compress(b'{"record_id": "1"}')[:-9], "damaged"),
        (b"", "empty"),
    ],
    # Packed content carries the time: as a name it would differ between the workers.
    ids=["other columns", "too large", "damaged", "empty"],
)
def test_what_is_no_batch_is_refused(
    cast: Cast, goods: Goods, key: Key, content: bytes, sentence: str
) -> None:
    answer = _send(key, content)
    assert answer.status == 400
    assert sentence in answer.message
    assert not Intake.objects.exists()


def test_a_partner_and_staff_without_the_permission_feed_nothing(
    cast: Cast,
    goods: Goods,
    key_of: Callable[[User], Key],  # noqa: F811
) -> None:
    assert _send(key_of(cast.mara), _lines(_record(cast, 1))).status == 403
    assert not Intake.objects.exists()
