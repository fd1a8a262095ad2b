"""Cash coupons of partners: issuing, revoking, and who is told of them (05 §8.4.5)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

import audit.services
from accounts.locks import lock_account
from accounts.models import Account
from catalog.choices import BillingMode
from catalog.models import ServiceType
from metering.services import statements
from partner_center import clock
from partner_center.actors import Actor
from partner_center.money import plain
from partner_center.refusals import NotFound

from ..choices import CouponKind, CouponMove, CouponSource
from ..models import Coupon, CouponEntry, CouponNotice
from ..permissions import OPERATE_COUPONS, SET_COUPON_NOTICE
from ..queries import reach
from ..refusals import CouponRevoked, EndsBeforeItBegins, OverAlready, WrongCoupon
from . import parties
from .terms import Validity

_NEXT = "SELECT nextval(pg_get_serial_sequence('billing_coupon', 'id'))"


@dataclass(frozen=True)
class Wish:
    """A coupon to be issued: how much (USD), for what and until when.

    Empty collections mean everything. Scope and validity are narrowed together (05-CPR-05).
    """

    name: str
    source: CouponSource
    face_value: Decimal
    validity: Validity
    customer: int | None = None
    reseller: int | None = None
    modes: Collection[BillingMode] = ()
    applicable: Collection[ServiceType] = ()
    excluded: Collection[ServiceType] = ()
    pays_marketplace: bool = False
    remarks: str = ""

    @property
    def kind(self) -> CouponKind:
        """PoC coupons are for tests, all others are cash (05-CPR-02)."""
        return CouponKind.TEST if self.source == CouponSource.POC else CouponKind.CASH


@transaction.atomic(durable=True)
def issue(
    actor: Actor, *, partner: int, wish: Wish, request_id: UUID, moment: datetime | None = None
) -> Coupon:
    """Issue a coupon to a partner, who need not use it in person (05-CPR-01); once a request.

    ``moment``: when, None: now.

    Raises NotAPayer, NotACustomer, NotAReseller, WrongCoupon, EndsBeforeItBegins, OverAlready.
    """
    actor.require(OPERATE_COUPONS)
    payer = parties.payer(partner)
    moment = moment or clock.now()
    lock_account(payer.pk)
    if (done := Coupon.objects.filter(request_id=request_id).first()) is not None:
        return done
    coupon = _write(payer, wish, request_id, moment)
    _enter(coupon, CouponMove.ISSUED, coupon.face_value, moment, wish.remarks)
    audit.services.record(
        actor, "billing.coupon.issued", coupon, after=_facts(coupon), account_id=payer.pk
    )
    return coupon


@transaction.atomic(durable=True)
def revoke(actor: Actor, coupon_id: int, *, reason: str) -> None:
    """Take back what is left of a coupon (05 §8.4.5.1.2, states). Raises NotFound, CouponRevoked."""
    actor.require(OPERATE_COUPONS)
    coupon = Coupon.objects.select_for_update(of=("self",)).filter(pk=coupon_id).first()
    if coupon is None:
        raise NotFound
    if coupon.revoked_at is not None:
        raise CouponRevoked
    moment, left = clock.now(), coupon.balance
    coupon.revoked_at, coupon.balance = moment, Decimal(0)
    coupon.save(update_fields=["revoked_at", "balance"])
    if left:
        _enter(coupon, CouponMove.REVOKED, left.copy_negate(), moment, reason)
    audit.services.record(
        actor,
        "billing.coupon.revoked",
        coupon,
        before={"balance": plain(left)},
        after={"balance": "0", "reason": reason},
        account_id=coupon.account_id,
    )


@transaction.atomic(durable=True)
def set_notice(actor: Actor, *, is_on: bool) -> None:
    """Switch the mails about test coupons on or off for the actor's account (05-CPN-02)."""
    reach.require(actor, SET_COUPON_NOTICE)
    lock_account(actor.account_id)
    found = CouponNotice.objects.filter(account_id=actor.account_id).first()
    before = found.is_on if found else True
    if before == is_on:
        return
    CouponNotice.objects.update_or_create(
        account_id=actor.account_id, defaults={"is_on": is_on, "set_at": clock.now()}
    )
    audit.services.record(
        actor, "billing.coupon_notice.set", before={"is_on": before}, after={"is_on": is_on}
    )


def _write(payer: Account, wish: Wish, request_id: UUID, moment: datetime) -> Coupon:
    _refuse(wish, moment)
    key: int = statements.value(_NEXT)
    coupon = Coupon(
        pk=key,
        account=payer,
        number=f"CP{clock.business_date(moment):%y%m%d}{key:07d}",
        name=wish.name.strip(),
        kind=wish.kind,
        source=wish.source,
        face_value=wish.face_value,
        balance=wish.face_value,
        customer_id=parties.customer_of(payer, wish.customer),
        reseller_id=parties.reseller_of(payer, wish.reseller),
        modes=list(wish.modes),
        pays_marketplace=wish.pays_marketplace,
        remarks=wish.remarks.strip(),
        issued_at=moment,
        request_id=request_id,
        **wish.validity.columns,
    )
    coupon.save(force_insert=True)
    coupon.applicable.set(wish.applicable)
    coupon.excluded.set(wish.excluded)
    return coupon


def _refuse(wish: Wish, moment: datetime) -> None:
    if not wish.name.strip():
        raise WrongCoupon(_("Give the coupon a name."), "name")
    if wish.face_value <= 0:
        raise WrongCoupon(_("Enter an amount above 0."), "face_value")
    if wish.customer and wish.reseller:
        raise WrongCoupon(_("Name a customer or a reseller, not both."), "reseller")
    if wish.applicable and wish.excluded:
        raise WrongCoupon(
            _("Name what the coupon pays, or what it does not pay, not both."), "excluded"
        )
    if wish.validity.ends_on < wish.validity.starts_on:
        raise EndsBeforeItBegins
    if wish.validity.ends_on < clock.business_date(moment):
        raise OverAlready


def _enter(
    coupon: Coupon, move: CouponMove, amount: Decimal, moment: datetime, remarks: str
) -> None:
    CouponEntry.objects.create(
        account_id=coupon.account_id,
        coupon=coupon,
        move=move,
        amount=amount,
        balance=coupon.balance,
        at=moment,
        remarks=remarks[:256],
    )


def _facts(coupon: Coupon) -> dict[str, Any]:
    return {
        "number": coupon.number,
        "source": coupon.source,
        "face_value": plain(coupon.face_value),
        "starts_at": coupon.starts_at.isoformat(),
        "ends_at": coupon.ends_at.isoformat(),
        "customer": coupon.customer.name if coupon.customer else "",
        "reseller": coupon.reseller.name if coupon.reseller else "",
        "modes": list(coupon.modes),
        "pays_marketplace": coupon.pays_marketplace,
    }
