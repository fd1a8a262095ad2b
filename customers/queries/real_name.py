"""Real-name authentication of a partner's customers."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import Account
from partner_center.actors import Actor
from partner_center.masking import mask_name
from partner_center.refusals import NotFound
from realname.models import RealNameApplication
from realname.queries import applications

from ..models import Association
from ..permissions import VERIFY_CUSTOMERS


@dataclass(frozen=True)
class CustomerState:
    """A customer, and where its authentication stands."""

    association: Association
    customer: Account
    #: The customer's name; masked like the names in ``state`` unless it was asked for in full.
    name: str
    state: applications.State


def get_customer(actor: Actor, association_id: int, *, masks: bool = True) -> CustomerState:
    """A customer within the actor's scope. Raises NotFound."""
    actor.require(VERIFY_CUSTOMERS)
    live = Association.objects.visible_to(actor).live().select_related("customer", "account")
    if (found := live.filter(pk=association_id).first()) is None:
        raise NotFound
    customer = found.customer
    name = mask_name(customer.full_name) if masks else customer.full_name
    state = applications.state_of(customer.pk, masks_names=masks)
    return CustomerState(found, customer, name, state)


def last_application(actor: Actor, customer_public_id: str) -> RealNameApplication | None:
    """The newest application of a customer within the actor's scope (API B.53). Raises NotFound."""
    actor.require(VERIFY_CUSTOMERS)
    live = Association.objects.visible_to(actor).live()
    found = live.filter(customer__public_id=customer_public_id)
    if (customer_id := found.values_list("customer_id", flat=True).first()) is None:
        raise NotFound
    return applications.last_of(customer_id)
