"""Invoices and balances of the calling customer, for the API (docs/api/bss-api.md B.33, B.34)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet

from accounts.queries import information
from accounts.queries.standing import standing_of
from customers.choices import AssociationModel
from customers.models import Association
from partner_center.actors import Actor

from ..models import Invoice
from ..refusals import ResaleCustomer

ZERO = Decimal(0)


def domain_of(actor: Actor) -> str:
    """The caller's own domain ID."""
    return information.account_of(actor).public_id


def invoices_of(actor: Actor, since: datetime, until: datetime) -> QuerySet[Invoice]:
    """Invoices made out to the calling account, applied for between two moments, newest first.

    The operator bills partners: a customer has none, unless the operator has invoiced it itself.
    """
    rows = Invoice.objects.visible_to(actor).filter(created_at__gte=since, created_at__lte=until)
    return (
        rows.select_related("bill", "replaces", "account")
        .prefetch_related("bill__taxes")
        .order_by("-created_at", "-pk")
    )


@dataclass(frozen=True)
class Balance:
    """One account of the customer; USD. ``type``: 1 balance, 2 credit."""

    account_id: str
    type: int
    amount: Decimal
    designated: Decimal = ZERO
    credit: Decimal | None = None


@dataclass(frozen=True)
class Balances:
    """The accounts of a customer and what it owes; USD."""

    accounts: list[Balance]
    debt: Decimal


def balances_of(actor: Actor) -> Balances:
    """What the operator's charging says of the calling customer. Raises ResaleCustomer."""
    live = Association.objects.filter(
        customer_id=actor.account_id, ended_at=None, model=AssociationModel.RESELLER
    )
    if live.exists():
        raise ResaleCustomer
    standing = standing_of(actor.account_id)
    number = f"AC{actor.account_id:010d}"
    accounts = [Balance(f"{number}-1", 1, standing.balance)]
    if standing.has_credit_account:
        accounts.append(Balance(f"{number}-2", 2, ZERO, credit=ZERO))
    return Balances(accounts, standing.overdue)
