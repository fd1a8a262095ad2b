"""Making an Actor out of a user: permissions, scope, team."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db.models import Q

from partner_center import permissions
from partner_center.actors import Actor, Door, Scope
from partner_center.permissions import Audience

from ..choices import SystemRole
from ..models import Account, DirectorLink, Role, User
from ..models.standing import DEFAULT_GRANTS, GRANTS
from ..refusals.operating import NoOperator
from ..roles import permissions_of

#: Says which permissions a customer's partner has taken from it, by the customer's key.
_withholders: list[Callable[[int], frozenset[str]]] = []


def withhold(provider: Callable[[int], frozenset[str]]) -> None:
    """Let a higher floor take permissions from customers; called once at start (01-BAS-14)."""
    _withholders.append(provider)


def actor_for(
    user: User, *, door: Door = Door.PAGE, ip: str | None = None, request_id: str = ""
) -> Actor:
    """The user as an actor in its own account. Three queries at most (of customers one more, about
    what their partner withholds), none per role.

    Select ``account__terms`` with the user where that saves a query.
    """
    account = user.account
    roles = [] if user.is_main else list(Role.objects.filter(assignments__user=user))
    audience = account.audience
    held = permissions.codes(audience) if user.is_main else permissions_held(roles, audience)
    if audience == Audience.CUSTOMER:
        held = held.difference(*(provider(account.pk) for provider in _withholders))
    scope = scope_of(role.system_code for role in roles)
    return Actor(
        account_id=account.pk,
        account_name=account.name,
        audience=audience,
        user_id=user.pk,
        name=user.username,
        permissions=held,
        scope=scope,
        team=_team_of(user) if scope == Scope.TEAM else frozenset(),
        is_main=user.is_main,
        roles=tuple(sorted(role.name for role in roles)) or (str(SystemRole.ADMIN.label),),
        partner_kind=account.partner_kind,
        grants=_grants(account),
        verifies=account.verifies,
        door=door,
        ip=ip,
        request_id=request_id,
    )


def operator_job(name: str) -> Actor:
    """A command or job that works on the operator's own books. Raises NoOperator."""
    account = Account.objects.filter(is_operator=True).order_by("pk").first()
    if account is None:
        raise NoOperator
    return Actor.system(name, account.pk, account.name)


def permissions_held(roles: Iterable[Role], audience: permissions.Audience) -> frozenset[str]:
    """The union of what the roles hold (02-ORG-01)."""
    return frozenset().union(*(role_permissions(role, audience) for role in roles))


def role_permissions(role: Role, audience: permissions.Audience) -> frozenset[str]:
    """What a role holds in an account of this audience, defaults included (02-ROL-05)."""
    if role.system_code:
        return permissions_of(SystemRole(role.system_code), audience)
    chosen = permissions.with_companions(frozenset(role.permissions)) & permissions.codes(audience)
    return chosen | permissions.default_codes(audience) if chosen else frozenset()


def scope_of(system_codes: Iterable[str]) -> Scope:
    """Scope that a set of roles gives; custom roles count as an empty code (02-ROL-06, ROL-07)."""
    codes = list(system_codes)
    if codes == [SystemRole.MANAGER]:
        return Scope.OWN
    if codes == [SystemRole.DIRECTOR]:
        return Scope.TEAM
    return Scope.ALL


def _grants(account: Account) -> frozenset[str]:
    """Names of the terms that are on; the row comes with the account where that was selected."""
    terms = getattr(account, "terms", None) if account.partner_kind else None
    if terms is None:
        return DEFAULT_GRANTS if account.partner_kind else frozenset()
    return frozenset(name for name in GRANTS if getattr(terms, name))


def _team_of(director: User) -> frozenset[int]:
    managers = DirectorLink.objects.filter(Q(director=director), ended_at=None)
    return frozenset(managers.values_list("manager_id", flat=True)) | {director.pk}
