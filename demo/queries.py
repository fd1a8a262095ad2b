"""The demo logins, as commands and the README print them."""

from __future__ import annotations

from typing import Any

from accounts.models import Account

from .refusals import NoDemo
from .world import PASSWORD, TENANTS, Tenant


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
