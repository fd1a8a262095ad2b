"""What the operator maintains about partners' accounts: terms of payment, and where to transfer to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

import audit.services
from accounts.locks import lock_account
from partner_center import clock
from partner_center.actors import Actor
from partner_center.stale import fingerprint_of, refuse_stale

from ..models import PartnerAccount, TopUpAccount
from ..permissions import OPERATE_TERMS
from ..queries import reach
from ..refusals import OnlyPayers
from . import funds

#: What the operator's form shows and its fingerprint covers.
FIELDS = ("term_days", "signing_entity")
TOP_UP_FIELDS = (
    "signing_entity",
    "currency",
    "payee",
    "address",
    "bank",
    "bank_account",
    "swift_code",
)


@transaction.atomic(durable=True)
def open_account(actor: Actor, account: int) -> PartnerAccount:
    """The account of a partner, opened where there is none. Raises NotPermitted, OnlyPayers."""
    actor.require(OPERATE_TERMS)
    _refuse_others(account)
    return funds.lock(account)


@transaction.atomic(durable=True)
def set_terms(
    actor: Actor, account_id: int, *, values: Mapping[str, Any], seen: str
) -> PartnerAccount:
    """Set payment term and signing entity of a partner; issued bills keep their due moment (C-09).

    Raises NotPermitted, OnlyPayers, Stale.
    """
    actor.require(OPERATE_TERMS)
    _refuse_others(account_id)
    account = funds.lock(account_id)
    refuse_stale(seen, fingerprint_of(account, FIELDS))
    before = {name: getattr(account, name) for name in FIELDS}
    for name in FIELDS:
        setattr(account, name, values[name])
    account.save(update_fields=list(FIELDS))
    after = {name: getattr(account, name) for name in FIELDS}
    audit.services.record(
        actor,
        "billing.partner_account.set",
        account,
        before=before,
        after=after,
        account_id=account_id,
    )
    return account


@transaction.atomic(durable=True)
def add_top_up_account(
    actor: Actor, *, values: Mapping[str, Any], moment: datetime | None = None
) -> TopUpAccount:
    """Add a bank account; partners of its signing entity and currency see it from then on (05-REP-07).

    ``moment``: when, None: now. Earlier ones stay as they are: invoices were printed with them.
    Raises NotPermitted.
    """
    actor.require(OPERATE_TERMS)
    wanted = {name: values[name] for name in TOP_UP_FIELDS}
    account = TopUpAccount.objects.create(**wanted, valid_from=moment or clock.now())
    audit.services.record(actor, "billing.top_up_account.added", account, after=wanted)
    return account


def _refuse_others(account_id: int) -> None:
    if lock_account(account_id).partner_kind not in reach.SETTLES:
        raise OnlyPayers
