"""The trees of the tab By Product (05-BQY-11, BQY-12, BQY-19): pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from catalog.choices import BillingMode
from metering.choices import BillType
from metering.rules.sums import exact_sum

#: Where refunds, adjustments and what has no region stand.
OTHERS = "others"


@dataclass(frozen=True)
class Group:
    """Lines of one service, region, resource type, mode and bill type, added up. USD, exact.

    ``product`` and ``seller`` are filled for Marketplace products only.
    """

    service_id: int
    service: str
    region_code: str
    region: str
    type_id: int
    type: str
    mode: str
    bill_type: str
    amount: Decimal
    lines: int
    product_code: str = ""
    product: str = ""
    seller: str = ""

    @property
    def place(self) -> tuple[str, str]:
        """Code and name of the region, or Others: for what is given back and what has none."""
        if self.bill_type != BillType.EXPENDITURE or not self.region_code:
            return OTHERS, _("Others")
        return self.region_code, self.region


@dataclass(frozen=True)
class Node:
    """One row of a tree: the sum of what is below it. ``key`` names its lines to the explanation."""

    label: str
    level: int
    amount: Decimal
    lines: int
    key: Mapping[str, object]
    children: Sequence[Node] = field(default=())


#: Name of a key, and of a group the value and label of its node.
Level = tuple[str, Callable[[Group], tuple[object, str]]]

CLOUD: tuple[Level, ...] = (
    ("service", lambda group: (group.service_id, group.service)),
    ("place", lambda group: group.place),
    ("type", lambda group: (group.type_id, group.type)),
    ("mode", lambda group: (group.mode, str(BillingMode(group.mode).label))),
)
MARKETPLACE: tuple[Level, ...] = (
    ("service", lambda group: (group.service_id, _with_seller(group))),
    ("product", lambda group: (group.product_code, group.product)),
)


def build(groups: Iterable[Group], levels: Sequence[Level], above: int = 0) -> list[Node]:
    """Nodes of the first level with those below them; the largest amount first on every level.

    What comes to zero stays listed. A parent is the exact sum of its children.
    """
    (name, of), *deeper = levels
    buckets: dict[object, list[Group]] = {}
    labels: dict[object, str] = {}
    for group in groups:
        value, label = of(group)
        buckets.setdefault(value, []).append(group)
        labels.setdefault(value, label)
    nodes = [
        Node(
            label=labels[value],
            level=above + 1,
            amount=exact_sum(group.amount for group in members),
            lines=sum(group.lines for group in members),
            key={name: value},
            children=_below(members, deeper, above + 1, {name: value}),
        )
        for value, members in buckets.items()
    ]
    return sorted(nodes, key=lambda node: (node.amount.copy_negate(), node.label))


def _below(
    members: list[Group], deeper: Sequence[Level], level: int, key: Mapping[str, object]
) -> list[Node]:
    if not deeper:
        return []
    return [_keyed(node, key) for node in build(members, deeper, level)]


def _keyed(node: Node, key: Mapping[str, object]) -> Node:
    """The node with the keys of its parents before its own."""
    children = [_keyed(child, key) for child in node.children]
    whole = {**key, **node.key}
    return Node(node.label, node.level, node.amount, node.lines, whole, children)


def total(groups: Iterable[Group]) -> Decimal:
    """What groups come to, exactly."""
    return exact_sum(group.amount for group in groups)


def rows(nodes: Iterable[Node]) -> list[Node]:
    """The tree as the rows of a table, parents first."""
    found: list[Node] = []
    for node in nodes:
        found += [node, *rows(node.children)]
    return found


def _with_seller(group: Group) -> str:
    """``betam-hk-saas (Service Provider Betam Ltd)``."""
    if not group.seller:
        return group.service
    return _("%(service)s (Service Provider %(seller)s)") % {
        "service": group.service,
        "seller": group.seller,
    }
