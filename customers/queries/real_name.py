"""Real-name authentication of a partner's customers."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import Account
from partner_center.actors import Actor
from partner_center.refusals import NotFound
from realname.models import RealNameApplication
from realname.queries import applications

from ..models import Association
from ..permissions import VERIFY_CUSTOMERS


@dataclass(frozen=True)
class CustomerState:
    """A customer, and where its authentication stands."""

    association_id: int
    customer: Account
    state: applications.State


def get_customer(actor: Actor, association_id: int) -> CustomerState:
    """A customer within the actor's scope. Raises NotFound."""
    actor.require(VERIFY_CUSTOMERS)
    live = Association.objects.visible_to(actor).live().select_related("customer")
    if (found := live.filter(pk=association_id).first()) is None:
        raise NotFound
    return CustomerState(found.pk, found.customer, applications.state_of(found.customer_id))


def last_application(actor: Actor, customer_public_id: str) -> RealNameApplication | None:
    """The newest application of a customer within the actor's scope (API B.53). Raises NotFound."""
    actor.require(VERIFY_CUSTOMERS)
    live = Association.objects.visible_to(actor).live()
    found = live.filter(customer__public_id=customer_public_id)
    if (customer_id := found.values_list("customer_id", flat=True).first()) is None:
        raise NotFound
    return applications.last_of(customer_id)
