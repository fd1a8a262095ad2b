"""Figures of the home pages that accounts know: members, contacts, accounts by kind."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from partner_center.actors import Actor

from ..choices import AccountStatus, PartnerKind, UserStatus
from ..models import Account, CustomerContact, User


@dataclass(frozen=True)
class MemberCounts:
    """Users of one account, the main user included."""

    all: int
    locked: int


@dataclass(frozen=True)
class KindCount:
    """Accounts of one kind."""

    kind: PartnerKind
    label: str
    count: int


@dataclass(frozen=True)
class AccountCounts:
    """Accounts of the whole installation, without the operator's own."""

    kinds: list[KindCount]
    suspended: int

    @property
    def all(self) -> int:
        """Sum of the kinds."""
        return sum(kind.count for kind in self.kinds)


def member_counts(actor: Actor) -> MemberCounts:
    """Members of the actor's account; the main account is none. One query."""
    counts = (
        User.objects.visible_to(actor)
        .present()
        .filter(is_main=False)
        .aggregate(all=Count("pk"), locked=Count("pk", filter=Q(status=UserStatus.LOCKED)))
    )
    return MemberCounts(**counts)


def has_customer_contact(actor: Actor) -> bool:
    """Whether customers of the actor's account see anybody to turn to (02-CON-01)."""
    return CustomerContact.objects.visible_to(actor).exists()


def account_counts() -> AccountCounts:
    """Accounts by kind and how many are suspended. One query."""
    kinds = {f"kind_{kind.name}": Count("pk", filter=Q(partner_kind=kind)) for kind in PartnerKind}
    suspended = Count("pk", filter=Q(status=AccountStatus.SUSPENDED))
    found = Account.objects.filter(is_operator=False).aggregate(**kinds, suspended=suspended)
    return AccountCounts(
        kinds=[
            KindCount(kind, str(kind.label), found[f"kind_{kind.name}"]) for kind in PartnerKind
        ],
        suspended=found["suspended"],
    )
