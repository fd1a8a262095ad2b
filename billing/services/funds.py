"""The partner's top-up account: booking entries, paying bills from it, credit of negative bills."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from budgets.queries import consumption as quotas
from budgets.services import consumption
from metering.services import statements
from partner_center.money import round_due

from ..choices import BillState, EntryType
from ..models import Bill, BillAccount, PartnerAccount, Payment, StatementEntry
from ..rules import funds as rules
from ..signals import bill_paid

_LOCK = "SELECT * FROM billing_partneraccount WHERE account_id = %(account)s FOR UPDATE"
_NEXT_NUMBER = "SELECT nextval(pg_get_serial_sequence('billing_statemententry', 'id'))"


#: Credit that negative bills have left, the oldest first; locked.
_CREDIT = """
SELECT s.bill_id, s.credit_left
FROM billing_billaccount s JOIN billing_bill b ON b.id = s.bill_id
WHERE s.account_id = %(account)s AND s.credit_left > 0
ORDER BY b.cycle, b.id FOR UPDATE OF s
"""
#: List price of the cycles whose bills are paid; of a partly paid bill the paid share of it.
_SETTLED = """
SELECT coalesce(sum(
    CASE WHEN s.paid = s.amount_due THEN b.list_amount
    ELSE b.list_amount * s.paid / s.amount_due END), 0)
FROM billing_bill b
JOIN billing_billaccount s ON s.bill_id = b.id
WHERE b.account_id = %(account)s AND b.cycle >= %(starts)s
"""


@transaction.atomic
def open_accounts(account_ids: Collection[int]) -> None:
    """Open the accounts of partners that have none yet."""
    rows = PartnerAccount.objects.filter(account__in=account_ids)
    missing = set(account_ids).difference(rows.values_list("account_id", flat=True))
    wanted = (PartnerAccount(account_id=account_id) for account_id in sorted(missing))
    PartnerAccount.objects.bulk_create(wanted, ignore_conflicts=True)


def creditors(account_ids: Iterable[int]) -> set[int]:
    """Those of some partners whose negative bills have left credit."""
    rows = BillAccount.objects.filter(account__in=account_ids, credit_left__gt=0)
    return set(rows.values_list("account_id", flat=True))


def lock(account_id: int) -> PartnerAccount:
    """The account of a partner, locked until the transaction ends; opened when there is none."""
    rows = PartnerAccount.objects.raw(_LOCK, {"account": account_id})
    if found := list(rows):
        return found[0]
    PartnerAccount.objects.get_or_create(account_id=account_id)
    return PartnerAccount.objects.select_for_update().get(account_id=account_id)


def book(
    account: PartnerAccount,
    kind: EntryType,
    amount: Decimal,
    moment: datetime,
    *,
    bill: Bill | None = None,
    payment: Payment | None = None,
    remarks: str = "",
) -> StatementEntry:
    """Enter an amount (signed, USD, 2 decimals) into the books of a locked account.

    The balance after it stands in the entry (05-STM-06). Never below zero: the database refuses.
    """
    account.balance += amount
    account.save(update_fields=["balance"])
    key: int = statements.value(_NEXT_NUMBER)
    return StatementEntry.objects.create(
        pk=key,
        number=rules.entry_number(key),
        account_id=account.account_id,
        at=moment,
        type=kind,
        amount=amount,
        balance=account.balance,
        bill=bill,
        payment=payment,
        remarks=remarks,
    )


def pay_bills(account: PartnerAccount, moment: datetime) -> Decimal:
    """Pay open bills from the balance of a locked account, the oldest first (05-REP-14); how much.

    The consumption quota is told what is settled by it, and what stays as balance.
    """
    paid = Decimal(0)
    for state in open_bills(account.account_id) if account.balance > 0 else ():
        amount = min(state.left, account.balance)
        if amount <= 0:
            break
        book(
            account,
            EntryType.REPAYMENT,
            -amount,
            moment,
            bill=state.bill,
            remarks=state.bill.number,
        )
        _add_paid(state, amount, moment)
        paid += amount
    note_quota(account, moment)
    return paid


def note_quota(account: PartnerAccount, moment: datetime) -> None:
    """Tell the consumption quota of a partner what bills have settled and what is paid in advance."""
    starts = quotas.counts_from(account.account_id)
    if starts is None:
        return
    parameters = {"account": account.account_id, "starts": starts}
    settled = statements.value(_SETTLED, parameters)
    consumption.note_settled(
        account.account_id,
        settled=max(round_due(settled), Decimal(0)),
        prepaid=account.balance,
        moment=moment,
    )


def note_quotas(moment: datetime) -> None:
    """Tell every consumption quota anew, each in its own transaction; safe to repeat."""
    for account in PartnerAccount.objects.order_by("pk"):
        with transaction.atomic(durable=True):
            note_quota(lock(account.account_id), moment)


def open_bills(account_id: int) -> list[BillAccount]:
    """Bills of a partner that are not paid, the oldest first, locked."""
    rows = BillAccount.objects.filter(
        account_id=account_id,
        state__in=[BillState.UNPAID, BillState.PARTIAL, BillState.OVERDUE],
    )
    rows = rows.select_related("bill").order_by("bill__cycle", "bill_id")
    return list(rows.select_for_update(of=("self",)))


def use_credit(account_id: int, wanted: Decimal) -> Decimal:
    """Take up to ``wanted`` USD from the credit of earlier negative bills (C-11); how much was there."""
    used = Decimal(0)
    if wanted <= 0:
        return used
    for bill_id, left in statements.rows(_CREDIT, {"account": account_id}):
        part = min(left, wanted - used)
        if part <= 0:
            break
        BillAccount.objects.filter(pk=bill_id).update(credit_left=left - part)
        used += part
    return used


def _add_paid(state: BillAccount, amount: Decimal, moment: datetime) -> None:
    state.paid += amount
    if state.paid == state.amount_due:
        state.state, state.paid_at = BillState.PAID, moment
    elif state.state != BillState.OVERDUE:
        state.state = BillState.PARTIAL
    state.save(update_fields=["paid", "state", "paid_at"])
    if state.state == BillState.PAID:
        bill_paid.send("billing", bill=state.bill, moment=moment)
