"""What the tests of account managers share: many customers of Tidemark, quickly."""

from __future__ import annotations

from accounts.models import Account
from customers.models import Association
from partner_center import clock


def customers_of(partner: Account, count: int, prefix: str = "shop") -> list[Association]:
    """So many live associations, made in bulk."""
    moment = clock.now()
    accounts = Account.objects.bulk_create(
        Account(
            name=f"{prefix}-{n:05d}",
            full_name=f"{prefix.title()} {n:05d}",
            email=f"{prefix}{n}@shops.example",
            country="PH",
            registered_at=moment,
        )
        for n in range(count)
    )
    return Association.objects.bulk_create(
        Association(account=partner, customer=account, associated_at=moment) for account in accounts
    )
