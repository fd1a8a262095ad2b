"""Lists below an object: the parameters of their addresses, by the name of the list."""

from __future__ import annotations

from collections.abc import Callable

from customers.choices import BatchKind
from customers.models import Association
from customers.services import assignments
from resources.models import PackageQuota

from ..billing import stacks
from ..cast import Cast
from ..goods import stock
from ..metering.packages import package


def _batch(cast: Cast) -> dict[str, int]:
    delta = Association.objects.live().get(customer=cast.delta)
    batch = assignments.start_batch(
        cast.actor(cast.mara), BatchKind.ASSIGN, [delta.pk], manager_id=cast.jun.pk
    )
    return {"batch_id": batch.pk}


def _quota(cast: Cast) -> dict[str, int]:
    found = PackageQuota.objects.filter(account=cast.harborline).order_by("-pk").first()
    return {"quota_id": (found or package(cast.harborline, stock())).pk}


def _harborline(cast: Cast) -> dict[str, int]:
    return {"association_id": Association.objects.live().get(customer=cast.harborline).pk}


BELOW: dict[str, Callable[[Cast], dict[str, int]]] = {
    "managed-customers": lambda cast: {"user_id": cast.jun.pk},
    "assignment-batch": _batch,
    "package_deductions": _quota,
    "discounted_products": lambda cast: {"discount_id": stacks.discount(cast).pk},
    "coupon_uses": lambda cast: {"coupon_id": stacks.coupon(cast).pk},
    **dict.fromkeys(
        (
            *("term_resources", "usage_resources", "reserved_resources", "savings_resources"),
            *("details_term_resources", "details_usage_resources", "details_savings_resources"),
            "budget-adjustments",
        ),
        _harborline,
    ),
}

#: Lists below an object of Harborline's own.
OF_HARBORLINE = {"package_deductions"}


def keys_of(list_name: str, cast: Cast) -> dict[str, int]:
    """The parameters of one list; none for lists of their own."""
    return BELOW[list_name](cast) if list_name in BELOW else {}
