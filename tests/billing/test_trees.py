"""The trees of By Product (05-BQY-12, BQY-13, BQY-19)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from billing.rules import trees
from billing.rules.trees import Group


def group(service: str, amount: str, mode: str = "period", **more) -> Group:
    """A group of one region."""
    columns = {
        "service_id": sum(map(ord, service)),
        "service": service,
        "region_code": "ap-1",
        "region": "AP-Singapore",
        "type_id": 1,
        "type": "Cloud Host",
        "bill_type": "expenditure",
        "lines": 1,
    }
    return Group(mode=mode, amount=Decimal(amount), **columns | more)


@pytest.mark.requirement("05-BQY-12", "05-BQY-13", "05-BIL-19")
def test_refunds_stand_under_others() -> None:
    nodes = trees.build(
        [
            group("ECS", "-8702.62", bill_type="refund"),
            group("ECS", "187728.00", "ri_upfront"),
            group("ECS", "-61797.12", "ri_upfront", bill_type="refund"),
            group("ECS", "75868.90"),
            group("EVS", "13130.73"),
            group("VPC", "1336.66", region_code="", region=""),
        ],
        trees.CLOUD,
    )
    assert [(row.level, row.label, row.amount) for row in trees.rows(nodes)][:9] == [
        (1, "ECS", Decimal("193097.16")),
        (2, "AP-Singapore", Decimal("263596.90")),
        (3, "Cloud Host", Decimal("263596.90")),
        (4, "Reserved instance-upfront payment", Decimal("187728.00")),
        (4, "Yearly/Monthly", Decimal("75868.90")),
        (2, "Others", Decimal("-70499.74")),
        (3, "Cloud Host", Decimal("-70499.74")),
        (4, "Yearly/Monthly", Decimal("-8702.62")),
        (4, "Reserved instance-upfront payment", Decimal("-61797.12")),
    ]
    assert sum(node.amount for node in nodes) == Decimal("207564.55")
    vpc = nodes[-1]
    assert vpc.children[0].label == "Others" and vpc.children[0].key["place"] == "others"


@pytest.mark.requirement("05-BQY-19")
def test_the_largest_comes_first_and_zero_stays() -> None:
    amounts = ["0.99", "18.60", "0.00", "1.53", "10.31", "0.01"]
    nodes = trees.build([group(f"S{each}", each) for each in amounts], trees.CLOUD)
    listed = [str(node.amount) for node in nodes]
    assert listed == ["18.60", "10.31", "1.53", "0.99", "0.01", "0.00"]
    assert sum(node.amount for node in nodes) == Decimal("31.44")


@pytest.mark.requirement("05-BQY-12")
def test_marketplace_products_stand_under_their_seller() -> None:
    sold = {"product_code": "p1", "product": "Backup", "seller": "Betam Ltd"}
    [node] = trees.build([group("betam-hk-saas", "-100.00", **sold)], trees.MARKETPLACE)
    assert node.label == "betam-hk-saas (Service Provider Betam Ltd)"
    assert [(child.label, child.amount) for child in node.children] == [("Backup", Decimal(-100))]
