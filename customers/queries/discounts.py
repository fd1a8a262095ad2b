"""Reads of partner discounts: for the partner, and for the customer who got one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from accounts.models import Account, PartnerTerms
from accounts.queries import standing
from partner_center.actors import Actor
from partner_center.refusals import Refusal

from ..choices import AssociationModel, DiscountState
from ..models import Association, DiscountRecord, PartnerDiscount
from ..permissions import SET_DISCOUNTS, VIEW_CUSTOMERS, VIEW_PARTNER
from ..refusals import NoDiscountCountry, NoDiscountTerms
from ..rules.discounts import EXCLUDED_COUNTRIES, state_on
from .facts import country_of


@dataclass(frozen=True)
class ShownDiscount:
    """A discount as the customer sees it (08-CSN-02)."""

    percent: int
    starts_on: date
    ends_on: date
    state: DiscountState
    partner: str


def may_set(actor: Actor) -> bool:
    """Whether the actor, its account and the operator's terms allow discounts at all (04-D-45)."""
    if "may_discount" not in actor.grants:
        return False  # the lists of most partners ask no further
    try:
        return bool(maximum_of(actor))
    except Refusal:
        return False


def is_allowed(partner_reference: str) -> Exists:
    """Expression: whether terms and country of the partner at this reference allow discounts."""
    country = Coalesce(NullIf(F("account__service_country"), Value("")), F("account__country"))
    terms = PartnerTerms.objects.filter(pk=OuterRef(partner_reference), may_discount=True)
    terms = terms.filter(max_discount__gt=0).alias(at=country)
    return Exists(terms.exclude(at__in=EXCLUDED_COUNTRIES))


def maximum_of(actor: Actor) -> int:
    """The highest whole percentage that the partner may grant.

    Raises NotPermitted, NoDiscountTerms, NoDiscountCountry.
    """
    actor.require(SET_DISCOUNTS)
    return granting_terms(actor.account_id).max_discount


def granting_terms(partner_id: int) -> PartnerTerms:
    """The operator's terms of a partner that may grant discounts where it is (04-DSC-02).

    Raises NoDiscountTerms, NoDiscountCountry.
    """
    terms = standing.terms_of(partner_id)
    if not terms.may_discount:
        raise NoDiscountTerms
    if country_of(Account.objects.get(pk=partner_id)) in EXCLUDED_COUNTRIES:
        raise NoDiscountCountry
    return terms


def present_of(actor: Actor, association_id: int, today: date) -> PartnerDiscount | None:
    """The customer's discount that waits or is in effect, within the actor's scope."""
    actor.require(VIEW_CUSTOMERS)
    found = PartnerDiscount.objects.visible_to(actor).filter(closed_at=None, ends_on__gte=today)
    return found.filter(association_id=association_id).first()


def list_records(actor: Actor) -> QuerySet[DiscountRecord]:
    """Operation Records of discounts, within the actor's scope (04-DSC-08)."""
    actor.require(VIEW_CUSTOMERS)
    return DiscountRecord.objects.visible_to(actor).select_related("association__customer")


def referral_customers(actor: Actor, association_ids: list[int]) -> QuerySet[Association]:
    """Those of the customers that the actor sees and that are in the Referral model."""
    actor.require(SET_DISCOUNTS)
    rows = Association.objects.visible_to(actor).live().filter(pk__in=association_ids)
    rows = rows.filter(model=AssociationModel.REFERRAL).select_related("customer")
    return rows.order_by("customer__full_name", "pk")


def my_discounts(actor: Actor, today: date) -> list[ShownDiscount]:
    """What the actor's own account was granted, newest first; Referral model only (08-CSN-01)."""
    actor.require(VIEW_PARTNER)
    rows = PartnerDiscount.objects.filter(
        association__customer_id=actor.account_id, association__model=AssociationModel.REFERRAL
    )
    rows = rows.filter(closed_at=None) | rows.filter(ends_on__lt=today)
    rows = rows.select_related("account").order_by("-starts_on", "-pk")
    return [
        ShownDiscount(
            row.percent,
            row.starts_on,
            row.ends_on,
            state_on(row.starts_on, row.ends_on, today),
            row.account.title,
        )
        for row in rows
    ]


def in_effect_for(customer_id: int, today: date) -> PartnerDiscount | None:
    """What the partner of a Referral customer grants it on this day, GMT+08:00 (08-CSN-03)."""
    rows = PartnerDiscount.objects.filter(
        association__in=Association.objects.live().filter(
            customer_id=customer_id, model=AssociationModel.REFERRAL
        ),
        closed_at=None,
        starts_on__lte=today,
        ends_on__gte=today,
    )
    return rows.first()
