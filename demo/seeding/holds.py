"""Frozen customers and authorizations of the demo world."""

from __future__ import annotations

from dataclasses import replace

from accounts.models import User
from accounts.queries.actors import actor_for
from budgets.choices import Strength
from budgets.models import FreezeRecord
from budgets.services.freezing import freeze
from budgets.services.operating import place_operator_hold
from customers.models import Association, OnBehalfAuthorization
from customers.queries import authorizations as queries
from customers.services import authorizations
from partner_center.actors import Actor

#: Customer, who freezes it, how much, why.
FROZEN = (
    ("coral-bay-hotels", "tidemark-cloud", Strength.ACCOUNT, "Spending above the agreed plan"),
    ("oasis-clinics", "meridian-distribution", Strength.RESOURCES, "Two invoices unpaid"),
)
HELD_BY_OPERATOR = ("kestrel-pay", Strength.ACCOUNT, "Payment data under review")
#: Customer, partner that asks, whether the customer has agreed.
ASKED = (
    ("harborline-logistics", "tidemark-cloud", True),
    ("quarry-analytics", "tidemark-cloud", False),
)


def seed(operator: Actor) -> None:
    """Whatever of it is not there yet, for those customers that are there."""
    for name, partner, strength, reason in FROZEN:
        if (association := _association(name)) and not _is_recorded(association):
            freeze(
                _main(partner), association_ids=[association.pk], strength=strength, reason=reason
            )
    name, strength, reason = HELD_BY_OPERATOR
    if (association := _association(name)) and not _is_recorded(association):
        place_operator_hold(
            operator, customer_id=association.customer_id, strength=strength, reason=reason
        )
    for name, partner, agreed in ASKED:
        if association := _association(name):
            _seed_authorization(association, _main(partner), agreed=agreed)


def _association(customer: str) -> Association | None:
    return Association.objects.live().filter(customer__name=customer).first()


def _is_recorded(association: Association) -> bool:
    return FreezeRecord.objects.filter(association=association).exists()


def _main(account: str) -> Actor:
    """The main user of a demo account, as a job: nobody is there to read a code."""
    user = User.objects.select_related("account").get(account__name=account, is_main=True)
    return replace(actor_for(user), is_system=True)


def _seed_authorization(association: Association, partner: Actor, *, agreed: bool) -> None:
    asked = OnBehalfAuthorization.objects.filter(
        association=association, account_id=partner.account_id
    ).first()
    if asked is None:
        letter = queries.commitment_to_sign(partner)
        version = letter.version if letter else ""
        asked = authorizations.request(partner, association.pk, agreed_version=version)
    if agreed and asked.status == "pending":
        letter = queries.customer_letter()
        customer = _main(association.customer.name)
        authorizations.agree(customer, asked.pk, agreed_version=letter.version)
