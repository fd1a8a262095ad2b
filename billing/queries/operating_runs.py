"""Reads of the operator's pages of bill runs: how far each has come, and who is parked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, DecimalField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from partner_center.clock import BillingCycle

from ..choices import PartState, RunState
from ..models import Bill, BillRun, RunPart
from ..rules import periods

#: Parked partners that the page of a run names with their causes.
MOST_PARKED = 20


@dataclass(frozen=True)
class Progress:
    """How far a run has come. ``total``: of the bills issued, in USD."""

    issued: int
    parked: int
    waiting: int
    total: Decimal
    #: Whether a worker is at it, or will be within minutes.
    goes_on: bool
    is_late: bool

    @property
    def partners(self) -> int:
        """All whom the run bills."""
        return self.issued + self.parked + self.waiting

    def percent(self, count: int) -> str:
        """So much of all partners, with two decimals; what is there at all is seen in a bar."""
        share = max(10_000 * count // self.partners, 100) if count else 0
        return f"{share // 100}.{share % 100:02d}"


def with_progress(runs: QuerySet[BillRun]) -> QuerySet[BillRun]:
    """Runs with their counts and the total billed, in one statement."""
    money: DecimalField = DecimalField(max_digits=24, decimal_places=2)
    billed = Bill.objects.filter(cycle=OuterRef("cycle")).order_by().values("cycle")
    counts = {
        f"{state}_parts": Count("parts", filter=Q(parts__state=state)) for state in PartState.values
    }
    return runs.annotate(
        **counts,
        asked_parts=Count("parts", filter=Q(parts__asked_at__isnull=False)),
        billed=Coalesce(
            Subquery(billed.annotate(total=Sum("total")).values("total"), output_field=money),
            Decimal(0),
            output_field=money,
        ),
    )


def progress_of(run: BillRun, moment: datetime) -> Progress:
    """The progress of a run that came :func:`with_progress`."""
    row: dict[str, int] = vars(run)
    cycle = BillingCycle.parse(run.cycle)
    is_running = run.state == RunState.RUNNING
    is_due = moment >= periods.issue_from(cycle)
    return Progress(
        issued=row["issued_parts"],
        parked=row["parked_parts"],
        waiting=row["waiting_parts"],
        total=vars(run)["billed"],
        goes_on=is_running
        and bool(run.asked_at or row["asked_parts"] or (is_due and row["waiting_parts"])),
        is_late=is_running and moment >= periods.issue_until(cycle),
    )


def goes_on(moment: datetime) -> bool:
    """Whether a worker is at any run, or will be within minutes."""
    asked = BillRun.objects.filter(asked_at__isnull=False)
    asked_parts = RunPart.objects.filter(asked_at__isnull=False)
    due = RunPart.objects.filter(
        state=PartState.WAITING,
        run__state=RunState.RUNNING,
        run__cycle__lte=str(periods.newest_due(moment)),
    )
    return asked.exists() or asked_parts.exists() or due.exists()


def with_bill(parts: QuerySet[RunPart]) -> QuerySet[RunPart]:
    """Parts with key and number of the bill that was issued."""
    bills = Bill.objects.filter(account=OuterRef("account"), cycle=OuterRef("run__cycle"))
    return parts.annotate(
        bill_id=Subquery(bills.values("pk")[:1]), bill_number=Subquery(bills.values("number")[:1])
    )


def parked(run: BillRun) -> list[RunPart]:
    """The first parked partners of a run, the longest parked first."""
    rows = RunPart.objects.filter(run=run, state=PartState.PARKED).select_related("account")
    return list(rows.order_by("pk")[:MOST_PARKED])
