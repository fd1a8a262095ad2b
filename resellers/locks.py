"""Row locks of the resellers app, taken after accounts by key (accounts.locks) in this order:
invitations, associations."""

from __future__ import annotations

from collections.abc import Iterable

from accounts import locks as account_locks
from accounts.models import Account
from partner_center.actors import Actor
from partner_center.refusals import NotFound

from .models import ResellerAssociation, ResellerInvitation


def lock_accounts(*account_ids: int) -> dict[int, Account]:
    """The accounts by key, locked in the order of their keys. Raises NotFound."""
    return {pk: account_locks.lock_account(pk) for pk in sorted(set(account_ids))}


def lock_invitation(invitation_id: int) -> ResellerInvitation:
    """An invitation of anybody. Raises NotFound."""
    rows = ResellerInvitation.objects.select_for_update(of=("self",), no_key=True)
    if (found := rows.select_related("account").filter(pk=invitation_id).first()) is None:
        raise NotFound
    return found


def lock_own_invitation(actor: Actor, invitation_id: int) -> ResellerInvitation:
    """An invitation of the actor's account, the distributor. Raises NotFound."""
    rows = ResellerInvitation.objects.visible_to(actor).select_related("account")
    rows = rows.select_for_update(of=("self",), no_key=True)
    if (found := rows.filter(pk=invitation_id).first()) is None:
        raise NotFound
    return found


def lock_invitation_of_link(digest: str) -> ResellerInvitation:
    """The invitation whose newest link has this digest. Raises NotFound."""
    rows = ResellerInvitation.objects.select_for_update(of=("self",), no_key=True)
    if (found := rows.select_related("account").filter(token_digest=digest).first()) is None:
        raise NotFound
    return found


def lock_association(association_id: int) -> ResellerAssociation:
    """A live association of anybody. Raises NotFound."""
    rows = ResellerAssociation.objects.filter(ended_at=None).select_related("account", "reseller")
    rows = rows.select_for_update(of=("self",), no_key=True)
    if (found := rows.filter(pk=association_id).first()) is None:
        raise NotFound
    return found


def lock_own_association(actor: Actor, association_id: int) -> ResellerAssociation:
    """A live association of the actor's account, the distributor. Raises NotFound."""
    rows = ResellerAssociation.objects.visible_to(actor).filter(ended_at=None)
    rows = rows.select_related("account", "reseller").select_for_update(of=("self",), no_key=True)
    if (found := rows.filter(pk=association_id).first()) is None:
        raise NotFound
    return found


def lock_ties(reseller_ids: Iterable[int]) -> None:
    """Whatever binds these resellers to their distributors, by key: grants and quotas stand still."""
    rows = ResellerAssociation.objects.filter(reseller__in=reseller_ids, ended_at=None)
    list(rows.order_by("pk").select_for_update(no_key=True))
