"""A run that is killed anywhere, and two runs at once: nothing is double, nothing is missing."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.models import Account
from accounts.queries.actors import operator_job
from billing.choices import EntryType, RunState
from billing.models import (
    Bill,
    BillAccount,
    BillLine,
    BillRun,
    Coupon,
    Invoice,
    StatementEntry,
)
from billing.services import funds, planning, running, sealing, verifying
from customers.models import Association
from partner_center import clock
from tests.accounts.organization import at_once
from tests.cast import assemble
from tests.goods import stock

from .conftest import ISSUE, LONG_AGO, OCTOBER, Books

PARTNERS = 12
#: Charges of two partners: they share a transaction.
LOT = 4
KILLS = 100


class Killed(BaseException):
    """What nobody catches, as nobody catches a kill."""


def killing_after(statements: int) -> Callable[..., Any]:
    """Let so many statements pass; the next one ends the process."""
    passed = 0

    def wrapper(execute, sql, params, many, context):
        nonlocal passed
        if sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            return execute(sql, params, many, context)
        passed += 1
        if passed > statements:
            raise Killed
        return execute(sql, params, many, context)

    return wrapper


@transaction.atomic
def many_partners(books: Books) -> list[Account]:
    """Partners with a customer each, charges, a coupon and money on the account."""
    partners = []
    for number in range(PARTNERS):
        partner, customer = (
            Account.objects.create(
                name=f"{kind}-{number}",
                email=f"{kind}-{number}@example.com",
                country="SG",
                partner_kind=partner_kind,
                registered_at=clock.now(),
            )
            for kind, partner_kind in (("partner", "csp"), ("customer", ""))
        )
        Association.objects.create(account=partner, customer=customer, associated_at=LONG_AGO)
        books.coupon("1.5", account=partner)
        funds.book(funds.lock(partner.pk), EntryType.TOP_UP, 4 + number, ISSUE)
        books.discount("10", partner=partner)
        partners.append(customer)
    books.post(*(books.charge("5.125", customer=who, hour=h) for who in partners for h in (1, 2)))
    return partners


def work() -> None:
    """The run and what follows it."""
    Books.run(None)
    sealing.seal_all(ISSUE)


@pytest.mark.requirement("05-REP-01", "05-CPR-03", "05-STM-06", "05-INV-01")
def test_killed_a_hundred_times_it_ends_the_same(books: Books, monkeypatch) -> None:
    monkeypatch.setattr(planning, "CHARGES_AT_ONCE", LOT)
    many_partners(books)
    chance, killed = random.Random(6), 0
    while killed < KILLS:
        try:
            # Mostly short of one lot, so that all of its moments are met; sometimes farther.
            far = chance.choice((64,) * 12 + (140,))
            with connection.execute_wrapper(killing_after(chance.randrange(far))):
                work()
        except Killed:
            killed += 1
        else:
            break
    work()
    assert killed >= KILLS
    assert not [finding for finding in verifying.verify(OCTOBER) if finding.count]
    assert Bill.objects.count() == Invoice.objects.count() == PARTNERS
    assert BillLine.objects.count() == 2 * PARTNERS
    assert {coupon.balance for coupon in Coupon.objects.all()} == {0}
    # (10.25 × 0.9) − 1.5 = 7.725 → 7.73, paid from 4, 5, 6, … USD.
    paid = sorted(BillAccount.objects.values_list("paid", flat=True))
    assert [str(amount) for amount in paid[:5]] == ["4.00", "5.00", "6.00", "7.00", "7.73"]
    assert StatementEntry.objects.filter(type=EntryType.REPAYMENT).count() == PARTNERS


@pytest.mark.requirement("05-REP-01", "05-INV-01")
@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_bill_everybody_once(db) -> None:
    books = Books(assemble(), stock())
    many_partners(books)
    outcomes = at_once(*[lambda: Books.run(None)] * 3)
    assert sum(outcome.issued for outcome in outcomes) == PARTNERS
    assert {outcome.parked for outcome in outcomes} == {0}
    assert not [finding for finding in verifying.verify(OCTOBER) if finding.count]
    assert Bill.objects.count() == Invoice.objects.count() == PARTNERS
    assert BillRun.objects.get().state == RunState.FINISHED


@pytest.mark.requirement("05-REP-01")
@pytest.mark.django_db(transaction=True)
def test_several_threads_share_a_run(db, monkeypatch) -> None:
    monkeypatch.setattr(planning, "CHARGES_AT_ONCE", LOT)
    many_partners(Books(assemble(), stock()))
    outcome = running.generate(operator_job("bill run"), OCTOBER, ISSUE, threads=3)
    assert (outcome.issued, outcome.parked, outcome.waiting) == (PARTNERS, 0, 0)
    assert not [finding for finding in verifying.verify(OCTOBER) if finding.count]
    assert BillRun.objects.get().state == RunState.FINISHED
