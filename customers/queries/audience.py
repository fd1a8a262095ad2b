"""Who in a partner's account sees one customer: whom messages about it are for."""

from __future__ import annotations

from accounts.choices import UserStatus
from accounts.models import DirectorLink, User
from accounts.queries.actors import scope_of
from partner_center.actors import Scope

from ..models import Association, ManagerAssignment


def users_who_see(association: Association, *, account_id: int | None = None) -> set[int]:
    """Users whose scope covers the customer, of its partner or of another account, a distributor's.

    For ``only_users`` of a message, so that no account manager reads of a colleague's customer
    (02-ROL-06, ROL-07). Four queries.
    """
    managers = set(
        ManagerAssignment.objects.live()
        .filter(association=association)
        .values_list("manager_id", flat=True)
    )
    links = DirectorLink.objects.filter(manager_id__in=managers, ended_at=None)
    allowed = {
        Scope.OWN: managers,
        Scope.TEAM: managers | set(links.values_list("director_id", flat=True)),
    }
    users = User.objects.filter(
        account_id=account_id or association.account_id, status=UserStatus.NORMAL
    ).prefetch_related("role_assignments__role")
    return {
        user.pk
        for user in users
        if (scope := _scope_of(user)) == Scope.ALL or user.pk in allowed[scope]
    }


def _scope_of(user: User) -> Scope:
    if user.is_main:
        return Scope.ALL
    return scope_of(link.role.system_code for link in user.role_assignments.all())
