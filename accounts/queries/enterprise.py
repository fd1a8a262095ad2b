"""An enterprise's member accounts and projects, as its master sees them (API B.54, B.55)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from partner_center.actors import Actor

from ..models import Account, EnterpriseMember, EnterpriseUnit
from ..permissions import VIEW_ENTERPRISE
from ..refusals.standing import NotEnterpriseMaster
from . import standing


def list_members(actor: Actor) -> QuerySet[EnterpriseMember]:
    """The actor's member accounts, by account name; none when it is no master."""
    actor.require(VIEW_ENTERPRISE)
    rows = EnterpriseMember.objects.visible_to(actor).select_related("account", "member", "unit")
    return rows.order_by("member__name", "pk")


def list_units(actor: Actor) -> QuerySet[EnterpriseUnit]:
    """The actor's organisation units."""
    actor.require(VIEW_ENTERPRISE)
    return EnterpriseUnit.objects.visible_to(actor).order_by("name", "pk")


def is_master(actor: Actor) -> bool:
    """Whether the actor's account is an enterprise master."""
    return standing.enterprise_ties_of(actor.account_id).is_master


def find_members(
    actor: Actor,
    *,
    account_name: str | None = None,
    display_name: str | None = None,
    unit_public_id: str | None = None,
    is_fuzzy: bool = False,
) -> QuerySet[EnterpriseMember]:
    """Member accounts by exact or fuzzy names and by unit; None: no filter, empty: empty ones.

    The root unit's public ID is the empty string. Raises NotEnterpriseMaster.
    """
    rows = list_members(actor)
    if not is_master(actor):
        raise NotEnterpriseMaster
    for path, asked in (("member__name", account_name), ("display_name", display_name)):
        if asked is not None:
            rows = rows.filter(**{f"{path}{_lookup(asked, is_fuzzy)}": asked})
    if unit_public_id is not None:
        unit = {"unit__public_id": unit_public_id} if unit_public_id else {"unit": None}
        rows = rows.filter(**unit)
    return rows


def projects_since(actor: Actor) -> datetime | None:
    """Since when the actor's account uses enterprise projects; None when it does not."""
    actor.require(VIEW_ENTERPRISE)
    accounts = Account.objects.filter(pk=actor.account_id)
    return accounts.values_list("enterprise_projects_at", flat=True).get()


def _lookup(asked: str, is_fuzzy: bool) -> str:
    """Fuzzy finds the beginning, middle and end of a name; an empty text only empty names."""
    return "__icontains" if is_fuzzy and asked else ""
