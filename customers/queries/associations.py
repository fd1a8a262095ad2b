"""Reads of associations. Every list starts from the actor's scope (02-ROL-06, ROL-07, S-06, S-09)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Account, User
from accounts.queries import contacts
from partner_center.actors import Actor
from partner_center.refusals import NotFound

from ..models import Association, ManagerAssignment
from ..permissions import VIEW_CUSTOMERS, VIEW_PARTNER
from ..rules.attribution import attribution_end


@dataclass(frozen=True)
class MyPartner:
    """What a customer sees of its partner (02-CON-03)."""

    partner: Account
    association: Association
    contacts: list[contacts.ShownContact]
    #: Who looks after the customer there, if somebody does.
    manager: User | None = None


def list_customers(actor: Actor) -> QuerySet[Association]:
    """Live associations of the partner, as far as the actor's roles let it see them."""
    actor.require(VIEW_CUSTOMERS)
    return Association.objects.visible_to(actor).live().select_related("customer").order_by("pk")


def get_customer(actor: Actor, association_id: int) -> Association:
    """One live association within the actor's scope. Raises NotFound."""
    if (found := list_customers(actor).filter(pk=association_id).first()) is None:
        raise NotFound
    return found


def customers_of(user_id: int) -> int:
    """How many customers a manager or director is assigned to."""
    return (
        ManagerAssignment.objects.live()
        .filter(manager_id=user_id, association__ended_at=None)
        .count()
    )


def attributed_until(moment: datetime) -> datetime:
    """Until when expenditure counts for somebody who is unassigned at ``moment`` (02 S-07)."""
    return attribution_end(moment)


def customer_count(manager_reference: str = "pk") -> Coalesce:
    """Expression over users: how many customers each looks after; no query per row."""
    live = ManagerAssignment.objects.live().filter(
        manager=OuterRef(manager_reference), association__ended_at=None
    )
    counted = live.order_by().values("manager").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def my_partner(actor: Actor) -> MyPartner | None:
    """The partner that the actor's account works with, and whom to ask there; None without one."""
    actor.require(VIEW_PARTNER)
    found = (
        Association.objects.live()
        .select_related("account")
        .filter(customer_id=actor.account_id)
        .first()
    )
    if found is None:
        return None
    assigned = ManagerAssignment.objects.live().filter(association=found)
    assignment = assigned.select_related("manager").first()
    return MyPartner(
        found.account,
        found,
        contacts.shown_to_customers(found.account_id),
        assignment.manager if assignment else None,
    )
