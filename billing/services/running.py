"""The bill run of a cycle: who is to be billed, one after the other, each in its own transaction."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Case, F, Q, When

import metering.services.cycles
from accounts.currencies import DEFAULT_CURRENCY
from accounts.queries import information
from accounts.queries.actors import operator_job
from budgets.queries import consumption as quotas
from metering.services import statements
from partner_center import clock
from partner_center.actors import Actor
from partner_center.clock import BillingCycle
from partner_center.nudging import nudge_on_commit
from partner_center.refusals import Refusal

from ..choices import PartState, RunState
from ..models import BillRun, Coupon, RunPart
from ..permissions import OPERATE_BILLS
from ..queries.taxes import Book
from ..refusals import NothingToBill
from ..rules import periods
from . import alarms, invoicing, issuing, sealing, staging, telling
from .issuing import BillToIssue
from .staging import Scope

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


_NEXT_BILLS = """
SELECT nextval(pg_get_serial_sequence('billing_bill', 'id')) FROM generate_series(1, %(count)s)
"""
#: How many partners are settled together, and how many charges at most unless one has more.
_PARTNERS_AT_ONCE = 200
_CHARGES_AT_ONCE = 25_000


@dataclass(frozen=True)
class Share:
    """Where one of several processes that work on a run begins: every ``of``-th partner from a place."""

    place: int
    of: int


WHOLE = Share(0, 1)


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
    share: Share = WHOLE,
) -> Outcome:
    """Issue the bills of a cycle, of all partners or of one; safe to repeat, to kill and to run twice.

    A partner that fails is parked with its cause and tried again by the next call; the others go on.
    Several processes get done sooner when each begins with a share of its own. Raises CycleNotOver,
    NothingToBill (of a partner that was named), NotPermitted.
    """
    actor.require(OPERATE_BILLS)
    run = _begin(cycle, moment)
    scopes = staging.scopes(cycle, account_id)
    tried: set[int] = set()
    issued, book = 0, Book(clock.business_date(moment))
    while parts := _waiting(run, account_id, tried, share):
        tried.update(parts)
        for lot in _lots(parts, cycle, scopes):
            issued += _issue_lot(actor, lot, cycle, moment, book)
        share = WHOLE
    staging.forget()
    if account_id is not None and not tried and not _is_known(run, account_id):
        raise NothingToBill
    return _finish(run, moment, issued)


def run_due(moment: datetime, share: Share = WHOLE) -> None:
    """What the schedule does: catch up every run that is due, tell the operator of a late one."""
    actor = operator_job("bill run")
    for cycle in _due(moment):
        generate(actor, cycle, moment, share=share)
        alarms.tell_if_late(cycle, moment)


def is_due(moment: datetime) -> bool:
    """Whether any run is due that is not finished."""
    due = {str(cycle) for cycle in _due(moment)}
    finished = BillRun.objects.filter(cycle__in=due, state=RunState.FINISHED)
    return finished.count() < len(due)


def run_asked(moment: datetime) -> None:
    """Go through the runs and partners that the operator asked for until this moment.

    Safe to repeat, to kill and to run twice at once: what was asked stands until it was tried.
    """
    actor = operator_job("bill run")
    runs = BillRun.objects.filter(asked_at__lte=moment)
    for cycle in list(runs.order_by("cycle").values_list("cycle", flat=True)):
        generate(actor, BillingCycle.parse(cycle), moment)
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


def _waiting(
    run: BillRun, account_id: int | None, tried: Collection[int], share: Share
) -> list[int]:
    """Partners of the share without a bill that were not tried yet, by the keys of their parts."""
    parts = RunPart.objects.filter(run=run).exclude(state=PartState.ISSUED).order_by("pk")
    if account_id is not None:
        parts = parts.filter(account_id=account_id)
    left = [key for key in parts.values_list("pk", flat=True) if key not in tried]
    return left[share.place :: share.of]


def _lots(
    parts: Sequence[int], cycle: BillingCycle, scopes: Mapping[int, Scope]
) -> Iterator[list[BillToIssue]]:
    """The parts in groups that are small enough to be settled together."""
    for first in range(0, len(parts), _PARTNERS_AT_ONCE):
        keys = parts[first : first + _PARTNERS_AT_ONCE]
        some = RunPart.objects.filter(pk__in=keys).select_related("account").order_by("pk")
        accounts = [part.account_id for part in some]
        currencies = information.currencies_of(accounts, cycle)
        holders = set(Coupon.objects.filter(account__in=accounts).values_list("account", flat=True))
        limited = quotas.holders(accounts)
        numbers = statements.rows(_NEXT_BILLS, {"count": len(some)})
        bills = (
            BillToIssue(
                part_id=part.pk,
                bill_id=bill_id,
                payer=part.account,
                scope=scopes.get(part.account_id, Scope(cycle, part.account_id)),
                currency=currencies.get(part.account_id, DEFAULT_CURRENCY),
                has_coupons=part.account_id in holders,
                has_quota=part.account_id in limited,
            )
            for part, (bill_id,) in zip(some, numbers, strict=True)
        )
        yield from _cut(bills)


def _cut(bills: Iterable[BillToIssue]) -> Iterator[list[BillToIssue]]:
    lot: list[BillToIssue] = []
    charges = 0
    for planned in bills:
        charges += planned.scope.charges
        if lot and charges > _CHARGES_AT_ONCE:
            yield lot
            lot, charges = [], planned.scope.charges
        lot.append(planned)
    yield lot


def _issue_lot(
    actor: Actor, lot: Sequence[BillToIssue], cycle: BillingCycle, moment: datetime, book: Book
) -> int:
    """Settle a lot and issue its bills; how many. When it cannot be settled, one partner at a time."""
    try:
        staging.stage(cycle, [planned.scope for planned in lot])
    except Exception as error:
        logger.exception("%s partners of %s could not be settled", len(lot), cycle)
        if len(lot) == 1:
            _park(lot[0].part_id, _words(error), moment)
            return 0
        return sum(_issue_lot(actor, [planned], cycle, moment, book) for planned in lot)
    issued = sum(_issue(actor, planned, moment, book) for planned in lot)
    if issued:
        for task in (telling.TELL_TASK, sealing.SEAL_TASK, invoicing.MAKE_TASK):
            nudge_on_commit(task)
    return issued


def _issue(actor: Actor, planned: BillToIssue, moment: datetime, book: Book) -> bool:
    """Issue one partner's bill, or park it; whether a bill was issued."""
    try:
        return issuing.issue(actor, planned, moment, book)
    except Refusal as refusal:
        _park(planned.part_id, refusal.sentence, moment)
    except Exception as error:
        logger.exception("The bill of part %s failed", planned.part_id)
        _park(planned.part_id, _words(error), moment)
    return False


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


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
    outcome = outcome_of(run.cycle, issued)
    if not outcome.parked and not outcome.waiting:
        BillRun.objects.filter(pk=run.pk, state=RunState.RUNNING).update(
            state=RunState.FINISHED, finished_at=moment
        )
    return outcome


def bills_of(cycle: BillingCycle) -> int:
    """How many bills of a cycle are issued."""
    return RunPart.objects.filter(run__cycle=str(cycle), state=PartState.ISSUED).count()


def outcome_of(cycle: str, issued: int) -> Outcome:
    """How the run of a cycle stands, of which ``issued`` bills were issued now."""
    parts = RunPart.objects.filter(run__cycle=cycle)
    parked = parts.filter(state=PartState.PARKED).count()
    waiting = parts.filter(state=PartState.WAITING).count()
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
