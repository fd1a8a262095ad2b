"""The guard: whether a customer may buy or operate now (04 "Purchase and operation matrix").

Every purchase and operation asks it twice: for the page, which shows what is possible and why the
rest is not, and in the service, after the lock.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from accounts.choices import AccountStatus
from accounts.models import Account
from customers.choices import AssociationModel
from customers.models import Association
from partner_center import clock
from partner_center.clock import business_date
from resellers.queries import invitations

from ..choices import FreezeStatus, HoldOwner, Strength
from ..models import FreezeHold
from ..refusals import (
    AccountFrozen,
    AccountSuspended,
    BudgetInsufficient,
    GuardRefusal,
    HeldByOperator,
    MayNotBuy,
    PartnerRestricted,
    ResourcesFrozen,
)
from ..rules import freezing
from ..rules.matrix import OF_RESOURCES, PURCHASES, BudgetStanding, Operation, Verdict, verdict
from . import control, holds, usage


@dataclass(frozen=True)
class Frozen:
    """What a frozen customer reads: since when, whom to ask, when its resources are released."""

    status: FreezeStatus
    since: datetime
    contact: str
    release_at: datetime | None

    @property
    def stops_resources(self) -> bool:
        """Whether the resources stand still as well."""
        return self.status == FreezeStatus.RESOURCES

    @property
    def spared(self) -> str:
        """What of the resources stays in service all the same; empty: nothing (04 D-17)."""
        return holds.spared()


@dataclass(frozen=True)
class Restrictions:
    """What is known of one customer, read once; :meth:`refusal_for` asks it for any operation."""

    status: FreezeStatus
    #: Budget of the customer; None where none governs it: Referral, or without a partner.
    standing: BudgetStanding | None = None
    partner: str = ""
    owners: frozenset[HoldOwner] = frozenset()
    #: When frozen resources are released.
    release_at: datetime | None = None
    is_suspended: bool = False
    may_not_buy: bool = False
    partner_restricted: bool = False
    #: What the customer is told while it is frozen.
    frozen: Frozen | None = None

    def refusal_for(self, operation: Operation, price: Decimal = Decimal(0)) -> GuardRefusal | None:
        """Why the operation is refused; None when it is allowed. ``price`` as in the rules."""
        is_purchase = operation in PURCHASES
        if self.is_suspended and operation not in (Operation.VIEW, Operation.UNSUBSCRIBE):
            return AccountSuspended()
        if self.may_not_buy and is_purchase:
            return MayNotBuy()
        if self.partner_restricted and is_purchase:
            return PartnerRestricted(self.partner)
        return self._of_matrix(operation, price, is_purchase=is_purchase)

    def about(self, *, is_frozen: bool) -> Restrictions:
        """What restricts one resource: to one that the freeze has spared only the account's counts.

        Everything is frozen unless FREEZE_PAY_PER_USE_ONLY says otherwise (04 D-17).
        """
        is_spared = self.status == FreezeStatus.RESOURCES and not is_frozen
        return replace(self, status=FreezeStatus.ACCOUNT) if is_spared else self

    def allows(self, operation: Operation, price: Decimal = Decimal(0)) -> bool:
        """Whether the operation is allowed."""
        return self.refusal_for(operation, price) is None

    def _of_matrix(
        self, operation: Operation, price: Decimal, *, is_purchase: bool
    ) -> GuardRefusal | None:
        match verdict(operation, self.status, self.standing, price):
            case Verdict.ALLOWED:
                return None
            case Verdict.BUDGET:
                return BudgetInsufficient(self.partner)
            case Verdict.RESOURCES_FROZEN if operation in OF_RESOURCES:
                return ResourcesFrozen(self._contact, self.release_day)
        if self.owners == {HoldOwner.OPERATOR}:
            return HeldByOperator()
        return AccountFrozen(self.partner, is_purchase=is_purchase)

    @property
    def _contact(self) -> str:
        return self.frozen.contact if self.frozen else self.partner

    @property
    def release_day(self) -> str:
        """Day on which frozen resources are released, GMT+08:00; empty when nothing is frozen."""
        return f"{business_date(self.release_at):%b %d, %Y}" if self.release_at else ""


def restrictions_of(customer_id: int, moment: datetime | None = None) -> Restrictions:
    """What restricts a customer now, or at ``moment``. Its queries do not grow with anything."""
    live = Association.objects.live().filter(customer_id=customer_id)
    association = live.select_related("account", "customer").first()
    if association is not None:
        return restrictions_of_each([association], moment)[association.pk]
    account = Account.objects.get(pk=customer_id)
    return Restrictions(
        FreezeStatus.NORMAL,
        is_suspended=account.status == AccountStatus.SUSPENDED,
        may_not_buy=invitations.may_not_buy(customer_id),
    )


def restrictions_of_each(
    associations: Sequence[Association], moment: datetime | None = None
) -> dict[int, Restrictions]:
    """By association: what restricts its customer; the number of queries does not grow with theirs.

    The associations come with ``account`` and ``customer``.
    """
    keys = [row.pk for row in associations]
    live: dict[int, list[FreezeHold]] = {key: [] for key in keys}
    for hold in holds.live_holds(keys):
        live[hold.association_id].append(hold)
    of_model = [row for row in associations if row.model == AssociationModel.RESELLER]
    restricted = control.restricted_payers(of_model) if of_model else set()
    standings = usage.standings_of([row.pk for row in of_model], moment or clock.now())
    barred = invitations.barred_from_buying([row.customer_id for row in associations])
    return {
        row.pk: _restrictions(
            row,
            _counting(row, live[row.pk]),
            _standing(row, standings),
            may_not_buy=row.customer_id in barred,
            restricted=row.pk in restricted,
        )
        for row in associations
    }


def _restrictions(
    association: Association,
    found: list[FreezeHold],
    standing: BudgetStanding | None,
    *,
    may_not_buy: bool,
    restricted: bool,
) -> Restrictions:
    return Restrictions(
        status=freezing.shown_state(hold.strength for hold in found),
        standing=standing,
        partner=association.account.title,
        owners=frozenset(HoldOwner(hold.owner) for hold in found),
        release_at=release_at(found),
        is_suspended=association.customer.status == AccountStatus.SUSPENDED,
        may_not_buy=may_not_buy,
        partner_restricted=restricted,
        frozen=_frozen(association, found),
    )


def frozen_of(association: Association) -> Frozen | None:
    """What this customer is told of its freeze; None when it is not frozen. One query."""
    return _frozen(association, _counting(association, list(holds.live_holds([association.pk]))))


def _frozen(association: Association, found: list[FreezeHold]) -> Frozen | None:
    """``association`` comes with its account, the partner."""
    if not found:
        return None
    status = freezing.shown_state(hold.strength for hold in found)
    by_operator = all(hold.owner == HoldOwner.OPERATOR for hold in found)
    return Frozen(
        status=status,
        since=min(h.placed_at for h in found if freezing.frozen_as(h.strength) == status),
        contact=str(HoldOwner.OPERATOR.label) if by_operator else association.account.title,
        release_at=release_at(found),
    )


def _standing(
    association: Association, standings: Mapping[int, BudgetStanding]
) -> BudgetStanding | None:
    """Customers of the Reseller model buy within a budget: without one, nothing prepaid (04 D-10)."""
    if association.model != AssociationModel.RESELLER:
        return None
    return standings.get(association.pk, BudgetStanding(None, Decimal(0)))


def refusal_for(
    customer_id: int, operation: Operation, *, price: Decimal = Decimal(0)
) -> GuardRefusal | None:
    """Why a customer may not do this now; None when it may."""
    return restrictions_of(customer_id).refusal_for(operation, price)


def require(customer_id: int, operation: Operation, *, price: Decimal = Decimal(0)) -> None:
    """Raise the refusal of an operation that is not allowed now."""
    if refusal := refusal_for(customer_id, operation, price=price):
        raise refusal


def release_at(live: Collection[FreezeHold]) -> datetime | None:
    """When the resources that these holds freeze are released: never before any of them says so."""
    ends = [hold.retention_until for hold in live if hold.strength == Strength.RESOURCES]
    return max((end for end in ends if end), default=None)


def _counting(association: Association, live: list[FreezeHold]) -> list[FreezeHold]:
    """The holds that count: of a Referral customer the operator's alone."""
    if association.model == AssociationModel.RESELLER:
        return live
    return [hold for hold in live if hold.owner == HoldOwner.OPERATOR]
