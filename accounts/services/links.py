"""Who manages which account manager: the parts that other services share (02-ORG-08, ROL-08).

Everything here runs in the caller's transaction, after it has locked the users concerned.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

import audit.services
from partner_center.actors import Actor

from ..choices import SystemRole
from ..models import DirectorLink, RoleAssignment, User
from ..refusals import NotADirector, NotAManager


def set_director(actor: Actor, manager: User, director: User | None, moment: datetime) -> None:
    """Make ``director`` the manager's director, or leave it without one; the old link is closed.

    Raises NotAManager, NotADirector.
    """
    link = DirectorLink.objects.filter(manager=manager, ended_at=None)
    old = link.select_related("director").first()
    if (old and old.director_id) == (director and director.pk):
        return
    if director:
        refuse_wrong_roles(director, manager)
    link.update(ended_at=moment)
    if director:
        DirectorLink.objects.create(
            account_id=manager.account_id, director=director, manager=manager, started_at=moment
        )
    audit.services.record(
        actor,
        "accounts.member.director_set",
        manager,
        before={"director": str(old.director) if old else None},
        after={"director": str(director) if director else None},
    )


def refuse_wrong_roles(director: User, manager: User) -> None:
    """Raise NotADirector or NotAManager when one of the two does not hold its role."""
    if not _holds(director, SystemRole.DIRECTOR):
        raise NotADirector(str(director))
    if not _holds(manager, SystemRole.MANAGER):
        raise NotAManager(str(manager))


def end_links_of(user: User, moment: datetime, *, as_director: bool, as_manager: bool) -> int:
    """Close the open links of a user in one or both capacities; returns how many."""
    ended = Q()
    if as_director:
        ended |= Q(director=user)
    if as_manager:
        ended |= Q(manager=user)
    if not ended:
        return 0
    return DirectorLink.objects.filter(ended, ended_at=None).update(ended_at=moment)


def _holds(user: User, role: SystemRole) -> bool:
    return RoleAssignment.objects.filter(user=user, role__system_code=role).exists()
