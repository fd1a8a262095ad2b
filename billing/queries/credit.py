"""What customers have on their own accounts: of the Referral model they pay the operator themselves."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Case, DecimalField, OuterRef, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from customers.choices import AssociationModel
from customers.models import Association

from ..choices import EntryType
from ..models import PartnerAccount, StatementEntry
from ..refusals import PartnerSettles

_AMOUNT: DecimalField[Decimal, Decimal] = DecimalField(max_digits=20, decimal_places=2)


def available_credit() -> Case:
    """Expression over associations: balance of a customer's account, in USD with 2 decimals.

    Absent in the Reseller model: there the partner settles, and its own credit is none of its customers'
    (04-CUS-12, 06-DCU-03; 06 C-12).
    """
    balances = PartnerAccount.objects.filter(account=OuterRef("customer"))
    credit = Coalesce(Subquery(balances.values("balance")), Value(Decimal(0)), output_field=_AMOUNT)
    return Case(When(model=AssociationModel.REFERRAL, then=credit), output_field=_AMOUNT)


def balance_of(account_id: int) -> Decimal:
    """What is left on an account, in USD."""
    found = PartnerAccount.objects.filter(account_id=account_id).values_list("balance", flat=True)
    return found.first() or Decimal(0)


def has_balance(account_id: int) -> bool:
    """Whether anything is left on this account."""
    return PartnerAccount.objects.filter(account_id=account_id, balance__gt=0).exists()


def paid_for(account_id: int, order_no: str) -> Decimal:
    """What of an order was paid from the balance of the account, in USD; the rest was paid in cash."""
    entries = StatementEntry.objects.filter(
        account_id=account_id, type=EntryType.REPAYMENT, remarks=order_no
    )
    return -(entries.aggregate(paid=Sum("amount"))["paid"] or Decimal(0))


def settling_partner(account_id: int) -> str:
    """The partner that settles for this customer; empty when it pays itself (08-CST-02). One query."""
    live = Association.objects.live().filter(customer_id=account_id)
    found = live.filter(model=AssociationModel.RESELLER).select_related("account").first()
    return found.account.title if found else ""


def refuse_settled_by_partner(account_id: int) -> None:
    """Raise PartnerSettles for a customer of the Reseller model: it tops up nothing (08-CST-02)."""
    if partner := settling_partner(account_id):
        raise PartnerSettles(partner)
