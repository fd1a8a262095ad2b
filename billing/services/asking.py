"""What the operator asks of bill runs: noted here, carried out by a worker, never in the request."""

from __future__ import annotations

from django.db import transaction

import audit.services
from customers.choices import AssociationModel
from metering.models import MonthlySpend
from metering.refusals import CycleNotOver
from partner_center import clock
from partner_center.actors import Actor
from partner_center.clock import BillingCycle
from partner_center.nudging import nudge_on_commit
from partner_center.refusals import NotFound

from ..choices import PartState, RunState
from ..models import BillRun, RunPart
from ..permissions import OPERATE_BILLS
from ..refusals import BillIsIssued, EverybodyIsBilled, NobodyToBill
from . import running


@transaction.atomic
def ask_for_cycle(actor: Actor, *, cycle: BillingCycle) -> BillRun:
    """Have the bills of a cycle issued: Generate Bills. The run is the same that the schedule makes.

    Raises CycleNotOver, NobodyToBill, EverybodyIsBilled, NotPermitted.
    """
    actor.require(OPERATE_BILLS)
    moment = clock.now()
    if cycle.end > moment:
        raise CycleNotOver(field="cycle")
    spent = MonthlySpend.objects.filter(cycle=str(cycle), model=AssociationModel.RESELLER)
    if not spent.exists():
        raise NobodyToBill(field="cycle")
    run, _is_new = BillRun.objects.get_or_create(cycle=str(cycle), defaults={"started_at": moment})
    return _ask(actor, run.pk)


@transaction.atomic
def ask_again(actor: Actor, run_id: int) -> BillRun:
    """Have every partner of a run that has no bill tried once more: Run Again.

    Asking twice changes nothing. Raises NotFound, EverybodyIsBilled, NotPermitted.
    """
    actor.require(OPERATE_BILLS)
    return _ask(actor, run_id)


@transaction.atomic
def ask_for_part(actor: Actor, part_id: int) -> RunPart:
    """Have one partner of a run tried once more: Try Again.

    One that a worker is trying just now needs no asking. Raises NotFound, BillIsIssued, NotPermitted.
    """
    actor.require(OPERATE_BILLS)
    part = RunPart.objects.select_related("run", "account").filter(pk=part_id).first()
    if part is None:
        raise NotFound
    if part.state == PartState.ISSUED:
        raise BillIsIssued
    # Whoever issues a bill holds this row for as long as that takes: nobody waits for it here.
    free = RunPart.objects.filter(pk=part_id, asked_at=None).exclude(state=PartState.ISSUED)
    if (found := free.select_for_update(skip_locked=True, of=("self",)).first()) is not None:
        found.asked_at = clock.now()
        found.save(update_fields=["asked_at"])
        audit.services.record(
            actor,
            "billing.run_part.asked",
            part,
            after={"cycle": part.run.cycle, "cause": part.cause},
            account_id=part.account_id,
        )
    nudge_on_commit(running.ASKED_TASK)
    return part


def _ask(actor: Actor, run_id: int) -> BillRun:
    run = BillRun.objects.select_for_update().filter(pk=run_id).first()
    if run is None:
        raise NotFound
    if run.state == RunState.FINISHED:
        raise EverybodyIsBilled(field="cycle")
    if run.asked_at is None:
        run.asked_at = clock.now()
        run.save(update_fields=["asked_at"])
        audit.services.record(actor, "billing.run.asked", run, after={"cycle": run.cycle})
    nudge_on_commit(running.ASKED_TASK)
    return run
