"""Customers of every kind of partner, frozen and not."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from accounts.models import User
from budgets.choices import HoldOwner, Strength
from budgets.models import FreezeHold, FreezeRecord, FreezeState
from budgets.services import freezing, holds
from budgets.services import operating as operator
from customers.models import Association
from customers.services import operating as associations
from partner_center import clock
from partner_center.actors import Actor
from partner_center.critical import code_store
from resellers.models import ResellerAssociation, ResellerBudgetGrant

from ..accounts import steps
from ..cast import Cast, _account
from ..goods import Goods, stock


@dataclass
class World:
    """Associations, by whose customer it is; all of them begin with the default freeze."""

    cast: Cast
    tidemarks: Association
    meridians: Association
    lagoons: Association

    def of(self, customer) -> Association:
        return Association.objects.live().get(customer=customer)

    def authorize(self, **quotas) -> ResellerBudgetGrant:
        under = ResellerAssociation.objects.get(reseller=self.cast.lagoon, ended_at=None)
        quotas = quotas or {"monthly_quota": "1000"}
        return ResellerBudgetGrant.objects.create(
            account=self.cast.meridian, association=under, granted_at=clock.now(), **quotas
        )

    def withdraw(self) -> None:
        ResellerBudgetGrant.objects.filter(closed_at=None).update(closed_at=clock.now())

    def freeze(self, user, association, strength=Strength.ACCOUNT, **words):
        return freezing.freeze(
            self.cast.actor(user),
            association_ids=[association.pk],
            strength=strength,
            reason=words.pop("reason", "Overspending"),
            **words,
        )

    def unfreeze(self, user, association, strength=Strength.ACCOUNT, **words):
        return freezing.unfreeze(
            self.cast.actor(user),
            association_ids=[association.pk],
            strength=strength,
            reason=words.pop("reason", "Settled"),
            **words,
        )

    def hold(self, association, owner, strength=Strength.ACCOUNT):
        """A hold of whichever owner, as later evaluators place it."""
        return holds.place(
            self.cast.actor(self.cast.olga),
            [association],
            owner=owner,
            strength=strength,
            reason=f"By {owner}",
            moment=clock.now(),
        )

    def operator_hold(self, association, strength=Strength.ACCOUNT):
        return operator.place_operator_hold(
            self.cast.actor(self.cast.olga),
            customer_id=association.customer_id,
            strength=strength,
            reason="Abuse report",
        )


def state_of(association) -> str:
    return FreezeState.objects.get(pk=association.pk).state


def code_for(actor: Actor, operation: str) -> str:
    """A code of the operation, as the actor got it by e-mail."""
    code_store().send(actor, operation, "email")
    return steps.code_sent_to(User.objects.get(pk=actor.user_id).email)


def live_owners(association) -> list[str]:
    live = FreezeHold.objects.filter(association=association, released_at=None)
    return sorted(live.values_list("owner", flat=True))


def records_of(association) -> list[tuple[str, str, str, str]]:
    found = FreezeRecord.objects.filter(association=association).order_by("pk")
    return list(found.values_list("action", "before", "after", "origin"))


def release_all(world: World, association) -> None:
    holds.release(
        world.cast.actor(world.cast.olga),
        [association],
        owners=list(HoldOwner),
        origin=HoldOwner.OPERATOR,
        reason="Cleared",
        moment=clock.now(),
    )


def associate(cast: Cast, partner, customer, **terms) -> Association:
    return associations.associate(
        cast.actor(cast.olga),
        partner_id=partner.pk,
        customer_id=customer.pk,
        **{"freezes": True} | terms,
    )


def build(cast: Cast) -> World:
    return World(
        cast,
        tidemarks=associate(cast, cast.tidemark, _account("fresh-foods").account),
        meridians=associate(cast, cast.meridian, _account("delta-rail").account),
        lagoons=associate(cast, cast.lagoon, _account("reef-dive").account),
    )


@pytest.fixture
def world(cast: Cast) -> World:
    return build(cast)


@pytest.fixture
def goods(db: None) -> Goods:
    """What can be bought."""
    return stock()
