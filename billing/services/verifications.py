"""Verifications that the operator asks for: a worker carries them out, what they find is kept."""

from __future__ import annotations

import logging
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

import audit.services
from partner_center import clock
from partner_center.actors import Actor
from partner_center.clock import BillingCycle
from partner_center.nudging import nudge_on_commit
from partner_center.refusals import NotFound

from ..choices import VerificationState
from ..models import Bill, BillManifest, Verification
from ..permissions import OPERATE_BILLS
from ..refusals import NothingToVerify, NotSealed
from . import proving, verifying
from .verifying import Finding

logger = logging.getLogger(__name__)

#: Name of the task that calls :func:`verify_asked`; by name, because services know no tasks.
VERIFY_TASK = "billing.verify_asked"


@transaction.atomic
def ask_for_cycle(actor: Actor, *, cycle: BillingCycle) -> Verification:
    """Have all books of a cycle verified. Raises NothingToVerify, NotPermitted."""
    actor.require(OPERATE_BILLS)
    if not Bill.objects.filter(cycle=str(cycle)).exists():
        raise NothingToVerify
    return _ask(actor, str(cycle), None)


@transaction.atomic
def ask_for_bill(actor: Actor, bill_id: int) -> Verification:
    """Have the proof of one bill verified. Raises NotFound, NotSealed, NotPermitted."""
    actor.require(OPERATE_BILLS)
    bill = Bill.objects.filter(pk=bill_id).first()
    if bill is None:
        raise NotFound
    if not BillManifest.objects.filter(bill=bill).exists():
        raise NotSealed
    return _ask(actor, bill.cycle, bill)


def verify_asked(moment: datetime) -> int:
    """Carry out what was asked for; how many. Safe to repeat, to kill and to run twice at once."""
    done = 0
    while _verify_next(moment):
        done += 1
    return done


def _ask(actor: Actor, cycle: str, bill: Bill | None) -> Verification:
    """The verification that waits already, or a new one."""
    found, is_new = Verification.objects.get_or_create(
        cycle=cycle,
        bill=bill,
        state=VerificationState.WAITING,
        defaults={"asked_by": actor.name, "asked_at": clock.now()},
    )
    if is_new:
        audit.services.record(
            actor,
            "billing.verification.asked",
            found,
            after={"cycle": cycle, "bill": bill.number if bill else ""},
            account_id=bill.account_id if bill else None,
        )
    nudge_on_commit(VERIFY_TASK)
    return found


@transaction.atomic
def _verify_next(moment: datetime) -> bool:
    waiting = Verification.objects.filter(state=VerificationState.WAITING).order_by("pk")
    row = waiting.select_for_update(skip_locked=True, of=("self",)).first()
    if row is None:
        return False
    try:
        with transaction.atomic():
            findings = _findings(row)
    except Exception as error:
        logger.exception("Verification %s of %s failed", row.pk, row.cycle)
        row.state, row.failure = VerificationState.FAILED, f"{type(error).__name__}: {error}"[:500]
    else:
        row.findings = [asdict(finding) for finding in findings]
        row.state = VerificationState.DIFFERS if row.broken else VerificationState.AGREES
    row.checked_at = moment
    row.save(update_fields=["state", "failure", "findings", "checked_at"])
    return True


def _findings(row: Verification) -> list[Finding]:
    if row.bill_id is None:
        return verifying.verify(BillingCycle.parse(row.cycle))
    bills = Bill.objects.select_related("account", "manifest")
    return proving.prove(bills.get(pk=row.bill_id))
