"""The bill run of a cycle: who is to be billed, one after the other, each in its own transaction."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

import metering.services.cycles
from accounts.queries.actors import operator_job
from metering.services import statements
from partner_center import clock
from partner_center.actors import Actor
from partner_center.clock import BillingCycle
from partner_center.refusals import Refusal

from ..choices import PartState, RunState
from ..models import BillRun, RunPart
from ..permissions import OPERATE_BILLS
from ..queries.taxes import Book
from ..refusals import NothingToBill
from ..rules import periods
from . import alarms, issuing

logger = logging.getLogger(__name__)

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
    actor: Actor, cycle: BillingCycle, moment: datetime, *, account_id: int | None = None
) -> Outcome:
    """Issue the bills of a cycle, of all partners or of one; safe to repeat, to kill and to run twice.

    A partner that fails is parked with its cause and tried again by the next call; the others go on.
    Raises CycleNotOver, NothingToBill (of a partner that was named), NotPermitted.
    """
    actor.require(OPERATE_BILLS)
    run = _begin(cycle, moment)
    issued, seen, book = 0, set[int](), Book(clock.business_date(moment))
    while (part := _next(run, account_id, seen)) is not None:
        seen.add(part)
        issued += _issue(actor, run, part, moment, book)
    if account_id is not None and not seen and not _is_known(run, account_id):
        raise NothingToBill
    return _finish(run, moment, issued)


def run_due(moment: datetime) -> None:
    """What the schedule does: catch up every run that is due, tell the operator of a late one."""
    actor = operator_job("bill run")
    for cycle in _due(moment):
        generate(actor, cycle, moment)
        alarms.tell_if_late(cycle, moment)


@transaction.atomic
def _begin(cycle: BillingCycle, moment: datetime) -> BillRun:
    """Close the cycle, so that its charges stand still, and enter whom it bills."""
    metering.services.cycles.close(str(cycle), moment)
    run, _is_new = BillRun.objects.get_or_create(cycle=str(cycle), defaults={"started_at": moment})
    statements.run("SELECT billing_line_partition(%(cycle)s)", {"cycle": str(cycle)})
    statements.run(_PARTS, {"run": run.pk, "cycle": str(cycle)})
    return run


def _next(run: BillRun, account_id: int | None, seen: set[int]) -> int | None:
    """The next partner without a bill that nobody else works on just now."""
    parts = RunPart.objects.filter(run=run).exclude(state=PartState.ISSUED).exclude(pk__in=seen)
    if account_id is not None:
        parts = parts.filter(account_id=account_id)
    with transaction.atomic():
        free = parts.order_by("pk").select_for_update(skip_locked=True, of=("self",))
        return free.values_list("pk", flat=True).first()


def _issue(actor: Actor, run: BillRun, part_id: int, moment: datetime, book: Book) -> bool:
    """Issue one partner's bill, or park it; whether a bill was issued."""
    try:
        return issuing.issue(actor, part_id, BillingCycle.parse(run.cycle), moment, book)
    except Refusal as refusal:
        _park(part_id, refusal.sentence, moment)
    except Exception as error:
        logger.exception("The bill of part %s of %s failed", part_id, run.cycle)
        _park(part_id, f"{type(error).__name__}: {error}", moment)
    return False


@transaction.atomic(durable=True)
def _park(part_id: int, cause: str, moment: datetime) -> None:
    waiting = RunPart.objects.filter(~Q(state=PartState.ISSUED), pk=part_id)
    waiting.update(state=PartState.PARKED, cause=cause[:500], tried_at=moment)


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
    """Cycles between the last run and the newest: the scheduler was down for longer than a month."""
    last = BillRun.objects.order_by("-cycle").values_list("cycle", flat=True).first()
    cycle = BillingCycle.parse(last).next() if last else newest
    while cycle < newest:
        yield cycle
        cycle = cycle.next()
