"""Whom terms and coupons may be granted for: who is billed, its customers, its resellers."""

from __future__ import annotations

from django.db.models import Q

import resellers.queries
from accounts.choices import PartnerKind
from accounts.models import Account
from customers.choices import AssociationModel
from customers.models import Association

from ..queries import reach
from ..refusals import NotACustomer, NotAPayer, NotAReseller


def payer(account_id: int, kinds: tuple[PartnerKind, ...] = reach.SETTLES) -> Account:
    """A partner that the operator bills. Raises NotAPayer."""
    found = Account.objects.filter(pk=account_id, partner_kind__in=kinds).first()
    if found is None:
        raise NotAPayer
    return found


def customer_of(partner: Account, customer_id: int | None) -> int | None:
    """A customer of the partner or of its resellers now, Reseller model. Raises NotACustomer."""
    if customer_id is None:
        return None
    own = Q(account=partner) | Q(account__in=resellers.queries.reseller_ids(partner.pk))
    live = Association.objects.live().filter(own, model=AssociationModel.RESELLER)
    if not live.filter(customer=customer_id).exists():
        raise NotACustomer
    return customer_id


def reseller_of(partner: Account, reseller_id: int | None) -> int | None:
    """A reseller that works under the partner now. Raises NotAReseller."""
    if reseller_id is None:
        return None
    if not resellers.queries.resellers_of(partner.pk).filter(reseller=reseller_id).exists():
        raise NotAReseller
    return reseller_id
