"""Reads of coupons: what a partner has, for whom, and what became of it (05 §8.4.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum, Value, When

from customers.choices import AssociationModel
from customers.models import Association
from customers.queries.reach import reachable
from metering.models import Charge
from metering.rules.wording import trade_number
from partner_center import clock
from partner_center.actors import Actor
from partner_center.permissions import Audience
from partner_center.refusals import NotFound

from ..choices import CouponKind, CouponMove, CouponState
from ..models import Coupon, CouponEntry, CouponNotice, CouponUse
from ..permissions import VIEW_COUPONS
from . import reach
from .terms import association_of

#: COUPON_STATUS of the API: to be used, used, expired, reclaimed; all coupons are activated at issue.
NOT_ACTIVATED, TO_BE_USED, USED, EXPIRED, RECLAIMED = API_STATUSES = (1, 2, 3, 4, 5)
#: So long the API answers about coupons that are over.
KEPT = timedelta(days=365)
#: Who issued: the operator.
ISSUER = "operator"
#: What "soon" means on the card of a customer (04-CUD-05).
SOON = timedelta(days=7)


def list_coupons(actor: Actor) -> QuerySet[Coupon]:
    """The partner's coupons with ``state``, and ``association`` where the customer may be opened.

    Raises NotPermitted, NoFinancialInformation.
    """
    reach.require(actor, VIEW_COUPONS)
    rows = Coupon.objects.visible_to(actor)
    return rows.annotate(state=state_at(clock.now()), association=association_of(actor))


def list_test_coupons(actor: Actor) -> QuerySet[Coupon]:
    """Those for tests (05-CPN-04)."""
    return list_coupons(actor).filter(kind=CouponKind.TEST)


def get_coupon(actor: Actor, coupon_id: int) -> Coupon:
    """One coupon with all that its page prints. Raises NotFound."""
    rows = list_coupons(actor).select_related("customer", "reseller")
    rows = rows.prefetch_related("applicable", "excluded")
    if (found := rows.filter(pk=coupon_id).first()) is None:
        raise NotFound
    return found


def entries_of(coupon: Coupon) -> QuerySet[CouponEntry]:
    """What changed the coupon's balance, oldest first."""
    return coupon.entries.select_related("bill").order_by("at", "pk")


def list_uses(actor: Actor, coupon_id: int) -> QuerySet[CouponUse]:
    """The lines of bills that a coupon paid, newest first. Raises NotFound.

    With customer, product and number of the transaction: these are columns of the charge.
    """
    get_coupon(actor, coupon_id)
    charges = Charge.objects.filter(cycle=OuterRef("cycle"), record=OuterRef("record_id"))
    return CouponUse.objects.filter(coupon=coupon_id).annotate(
        charged_at=Subquery(charges.values("charged_at")[:1]),
        customer_name=Subquery(charges.values("customer__name")[:1]),
        product_name=Subquery(charges.values("product__name")[:1]),
        order_no=Subquery(charges.values("order_no")[:1]),
    )


def trade_of(use: Any) -> str:
    """Order or transaction ID of a use that :func:`list_uses` found."""
    return trade_number(use.order_no or "", use.record_id)


def list_entries(actor: Actor) -> QuerySet[CouponEntry]:
    """The cash coupon quota history (05-CPV-03)."""
    reach.require(actor, VIEW_COUPONS)
    return CouponEntry.objects.visible_to(actor)


@dataclass(frozen=True)
class Wanted:
    """Filters of the API; absent ones narrow nothing. ``is_other_kind``: of a kind nobody issues."""

    number: str = ""
    status: int | None = None
    issued_from: datetime | None = None
    issued_until: datetime | None = None
    source_id: str = ""
    is_other_kind: bool = False


