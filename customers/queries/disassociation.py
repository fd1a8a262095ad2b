"""The account check before a disassociation: facts from wherever they are kept, and its items."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts.queries import information, standing
from partner_center import clock
from partner_center.actors import Actor

from .. import account_checks
from ..choices import AssociationModel, Purpose, Side
from ..models import Association, AssociationRequest
from ..permissions import DISASSOCIATE, MANAGE_PARTNER
from ..refusals import NoPartnerNow, NotOffered, NotReseller, PartnerDecides
from ..rules.disassociation import ABOUT_REQUESTS, CheckItem, LeavingFacts, check_items
from .associations import get_customer


@dataclass(frozen=True)
class AccountCheck:
    """What the account check says about one association, for one side."""

    association: Association
    side: Side
    items: list[CheckItem]

    @property
    def failed(self) -> list[CheckItem]:
        """The items that stand in the way."""
        return [item for item in self.items if not item.passed]

    @property
    def of_account(self) -> list[CheckItem]:
        """The failed items that are about the account itself, not about requests."""
        return [item for item in self.failed if item.code not in ABOUT_REQUESTS]

    def as_json(self, moment: datetime) -> dict[str, object]:
        """For the record of the request: what was checked when."""
        return {
            "checked_at": moment.isoformat(),
            "items": {item.code: item.passed for item in self.items},
        }


def customers_check(actor: Actor) -> AccountCheck:
    """The check of a customer that wants to leave. Raises NoPartnerNow, PartnerDecides (CSD-18)."""
    actor.require(MANAGE_PARTNER)
    live = Association.objects.live().select_related("account", "customer")
    if (found := live.filter(customer_id=actor.account_id).first()) is None:
        raise NoPartnerNow
    refuse_other_model(found, Side.CUSTOMER)
    return check_account(found, Side.CUSTOMER, clock.now())


def partners_check(actor: Actor, association_id: int) -> AccountCheck:
    """The check of a partner that wants to leave. Raises NotFound, NotOffered, NotReseller."""
    actor.require(DISASSOCIATE)
    association = get_customer(actor, association_id)
    refuse_other_model(association, Side.PARTNER)
    return check_account(association, Side.PARTNER, clock.now())


def may_disassociate(actor: Actor) -> bool:
    """Whether the actor's partner may ask for disassociation, and the actor for it (04-ASC-01)."""
    return actor.can(DISASSOCIATE) and standing.terms_of(actor.account_id).may_disassociate


def refuse_other_model(association: Association, side: Side) -> None:
    """Raise unless this side may ask at all: the Reseller model, and the operator's grant."""
    if side == Side.PARTNER and not standing.terms_of(association.account_id).may_disassociate:
        raise NotOffered
    if association.model != AssociationModel.RESELLER:
        raise PartnerDecides if side == Side.CUSTOMER else NotReseller


def check_account(association: Association, side: Side, moment: datetime) -> AccountCheck:
    """The check itself, with what higher floors add."""
    items = check_items(_facts(association, side), side, clock.business_date(moment))
    return AccountCheck(association, side, [*items, *account_checks.items(association, side)])


def _facts(association: Association, side: Side) -> LeavingFacts:
    known = standing.standing_of(association.customer_id)
    ties = standing.enterprise_ties_of(association.customer_id)
    of_pair = AssociationRequest.objects.filter(
        account_id=association.account_id, customer_id=association.customer_id
    )
    own = of_pair.filter(purpose=Purpose.DISASSOCIATE, initiator=side)
    return LeavingFacts(
        last_request=own.order_by("-requested_at").values_list("requested_at", flat=True).first(),
        is_pending=of_pair.open().exists(),
        has_orders_for_partner=known.has_orders_for_partner,
        has_independent_members=ties.has_independent_members,
        is_enterprise_member=ties.is_member,
        is_overdue=known.overdue > 0,
        has_reserved_instances=known.has_reserved_instances,
        has_support_plan=known.has_support_plan,
        has_currency=information.latest_currency(association.customer_id) is not None,
        has_commerce_contract=known.has_commerce_contract,
    )
