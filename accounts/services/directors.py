"""Account directors and the account managers they manage (02-ORG-08, S-05)."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from partner_center import clock
from partner_center.actors import Actor
from partner_center.stale import refuse_stale

from .. import locks
from ..choices import SystemRole
from ..models import User
from ..permissions import MANAGE_MEMBERS
from ..queries import members as member_queries
from ..refusals import NotADirector
from . import links


@transaction.atomic(durable=True)
def manage_managers(
    actor: Actor, director_id: int, *, manager_ids: Collection[int], seen: str
) -> User:
    """Make these account managers, and no others, those of the director.

    Managers of another director move over; managers left out have no director afterwards. Raises
    NotFound, Stale, NotADirector, NotAManager.
    """
    actor.require(MANAGE_MEMBERS)
    present = set(_team_ids(director_id))
    locked = locks.lock_members(actor, {director_id, *manager_ids, *present})
    director = locked[director_id]
    if not member_queries.holders(actor, SystemRole.DIRECTOR).filter(pk=director_id).exists():
        raise NotADirector(str(director))
    refuse_stale(seen, member_queries.seen_team(director))
    moment = clock.now()
    for pk in sorted(present - set(manager_ids)):
        links.set_director(actor, locked[pk], None, moment)
    for pk in sorted(set(manager_ids)):
        links.set_director(actor, locked[pk], director, moment)
    return director


def _team_ids(director_id: int) -> list[int]:
    """Read before the lock; whoever changes the team in between makes the page stale."""
    return list(member_queries.managers_of(User(pk=director_id)).values_list("pk", flat=True))