def for_api(actor: Actor, wanted: Wanted) -> QuerySet[Coupon]:
    """The caller's own coupons with ``api_status`` and ``used_at``, newest first (API B.14).

    Customers hold none: those for one of them are its partner's (C-39).
    Raises NotPermitted, NoFinancialInformation.
    """
    rows = Coupon.objects.visible_to(actor)
    if actor.audience == Audience.PARTNER:
        reach.require(actor, VIEW_COUPONS)
    moment = clock.now()
    last_use = CouponEntry.objects.filter(coupon=OuterRef("pk"), move=CouponMove.USED).order_by(
        "-pk"
    )
    rows = rows.annotate(
        api_status=_api_status(moment), used_at=Subquery(last_use.values("at")[:1])
    )
    rows = rows.exclude(ends_at__lte=moment - KEPT).filter(*_conditions(wanted))
    if wanted.is_other_kind or wanted.source_id not in ("", ISSUER):
        rows = rows.none()
    return rows.select_related("account").prefetch_related("excluded").order_by("-issued_at", "-pk")


def _conditions(wanted: Wanted) -> list[Q]:
    values = {
        "number__iexact": wanted.number or None,
        "api_status": wanted.status,
        "issued_at__gte": wanted.issued_from,
        "issued_at__lte": wanted.issued_until,
    }
    return [Q(**{name: value}) for name, value in values.items() if value is not None]


def _api_status(moment: datetime) -> Case:
    return Case(
        When(revoked_at__isnull=False, then=Value(RECLAIMED)),
        When(balance=0, then=Value(USED)),
        When(ends_at__lte=moment, then=Value(EXPIRED)),
        default=Value(TO_BE_USED),
    )


def notice_is_on(actor: Actor) -> bool:
    """Whether the account gets the mails about test coupons (05-CPN-02)."""
    actor.require(VIEW_COUPONS)
    found = CouponNotice.objects.visible_to(actor).values_list("is_on", flat=True).first()
    return found is not False


def available_to(actor: Actor, text: str) -> Q:
    """Condition: all coupons that a customer whose name contains every word may use (05-CPV-05).

    Also those for all customers, and those for all customers of its reseller.
    """
    found = reachable(actor).filter(model=AssociationModel.RESELLER)
    for word in text.split():
        found = found.filter(
            Q(customer__name__icontains=word) | Q(customer__full_name__icontains=word)
        )
    named = found.order_by()
    whole = Q(customer=None) & (Q(reseller=None) | Q(reseller__in=named.values("account")))
    return Q(customer__in=named.values("customer")) | (whole & Q(Exists(named)))


def state_at(moment: datetime) -> Case:
    """Expression over coupons: the word of their state (05 §8.4.5.1.2)."""
    return Case(
        When(_is(CouponState.AVAILABLE, moment), then=_word(CouponState.AVAILABLE)),
        When(_is(CouponState.USED, moment), then=_word(CouponState.USED)),
        default=_word(CouponState.INVALID),
    )


def in_state(state: str, moment: datetime) -> Q:
    """Condition: coupons in this state."""
    return _is(CouponState(state), moment)


def _is(state: CouponState, moment: datetime) -> Q:
    if state == CouponState.AVAILABLE:
        return Q(revoked_at=None, balance__gt=0, ends_at__gt=moment)
    if state == CouponState.USED:
        return Q(revoked_at=None, balance=0)
    return Q(revoked_at__isnull=False) | Q(balance__gt=0, ends_at__lte=moment)


def _word(state: CouponState) -> Value:
    return Value(str(state.label))


@dataclass(frozen=True)
class CustomerCoupons:
    """The card of one customer; the total is in USD."""

    available: int
    total: Decimal
    expiring: int


def of_customer(actor: Actor, association: Association, moment: datetime) -> CustomerCoupons | None:
    """Coupons for this customer alone, of whom the actor was shown (04-CUD-05, 06-DCU-12).

    None for those who may not see coupons, and for resellers, who have none.
    """
    if not reach.settles(actor, VIEW_COUPONS):
        return None
    rows = Coupon.objects.visible_to(actor).filter(customer=association.customer_id)
    rows = rows.filter(in_state(CouponState.AVAILABLE, moment))
    soon = Count("pk", filter=Q(ends_at__lte=moment + SOON))
    found = rows.aggregate(
        available=Count("pk"), total=Sum("balance", default=Decimal(0)), expiring=soon
    )
    return CustomerCoupons(**found)
