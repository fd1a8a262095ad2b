"""Enterprises: their member accounts and units, kept by the operator; projects, by the customer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction

import audit.services
from partner_center import clock
from partner_center.actors import Actor
from partner_center.permissions import Audience
from partner_center.refusals import NotFound
from partner_center.stale import fingerprint_of, refuse_stale

from .. import locks
from ..choices import EnterpriseAccounting, MemberAccountStatus
from ..models import Account, EnterpriseMember, EnterpriseUnit
from ..permissions import MANAGE_ENTERPRISE, OPERATE_STANDING
from ..refusals import ReasonMissing
from ..refusals.standing import (
    HasMaster,
    IsMaster,
    NoEnterpriseMember,
    ProjectsEnabled,
    SameAccount,
    UnitNameTaken,
)

#: What the operator changes at a membership.
MEMBER_FIELDS = ("display_name", "unit_id", "accounting", "status")


@dataclass(frozen=True)
class Membership:
    """How an account belongs to its enterprise. ``unit`` is a name; empty: the root."""

    display_name: str = ""
    unit: str = ""
    accounting: EnterpriseAccounting = EnterpriseAccounting.INDEPENDENT
    status: MemberAccountStatus = MemberAccountStatus.NORMAL


@transaction.atomic(durable=True)
def enable_projects(actor: Actor) -> Account:
    """Switch enterprise projects on for the actor's own account, once (API B.54).

    Raises NotFound for accounts that are no customers, ProjectsEnabled.
    """
    actor.require(MANAGE_ENTERPRISE)
    if actor.audience != Audience.CUSTOMER:
        raise NotFound
    account = locks.lock_account(actor.account_id)
    if account.enterprise_projects_at:
        raise ProjectsEnabled
    account.enterprise_projects_at = clock.now()
    account.save(update_fields=["enterprise_projects_at"])
    audit.services.record(
        actor,
        "accounts.enterprise_projects.enabled",
        account,
        after={"since": account.enterprise_projects_at.isoformat()},
    )
    return account


@transaction.atomic(durable=True)
def add_member(
    actor: Actor, *, master_id: int, member_id: int, membership: Membership
) -> EnterpriseMember:
    """Make an account a member of an enterprise; a unit of a new name is created.

    Raises SameAccount, NoEnterpriseMember, HasMaster, IsMaster.
    """
    actor.require(OPERATE_STANDING)
    if master_id == member_id:
        raise SameAccount
    locked = {pk: locks.lock_account(pk) for pk in sorted({master_id, member_id})}
    master, member = locked[master_id], locked[member_id]
    _refuse_tie(master, member)
    row = EnterpriseMember.objects.create(
        account=master,
        member=member,
        display_name=membership.display_name,
        unit=_unit_of(actor, master, membership.unit),
        accounting=membership.accounting,
        status=membership.status,
        joined_at=clock.now(),
    )
    _record(actor, row, "added", before={}, after=_described(row))
    return row


@transaction.atomic(durable=True)
def modify_member(
    actor: Actor, member_id: int, *, membership: Membership, seen: str
) -> EnterpriseMember:
    """Change how an account belongs to its enterprise. ``member_id``: of the row. Raises Stale."""
    actor.require(OPERATE_STANDING)
    row = _lock_member(member_id)
    refuse_stale(seen, fingerprint_of(row, MEMBER_FIELDS))
    before = _described(row)
    row.display_name = membership.display_name
    row.unit = _unit_of(actor, row.account, membership.unit)
    row.accounting = membership.accounting
    row.status = membership.status
    if (after := _described(row)) != before:
        row.save(update_fields=["display_name", "unit", "accounting", "status"])
        _record(actor, row, "modified", before=before, after=after)
    return row


@transaction.atomic(durable=True)
def remove_member(actor: Actor, member_id: int, *, reason: str) -> None:
    """Let an account leave its enterprise; the audit trails keep that it belonged to it.

    Raises ReasonMissing, NotFound.
    """
    actor.require(OPERATE_STANDING)
    if not reason.strip():
        raise ReasonMissing
    row = _lock_member(member_id)
    _record(actor, row, "removed", before=_described(row), after={"reason": reason.strip()})
    row.delete()


@transaction.atomic(durable=True)
def rename_unit(actor: Actor, unit_id: int, *, name: str, seen: str) -> EnterpriseUnit:
    """Give a unit another name. Raises NotFound, Stale, UnitNameTaken."""
    actor.require(OPERATE_STANDING)
    unit = EnterpriseUnit.objects.filter(pk=unit_id).first()
    if unit is None:
        raise NotFound
    locks.lock_account(unit.account_id)
    unit.refresh_from_db()
    refuse_stale(seen, fingerprint_of(unit, ("name",)))
    same = EnterpriseUnit.objects.filter(account_id=unit.account_id, name__iexact=name)
    if same.exclude(pk=unit.pk).exists():
        raise UnitNameTaken
    before, unit.name = unit.name, name
    unit.save(update_fields=["name"])
    audit.services.record(
        actor,
        "accounts.enterprise_unit.renamed",
        unit,
        before={"name": before},
        after={"name": name},
        account_id=unit.account_id,
    )
    return unit


def _refuse_tie(master: Account, member: Account) -> None:
    for account, field in ((master, "master"), (member, "member")):
        if account.is_operator or account.partner_kind:
            raise NoEnterpriseMember(account.name, field)
        if EnterpriseMember.objects.filter(member=account).exists():
            raise HasMaster(account.name, field)
    if EnterpriseMember.objects.filter(account=member).exists():
        raise IsMaster(member.name)


def _unit_of(actor: Actor, master: Account, name: str) -> EnterpriseUnit | None:
    """The master's unit of this name, created if it is new; None for the root."""
    if not (name := name.strip()):
        return None
    units = EnterpriseUnit.objects.filter(account=master)
    if unit := units.filter(name__iexact=name).first():
        return unit
    unit = EnterpriseUnit.objects.create(account=master, name=name)
    audit.services.record(
        actor,
        "accounts.enterprise_unit.created",
        unit,
        after={"name": name},
        account_id=master.pk,
    )
    return unit


def _lock_member(row_id: int) -> EnterpriseMember:
    """The membership, its master's account locked before it. Raises NotFound."""
    rows = EnterpriseMember.objects.filter(pk=row_id)
    if (master_id := rows.values_list("account_id", flat=True).first()) is None:
        raise NotFound
    locks.lock_account(master_id)
    if (row := rows.select_for_update(no_key=True).first()) is None:
        raise NotFound
    return row


def _described(row: EnterpriseMember) -> dict[str, Any]:
    return {
        "master": row.account.name,
        "member": row.member.name,
        "display_name": row.display_name,
        "unit": row.unit.name if row.unit else "",
        "accounting": str(row.accounting),
        "status": int(row.status),
    }


def _record(
    actor: Actor,
    row: EnterpriseMember,
    event: str,
    *,
    before: dict[str, Any],
    after: dict[str, Any],
) -> None:
    """One audit record in each of the two books."""
    for account_id in sorted({row.account_id, row.member_id}):
        audit.services.record(
            actor,
            f"accounts.enterprise_member.{event}",
            row,
            before=before,
            after=after,
            account_id=account_id,
        )
