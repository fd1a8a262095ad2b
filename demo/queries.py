"""The demo logins, as commands and the README print them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.models import Account
from audit.models import OperationRecord
from partner_center.clock import BillingCycle

from .refusals import NoDemo
from .seeding import months
from .world import PASSWORD, TENANTS, Tenant

#: Audit record of a part of the demo world that is finished.
BUILT = "demo.part.built"


def demo_accounts() -> list[dict[str, Any]]:
    """Every demo tenant with its users and access key. Raises NoDemo when none is there."""
    ids = dict(
        Account.objects.filter(name__in=[t.name for t in TENANTS]).values_list("name", "public_id")
    )
    if not ids:
        raise NoDemo
    return [_describe(tenant, ids) for tenant in TENANTS if tenant.name in ids]


def _describe(tenant: Tenant, ids: dict[str, str]) -> dict[str, Any]:
    people = [(tenant.main.username, ["Admin"])]
    people += [(p.username, list(p.roles)) for p in tenant.people]
    return {
        "kind": "operator" if tenant.is_operator else tenant.kind.value or "customer",
        "account_name": tenant.name,
        "account_id": ids[tenant.name],
        "partner_account_id": ids.get(tenant.partner),
        "users": [
            {"username": username, "password": PASSWORD, "roles": roles}
            for username, roles in people
        ],
        "access_key": {"ak": tenant.ak, "sk": tenant.sk},
    }


def tour_months(now: datetime) -> tuple[BillingCycle, BillingCycle]:
    """The running month and the one left to be billed by hand. Raises NoDemo without a demo world."""
    built = OperationRecord.objects.filter(action=BUILT, after__part="usage").first()
    if built is None:
        raise NoDemo
    return BillingCycle.of(now), months.unbilled(built.at)
