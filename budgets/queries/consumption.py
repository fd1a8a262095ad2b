"""Consumption quotas: what a partner may owe the operator, and what it has used (01 §2.2, 06-DX-12)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import DecimalField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Greatest

import resellers.queries
from accounts.choices import PartnerKind
from accounts.models import Account
from customers.choices import AssociationModel
from customers.models import Association
from metering.models import MonthlySpend
from resellers.models import ResellerAssociation

from ..choices import HoldOwner
from ..models import ConsumptionQuota, FreezeHold
from ..rules import consumption as rules
from ..rules import usage as usage_rules
from .usage import NOTHING

_EXACT: DecimalField[Decimal, Decimal] = DecimalField(max_digits=38, decimal_places=20)
#: Who pays the operator, and so has a quota: a reseller pays its distributor.
PAYERS = (PartnerKind.CSP, PartnerKind.DISTRIBUTOR)


@dataclass(frozen=True)
class QuotaUse:
    """A partner's quota and what is used of it, in USD; ``total`` None: no limit is set."""

    total: Decimal | None
    used: Decimal
    restricted_since: datetime | None = None

    @property
    def remaining(self) -> Decimal | None:
        """What may still be used; never negative, None without a limit."""
        return None if self.total is None else max(self.total - self.used, Decimal(0))

    @property
    def percent(self) -> int | None:
        """Whole percent, rounded down, above 100 too; None without a limit."""
        return usage_rules.percent(self.used, self.total)

    @property
    def level(self) -> int:
        """80 above 80 percent, 100 when used up, else 0."""
        return rules.level(self.used, self.total)


def used() -> Greatest:
    """Expression over quotas: what the partner has used and not paid, in USD at list price.

    The spend of its own customers of the Reseller model and of those of its present resellers, from
    the quota's first cycle on, without what paid bills have settled of it and without what was paid in
    advance, as the floor of the bills notes both (services.consumption.note_settled). The one place
    that says what is used.
    """
    own = Q(partner_id=OuterRef("account_id"))
    resellers_ids = resellers.queries.reseller_ids(OuterRef(OuterRef("account_id")))  # type: ignore[arg-type]
    spent = _spend(own) + _spend(Q(partner_id__in=resellers_ids))
    left = spent - F("settled") - F("prepaid")
    return Greatest(left, NOTHING, output_field=_EXACT)


def _spend(whose: Q) -> Coalesce:
    rows = MonthlySpend.objects.filter(
        whose, model=AssociationModel.RESELLER, cycle__gte=OuterRef("counts_from")
    )
    total = rows.order_by().values("model").annotate(total=Sum("list_amount"))
    return Coalesce(Subquery(total.values("total")), NOTHING, output_field=_EXACT)


def has_quota(partner_kind: str) -> bool:
    """Whether partners of this kind owe the operator (06-DX-12)."""
    return partner_kind in PAYERS


def quota_of(account_id: int) -> QuotaUse:
    """The quota of a partner and what is used of it now. One query."""
    row = ConsumptionQuota.objects.filter(pk=account_id).annotate(used_now=used()).first()
    if row is None:
        return QuotaUse(None, Decimal(0))
    return QuotaUse(row.amount, row.used_now, row.restricted_since)


def used_up() -> list[tuple[int, int]]:
    """Partners that have used up their quota, by key, each with the number of this crossing."""
    full = ConsumptionQuota.objects.filter(level=rules.USED_UP).order_by("pk")
    return list(full.values_list("pk", "arming"))


def counts_from(account_id: int) -> str | None:
    """The first billing cycle whose spend counts; None for a partner without a quota."""
    rows = ConsumptionQuota.objects.filter(pk=account_id)
    return rows.values_list("counts_from", flat=True).first()


def holders(account_ids: Collection[int]) -> set[int]:
    """Which of these partners have a quota."""
    return set(ConsumptionQuota.objects.filter(pk__in=account_ids).values_list("pk", flat=True))


def is_restricted(account_id: int) -> bool:
    """Whether a payer has used up its quota, as the check has noted it. One query."""
    return ConsumptionQuota.objects.filter(pk=account_id, level=rules.USED_UP).exists()


def moved() -> list[int]:
    """Partners whose usage stands at another level than was noted, by key. One query."""
    rows = ConsumptionQuota.objects.annotate(used_now=used()).order_by("pk")
    return [row.pk for row in rows if rules.level(row.used_now, row.amount) != row.level]


def is_payer_used_up(partner: str) -> Q:
    """Condition: who pays for this partner (name of its key) has used up its quota.

    That is the distributor of a reseller, and every other partner itself.
    """
    under = ResellerAssociation.objects.filter(reseller_id=OuterRef(partner), ended_at=None)
    full = ConsumptionQuota.objects.filter(level=rules.USED_UP)
    own = Exists(full.filter(pk=OuterRef(partner))) & ~Exists(under)
    return Q(own) | Q(Exists(under.filter(account__in=full.values("pk"))))


def restricted_partners() -> set[int]:
    """Partners whose payer has used up its quota: those payers, and the resellers of distributors."""
    full = ConsumptionQuota.objects.filter(level=rules.USED_UP).values_list("pk", flat=True)
    payers = set(full)
    ties = ResellerAssociation.objects.filter(ended_at=None)
    under = ties.filter(Q(reseller__in=payers) | Q(account__in=payers))
    pays = dict(under.values_list("reseller_id", "account_id"))
    return {key for key in {*payers, *pays} if pays.get(key, key) in payers}


def to_hold() -> QuerySet[Association]:
    """Customers of the Reseller model whose payer has used up its quota and who are not held yet."""
    return _reseller_model().filter(~_held(), account__in=restricted_partners())


def to_release() -> QuerySet[Association]:
    """Customers who are held although their payer has quota left."""
    held = FreezeHold.objects.filter(owner=HoldOwner.QUOTA, released_at=None)
    rows = Association.objects.live().filter(pk__in=held.values("association"))
    return rows.exclude(account__in=restricted_partners())


def customers_of(account_id: int) -> int:
    """How many customers stand and fall with this partner's quota."""
    own = Q(account_id=account_id)
    of_resellers = Q(account_id__in=resellers.queries.reseller_ids(account_id))
    return _reseller_model().filter(own | of_resellers).count()


def row_of(account_id: int) -> ConsumptionQuota:
    """The stored quota of an account; an unsaved one without a limit while there is none."""
    found = ConsumptionQuota.objects.filter(pk=account_id).first()
    return found or ConsumptionQuota(account=Account.objects.get(pk=account_id))


def _reseller_model() -> QuerySet[Association]:
    return Association.objects.live().filter(model=AssociationModel.RESELLER)


def _held() -> Exists:
    holds = FreezeHold.objects.filter(
        association=OuterRef("pk"), owner=HoldOwner.QUOTA, released_at=None
    )
    return Exists(holds)
