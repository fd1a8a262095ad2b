"""Requests for disassociation of the demo: two that wait, one from each side, and some that are over."""

from __future__ import annotations

from dataclasses import replace

from accounts.models import User
from accounts.queries.actors import actor_for
from customers.choices import Purpose, RequestStatus, Side
from customers.models import Association, AssociationRequest
from customers.services import disassociation
from partner_center.actors import Actor

#: Customer, who asks, why, and what became of it: the other side's answer, or nothing yet.
REQUESTS: tuple[tuple[str, Side, str, RequestStatus, str], ...] = (
    ("coral-bay-hotels", Side.CUSTOMER, "", RequestStatus.PENDING, ""),
    (
        "quarry-analytics",
        Side.PARTNER,
        "Your contract with us ends this month.",
        RequestStatus.PENDING,
        "",
    ),
    (
        "delta-fisheries",
        Side.PARTNER,
        "No orders for half a year.",
        RequestStatus.REJECTED,
        "The new season begins in January; we stay.",
    ),
    ("harborline-logistics", Side.CUSTOMER, "", RequestStatus.CANCELED, ""),
    (
        "oasis-clinics",
        Side.CUSTOMER,
        "",
        RequestStatus.REJECTED,
        "Let us talk about the open invoice first.",
    ),
)


def seed(operator: Actor) -> None:
    """Make each request that is not there yet, through the services of both sides."""
    for name, side, reason, outcome, answer in REQUESTS:
        live = Association.objects.live().filter(customer__name=name)
        association = live.select_related("account", "customer").first()
        if association is not None and not _is_seeded(association):
            request = _ask(association, side, reason)
            _answer(association, request, outcome, answer)


def _is_seeded(association: Association) -> bool:
    rows = AssociationRequest.objects.filter(
        account_id=association.account_id, customer_id=association.customer_id
    )
    return rows.filter(purpose=Purpose.DISASSOCIATE).exists()


def _ask(association: Association, side: Side, reason: str) -> AssociationRequest:
    if side == Side.PARTNER:
        partner = _main(association.account_id)
        return disassociation.request_by_partner(partner, association.pk, reason=reason)
    customer = _main(association.customer_id)
    return disassociation.request_by_customer(customer, association_id=association.pk)


def _answer(
    association: Association, request: AssociationRequest, outcome: RequestStatus, answer: str
) -> None:
    asked_by_partner = request.initiator == Side.PARTNER
    if outcome == RequestStatus.CANCELED:
        disassociation.withdraw_by_customer(_main(association.customer_id), request.pk)
    elif outcome == RequestStatus.REJECTED and asked_by_partner:
        customer = _main(association.customer_id)
        disassociation.answer_partner(customer, request.pk, agrees=False, answer=answer)
    elif outcome == RequestStatus.REJECTED:
        disassociation.reject(_main(association.account_id), request.pk, answer=answer)


def _main(account_id: int) -> Actor:
    """The main user of an account; nobody is there to enter the code that is always asked."""
    user = User.objects.select_related("account").get(account_id=account_id, is_main=True)
    return replace(actor_for(user), is_system=True)
