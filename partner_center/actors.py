"""Who acts: the first argument of every service and of every scoped query."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

from . import permissions
from .permissions import Audience
from .refusals import NotPermitted


class Door(StrEnum):
    """Through which door the request came in; recorded in the audit trail."""

    PAGE = "page"
    API = "api"
    ADMIN = "admin"
    JOB = "job"


class Scope(StrEnum):
    """Which of the partner's customers the actor may see (02-ROL-06, ROL-07, S-06, S-09)."""

    ALL = "all"
    TEAM = "team"  # account director: own customers and those of its account managers
    OWN = "own"  # account manager only: the customers assigned to it


@dataclass(frozen=True)
class OnBehalf:
    """Who really acts while somebody of a partner works in a customer's account (04-OBO-03)."""

    partner_id: int
    partner_name: str
    #: csp, distributor or reseller: decides what may be ordered (04 D-52).
    partner_kind: str
    session_id: int
    #: What the session was opened for: a value of orders.choices.SessionPurpose.
    purpose: str
    #: The customer as people name it, for the bar that says as whom somebody acts.
    customer_title: str = ""


@dataclass(frozen=True)
class Actor:
    """A person, an access key or a job, acting in one account (tenant) with some permissions.

    Carries plain values only, so that the kernel and the lowest floors need no model.
    """

    account_id: int
    account_name: str
    audience: Audience
    user_id: int | None = None
    name: str = "system"
    permissions: frozenset[str] = frozenset()
    scope: Scope = Scope.ALL
    #: Account managers whose customers the actor sees when the scope is TEAM; the actor included.
    team: frozenset[int] = frozenset()
    is_main: bool = False
    #: Names of the roles, as people read them.
    roles: tuple[str, ...] = ()
    #: csp, distributor or reseller; empty when the account is no partner.
    partner_kind: str = ""
    #: What the operator has granted this partner: names of fields of its terms that are on.
    grants: frozenset[str] = frozenset()
    #: The account's switch Verify It's You (01-BAS-05).
    verifies: bool = False
    door: Door = Door.PAGE
    ip: str | None = None
    request_id: str = ""
    #: Verification code that came with the request, if one did; see partner_center.critical.
    code: str | None = field(default=None, repr=False)
    #: Set by partner_center.critical when that code was checked and used up for the running operation.
    code_used: bool = False
    is_system: bool = False
    #: Set while a partner's user acts as a customer: the account is then the customer's, user and
    #: name are the partner's user.
    on_behalf: OnBehalf | None = None

    def can(self, permission: str) -> bool:
        """Whether the actor holds the permission. Jobs hold all."""
        return self.is_system or permission in self.permissions

    def require(self, permission: str) -> None:
        """Raise NotPermitted unless the actor holds the permission."""
        if not self.can(permission):
            raise NotPermitted(permission, str(permissions.get(permission).label))

    @property
    def is_operator(self) -> bool:
        """Whether the actor acts for the cloud operator."""
        return self.audience == Audience.OPERATOR

    @property
    def own_account_id(self) -> int:
        """The account that the acting user belongs to: the partner's when on behalf."""
        return self.on_behalf.partner_id if self.on_behalf else self.account_id

    @property
    def full_name(self) -> str:
        """Who acts, as records name it: with the partner's account when on behalf."""
        return f"{self.name} ({self.on_behalf.partner_name})" if self.on_behalf else self.name

    def with_code(self, code: str | None) -> Actor:
        """The same actor, with the verification code that came with the request."""
        return replace(self, code=code, code_used=False)

    @classmethod
    def system(cls, name: str, account_id: int, account_name: str = "") -> Actor:
        """A job that acts in one account; may do everything there and is recorded by its name."""
        return cls(
            account_id=account_id,
            account_name=account_name,
            audience=Audience.OPERATOR,
            name=name,
            door=Door.JOB,
            is_system=True,
        )
