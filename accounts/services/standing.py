"""What the operator keeps about accounts, and what it grants partners."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

import audit.services
from partner_center import clock
from partner_center.actors import Actor
from partner_center.critical import critical_operation
from partner_center.stale import fingerprint_of, refuse_stale

from .. import locks
from ..choices import PartnerKind
from ..models import Account, AccountStanding, PartnerTerms
from ..permissions import OPERATE_STANDING
from ..refusals.standing import (
    NeverForResellers,
    NotAPartner,
    OnlyForDistributors,
    PlatformTaken,
)
from ..signals import terms_changed

Row = TypeVar("Row", AccountStanding, PartnerTerms)


def _fields_of(model: type[models.Model]) -> tuple[str, ...]:
    return tuple(field.name for field in model._meta.concrete_fields if field.name != "account")


STANDING_FIELDS = _fields_of(AccountStanding)
TERMS_FIELDS = _fields_of(PartnerTerms)


@transaction.atomic(durable=True)
def set_standing(
    actor: Actor, account_id: int, *, values: Mapping[str, Any], seen: str
) -> AccountStanding:
    """Keep what is known of an account; ``values`` names fields of STANDING_FIELDS. Raises Stale.

    The row is written on the first change.
    """
    actor.require(OPERATE_STANDING)
    account = locks.lock_account(account_id)
    row = _row_of(AccountStanding, account)
    refuse_stale(seen, fingerprint_of(row, STANDING_FIELDS))
    if changed := _changed(row, values, STANDING_FIELDS):
        _save(actor, row, changed, "accounts.standing.set")
    return row


@critical_operation("accounts.set_terms", _("Change what a partner may do"))
def set_terms(
    actor: Actor, account_id: int, *, values: Mapping[str, Any], seen: str
) -> PartnerTerms:
    """Grant a partner permissions, or take them (04-TM-03, 04-DSC-02, 06-DPR-01).

    ``values`` names fields of TERMS_FIELDS; the floors above are told what changed. Raises Stale,
    NotAPartner, NeverForResellers, OnlyForDistributors, PlatformTaken.
    """
    actor.require(OPERATE_STANDING)
    account = locks.lock_account(account_id)
    if not account.partner_kind:
        raise NotAPartner(account.title)
    row = _row_of(PartnerTerms, account)
    refuse_stale(seen, fingerprint_of(row, TERMS_FIELDS))
    changed = _changed(row, values, TERMS_FIELDS)
    _refuse_by_kind(account, changed)
    if changed:
        before = {name: getattr(row, name) for name in changed}
        try:
            with transaction.atomic():
                _save(actor, row, changed, "accounts.terms.set")
        except IntegrityError as error:
            raise PlatformTaken from error
        terms_changed.send(
            PartnerTerms,
            account=account,
            before=before,
            after=changed,
            actor=actor,
            moment=clock.now(),
        )
    return row


def _refuse_by_kind(account: Account, changed: Mapping[str, Any]) -> None:
    if changed.get("may_refer") and account.partner_kind == PartnerKind.RESELLER:
        raise NeverForResellers
    if changed.get("may_develop") and account.partner_kind != PartnerKind.DISTRIBUTOR:
        raise OnlyForDistributors


def _row_of(model: type[Row], account: Account) -> Row:
    """The account's row; an unsaved one of defaults while there is none."""
    return model._default_manager.filter(pk=account.pk).first() or model(account=account)


def _changed(row: Row, values: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    given = {name: values[name] for name in names if name in values}
    return {name: value for name, value in given.items() if value != getattr(row, name)}


def _save(actor: Actor, row: Row, changed: Mapping[str, Any], action: str) -> None:
    before = {name: getattr(row, name) for name in changed}
    for name, value in changed.items():
        setattr(row, name, value)
    if row._state.adding:
        row.save(force_insert=True)
    else:
        row.save(update_fields=list(changed))
    audit.services.record(
        actor, action, row, before=before, after=changed, account_id=row.account_id
    )
