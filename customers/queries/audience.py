"""Who in a partner's account sees one customer: whom messages about it are for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from accounts.choices import UserStatus
from accounts.models import DirectorLink, User
from accounts.queries.actors import scope_of
from partner_center.actors import Scope

from ..models import Association, ManagerAssignment

#: An association, and the account whose users are asked for: its partner's or a distributor's.
Side = tuple[int, int]


def users_who_see(association: Association, *, account_id: int | None = None) -> set[int]:
    """:func:`users_who_see_each` of one association, for its partner or for another account."""
    side = association.pk, account_id or association.account_id
    return users_who_see_each([side])[side]


def users_who_see_each(sides: Collection[Side]) -> dict[Side, set[int]]:
    """Users whose scope covers each customer, of its partner or of another account, a distributor's.

    For ``only_users`` of a message, so that no account manager reads of a colleague's customer
    (02-ROL-06, ROL-07). Four queries.
    """
    managers: dict[int, set[int]] = defaultdict(set)
    rows = ManagerAssignment.objects.live().filter(association__in={key for key, _id in sides})
    for association_id, manager_id in rows.values_list("association_id", "manager_id"):
        managers[association_id].add(manager_id)
    staff = _Staff.of({account_id for _key, account_id in sides})
    directors = _directors_of({each for found in managers.values() for each in found})
    return {
        (key, account_id): staff[account_id].beside(managers[key], directors)
        for key, account_id in sides
    }


def users_beside(account_id: int, managers: set[int]) -> set[int]:
    """Users of a partner whose scope covers what these managers look after; three queries."""
    return _Staff.of({account_id})[account_id].beside(managers, _directors_of(managers))


def users_beside_nobody(account_ids: Collection[int]) -> dict[int, set[int]]:
    """Users of each partner whose scope covers customers without an account manager; two queries."""
    return {key: staff.beside(set(), {}) for key, staff in _Staff.of(account_ids).items()}


@dataclass
class _Staff:
    """The users of one account, by what their roles let them see."""

    by_scope: dict[Scope, set[int]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def of(cls, account_ids: Collection[int]) -> dict[int, _Staff]:
        """The staff of each account. Two queries."""
        found: dict[int, _Staff] = {key: cls() for key in account_ids}
        users = User.objects.filter(account__in=account_ids, status=UserStatus.NORMAL)
        for user in users.prefetch_related("role_assignments__role"):
            found[user.account_id].by_scope[_scope_of(user)].add(user.pk)
        return found

    def beside(self, managers: set[int], directors: Mapping[int, set[int]]) -> set[int]:
        """Those who see what these managers look after."""
        team = managers.union(*(directors.get(manager, ()) for manager in managers))
        return (
            self.by_scope[Scope.ALL]
            | self.by_scope[Scope.OWN] & managers
            | self.by_scope[Scope.TEAM] & team
        )


def _directors_of(managers: set[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    if managers:
        links = DirectorLink.objects.filter(manager_id__in=managers, ended_at=None)
        for manager_id, director_id in links.values_list("manager_id", "director_id"):
            found[manager_id].add(director_id)
    return found


def _scope_of(user: User) -> Scope:
    if user.is_main:
        return Scope.ALL
    return scope_of(link.role.system_code for link in user.role_assignments.all())
