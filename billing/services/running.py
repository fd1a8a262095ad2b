"""The bill run of a cycle: who is to be billed, lot by lot, and who is parked."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Case, F, Q, When

import metering.services.cycles
from accounts.queries.actors import operator_job
from metering.services import statements
from partner_center import clock
from partner_center.actors import Actor
from partner_center.clock import BillingCycle
from partner_center.nudging import nudge_on_commit
from partner_center.refusals import Refusal

from ..choices import PartState, RunState
from ..models import BillRun, RunPart
from ..permissions import OPERATE_BILLS
from ..queries.taxes import Book
from ..refusals import NothingToBill
from ..rules import periods
from . import alarms, invoicing, issuing, planning, sealing, staging, telling
from .issuing import BillToIssue

logger = logging.getLogger(__name__)

#: Name of the task that calls :func:`run_asked`; by name, because services know no tasks.
ASKED_TASK = "billing.run_asked"

#: Partners with Reseller-model charges in the cycle, whom the operator bills (05-BIL-01, 06-DBL-01).
_PARTS = """
INSERT INTO billing_runpart (account_id, run_id, state, cause)
SELECT DISTINCT coalesce(s.distributor_id, s.partner_id), %(run)s::bigint, 'waiting', ''
FROM metering_monthlyspend s
WHERE s.cycle = %(cycle)s AND s.model = 'reseller'
ON CONFLICT (run_id, account_id) DO NOTHING
"""


@dataclass(frozen=True)
class Outcome:
    """What a run did: bills issued by it, partners parked, partners still waiting."""

    issued: int
    parked: int
    waiting: int


def generate(
    actor: Actor,
    cycle: BillingCycle,
    moment: datetime,
    *,
    account_id: int | None = None,
    threads: int = 1,
) -> Outcome:
    """Issue the bills of a cycle, of all partners or of one; safe to repeat, to kill and to run twice.

    A partner that fails is parked with its cause and tried again by the next call; the others go on.
    Each thread has a connection of its own. Raises CycleNotOver, NothingToBill (of a partner that was
    named), NotPermitted.
    """
    actor.require(OPERATE_BILLS)
    run = _begin(cycle, moment)
    parts = _waiting(run, account_id)
    if account_id is not None and not parts and not _is_known(run, account_id):
        raise NothingToBill
    book = Book(clock.business_date(moment))
    lots = planning.lots(parts, cycle, staging.scopes(cycle, account_id), book)
    issued = _issue_all(_Issuer(actor, cycle, moment, book), lots, threads)
    for task in (telling.TELL_TASK, sealing.SEAL_TASK, invoicing.MAKE_TASK) if issued else ():
        nudge_on_commit(task)
    return _finish(run, moment, issued)


def run_due(moment: datetime) -> None:
    """What the schedule does: catch up every run that is due, tell the operator of a late one."""
    actor = operator_job("bill run")
    for cycle in _due(moment):
        generate(actor, cycle, moment, threads=settings.BILL_RUN_THREADS)
        alarms.tell_if_late(cycle, moment)


def run_asked(moment: datetime) -> None:
    """Go through the runs and partners that the operator asked for until this moment.

    Safe to repeat, to kill and to run twice at once: what was asked stands until it was tried.
    """
    actor = operator_job("bill run")
    runs = BillRun.objects.filter(asked_at__lte=moment)
    for cycle in list(runs.order_by("cycle").values_list("cycle", flat=True)):
        generate(actor, BillingCycle.parse(cycle), moment, threads=settings.BILL_RUN_THREADS)
        runs.filter(cycle=cycle).update(asked_at=None)
    parts = RunPart.objects.filter(asked_at__lte=moment).exclude(state=PartState.ISSUED)
    for cycle, account_id in list(parts.order_by("pk").values_list("run__cycle", "account_id")):
        generate(actor, BillingCycle.parse(cycle), moment, account_id=account_id)


@transaction.atomic
def _begin(cycle: BillingCycle, moment: datetime) -> BillRun:
    """Close the cycle, so that its charges stand still, and enter whom it bills."""
    metering.services.cycles.close(str(cycle), moment)
    run, _is_new = BillRun.objects.get_or_create(cycle=str(cycle), defaults={"started_at": moment})
    statements.run("SELECT billing_line_partition(%(cycle)s)", {"cycle": str(cycle)})
    statements.run(_PARTS, {"run": run.pk, "cycle": str(cycle)})
    return run


def _waiting(run: BillRun, account_id: int | None) -> list[int]:
    """Partners without a bill, by the keys of their parts."""
    parts = RunPart.objects.filter(run=run).exclude(state=PartState.ISSUED).order_by("pk")
    if account_id is not None:
        parts = parts.filter(account_id=account_id)
    return list(parts.values_list("pk", flat=True))


def _issue_all(issuer: _Issuer, lots: Iterator[list[BillToIssue]], threads: int) -> int:
    """Issue the bills of all lots; how many."""
    if threads <= 1:
        return issuer.work(lots)
    shared = _Shared(lots)
    with ThreadPoolExecutor(threads) as pool:
        working = [pool.submit(issuer.work_in_thread, shared) for _thread in range(threads)]
        return sum(work.result() for work in working)


class _Shared(Iterator[list[BillToIssue]]):
    """Lots that several threads take from."""

    def __init__(self, lots: Iterator[list[BillToIssue]]) -> None:
        self._lots, self._lock = lots, Lock()

    def __next__(self) -> list[BillToIssue]:
        with self._lock:
            return next(self._lots)


@dataclass(frozen=True)
class _Issuer:
    """Who issues the bills of which cycle when, by which taxes and rates."""

    actor: Actor
    cycle: BillingCycle
    moment: datetime
    book: Book

    def work_in_thread(self, lots: Iterator[list[BillToIssue]]) -> int:
        """As :meth:`work`; closes the connection of the thread."""
        try:
            return self.work(lots)
        finally:
            connection.close()

    def work(self, lots: Iterator[list[BillToIssue]]) -> int:
        """Issue lots until there are none; how many bills."""
        staging.forget()
        issued = sum(self._issue(lot) for lot in lots)
        staging.forget()
        return issued

    def _issue(self, lot: Sequence[BillToIssue]) -> int:
        """Issue the bills of a lot together, or one by one when that fails; how many.

        One that fails by itself is parked with its cause.
        """
        try:
            return issuing.issue(self.actor, self.cycle, lot, self.moment, self.book)
        except Refusal as refusal:
            cause = str(refusal.sentence)
        except Exception as error:
            logger.exception("%s bills of %s failed", len(lot), self.cycle)
            cause = f"{type(error).__name__}: {error}"
        if len(lot) > 1:
            return sum(self._issue([planned]) for planned in lot)
        _park(lot[0].part_id, cause, self.moment)
        return 0


@transaction.atomic(durable=True)
def _park(part_id: int, cause: str, moment: datetime) -> None:
    waiting = RunPart.objects.filter(~Q(state=PartState.ISSUED), pk=part_id)
    waiting.update(
        state=PartState.PARKED,
        cause=cause[:500],
        tried_at=moment,
        asked_at=Case(When(asked_at__gt=moment, then=F("asked_at"))),
    )


@transaction.atomic
def _finish(run: BillRun, moment: datetime, issued: int) -> Outcome:
    parts = RunPart.objects.filter(run=run)
    parked = parts.filter(state=PartState.PARKED).count()
    waiting = parts.filter(state=PartState.WAITING).count()
    if not parked and not waiting:
        BillRun.objects.filter(pk=run.pk, state=RunState.RUNNING).update(
            state=RunState.FINISHED, finished_at=moment
        )
    return Outcome(issued, parked, waiting)


def _is_known(run: BillRun, account_id: int) -> bool:
    return RunPart.objects.filter(run=run, account_id=account_id).exists()


def _due(moment: datetime) -> list[BillingCycle]:
    """Cycles that must be billed by now: those of unfinished runs, and the newest that is due."""
    newest = periods.newest_due(moment)
    unfinished = BillRun.objects.filter(state=RunState.RUNNING, cycle__lt=str(newest))
    older = [BillingCycle.parse(cycle) for cycle in unfinished.values_list("cycle", flat=True)]
    return sorted({*older, *_missed(newest), newest})


def _missed(newest: BillingCycle) -> Iterator[BillingCycle]:
    """Cycles between the last run before the newest and it: the scheduler was down for months."""
    runs = BillRun.objects.filter(cycle__lt=str(newest))
    last = runs.order_by("-cycle").values_list("cycle", flat=True).first()
    cycle = BillingCycle.parse(last).next() if last else newest
    while cycle < newest:
        yield cycle
        cycle = cycle.next()
