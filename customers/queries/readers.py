"""Who of a partner may read about one customer."""

from __future__ import annotations

from django.db.models import Count, Max

from accounts.choices import SystemRole
from accounts.models import DirectorLink, RoleAssignment, User

_NARROW = (SystemRole.MANAGER, SystemRole.DIRECTOR)


def readers_of(partner_id: int, manager_id: int | None) -> set[int]:
    """Users of the partner whose customer scope covers a customer of this manager (02-ROL-06, ROL-07).

    Everybody but account managers and directors, and of these the manager and its directors.
    """
    held = RoleAssignment.objects.filter(user__account_id=partner_id).order_by()
    single = held.values("user").annotate(roles=Count("role"), code=Max("role__system_code"))
    narrow = single.filter(roles=1, code__in=_NARROW).values_list("user", flat=True)
    users = User.objects.filter(account_id=partner_id, deleted_at=None)
    found = set(users.exclude(pk__in=list(narrow)).values_list("pk", flat=True))
    if manager_id is None:
        return found
    directors = DirectorLink.objects.filter(manager_id=manager_id, ended_at=None)
    return found | {manager_id} | set(directors.values_list("director_id", flat=True))
