"""The work of a batch of assignments: chunks, each in a transaction, safe to kill and to repeat."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

import audit.services
from accounts.models import User
from accounts.queries.actors import actor_for
from partner_center import clock
from partner_center.actors import Door

from ..choices import AssignmentOrigin, BatchKind, BatchStatus, RowOutcome
from ..models import (
    AssignmentBatch,
    AssignmentBatchRow,
    Association,
    ManagerAssignment,
)
from ..queries.assignments import looks_after_customers
from ..rules.assignment import Row, Verdict, decide
from ..rules.attribution import attribution_end
from ..signals import customers_assigned
from . import assignments

#: Rows in one transaction.
CHUNK = 500
_ORIGINS = {
    BatchKind.ASSIGN: AssignmentOrigin.BATCH,
    BatchKind.TRANSFER: AssignmentOrigin.TRANSFER,
}


def run(batch_id: int, *, chunk: int = CHUNK) -> None:
    """Work off the rows that still wait, chunk by chunk, until none is left."""
    while _run_chunk(batch_id, chunk):
        pass


@transaction.atomic(durable=True)
def _run_chunk(batch_id: int, size: int) -> bool:
    """One chunk; two workers on the same batch take turns. Returns whether there may be more."""
    batch = (
        AssignmentBatch.objects.select_for_update(of=("self",))
        .select_related("manager", "source", "created_by__account")
        .filter(pk=batch_id)
        .exclude(status=BatchStatus.COMPLETED)
        .first()
    )
    if batch is None:
        return False
    moment = clock.now()
    manager = _locked_manager(batch)
    rows = list(batch.rows.filter(outcome=RowOutcome.WAITING).order_by("pk")[:size])
    if not rows:
        _finish(batch, moment)
        return False
    _work_off(batch, rows, manager, moment)
    return True


def _locked_manager(batch: AssignmentBatch) -> User | None:
    """The manager as it stands now, locked, so that it is not deleted meanwhile."""
    if batch.manager_id is None:
        return None
    return User.objects.select_for_update(of=("self",), no_key=True).get(pk=batch.manager_id)


def _is_fit(manager: User | None) -> bool:
    return manager is not None and looks_after_customers(manager.pk)


def _work_off(
    batch: AssignmentBatch,
    rows: list[AssignmentBatchRow],
    manager: User | None,
    moment: datetime,
) -> None:
    associations = _locked(rows)
    verdicts = _verdicts(batch, rows, associations, target_is_fit=_is_fit(manager))
    changed = [associations[pk] for pk, verdict in verdicts.items() if verdict == Verdict.CHANGE]
    _change(batch, changed, manager, moment)
    _note(batch, rows, verdicts)
    done = len(changed)
    AssignmentBatch.objects.filter(pk=batch.pk).update(
        status=BatchStatus.RUNNING,
        done=F("done") + done,
        refused=F("refused") + len(rows) - done,
    )
    if changed:
        _record(batch, [association.pk for association in changed])


def _locked(rows: list[AssignmentBatchRow]) -> dict[int, Association]:
    wanted = [row.association_id for row in rows]
    found = Association.objects.filter(pk__in=wanted).order_by("pk")
    return {a.pk: a for a in found.select_for_update(of=("self",), no_key=True)}


def _verdicts(
    batch: AssignmentBatch,
    rows: list[AssignmentBatchRow],
    associations: dict[int, Association],
    *,
    target_is_fit: bool,
) -> dict[int, Verdict]:
    live = ManagerAssignment.objects.live().filter(association__in=associations)
    held = {row.association_id: row for row in live}
    kind = BatchKind(batch.kind)
    found = {}
    for row in rows:
        assignment = held.get(row.association_id)
        state = Row(
            is_live=associations[row.association_id].ended_at is None,
            manager_id=assignment.manager_id if assignment else None,
            is_ending=bool(assignment and assignment.ends_at),
        )
        found[row.association_id] = decide(
            kind,
            state,
            target_id=batch.manager_id,
            source_id=batch.source_id,
            target_is_fit=target_is_fit,
        )
    return found


def _change(
    batch: AssignmentBatch,
    associations: list[Association],
    manager: User | None,
    moment: datetime,
) -> None:
    kind = BatchKind(batch.kind)
    if kind == BatchKind.UNASSIGN:
        open_rows = ManagerAssignment.objects.filter(association__in=associations, ended_at=None)
        open_rows.update(ends_at=attribution_end(moment))
    elif manager and associations:
        assignments.replace(
            associations, manager, origin=_ORIGINS[kind], by=batch.created_by_id, moment=moment
        )


def _note(
    batch: AssignmentBatch, rows: Iterable[AssignmentBatchRow], verdicts: dict[int, Verdict]
) -> None:
    """Write each row's outcome: one statement for each verdict."""
    for verdict in set(verdicts.values()):
        pks = [row.pk for row in rows if verdicts[row.association_id] == verdict]
        AssignmentBatchRow.objects.filter(pk__in=pks).update(
            outcome=RowOutcome.DONE if verdict == Verdict.CHANGE else RowOutcome.REFUSED,
            message=_words(batch, verdict),
        )


def _words(batch: AssignmentBatch, verdict: Verdict) -> str:
    """The row's sentence in the report."""
    names = {"manager": str(batch.manager or ""), "source": str(batch.source or "")}
    words = {
        Verdict.GONE: _("The customer is not associated with you any more."),
        Verdict.SAME_MANAGER: _("%(manager)s looks after this customer already."),
        Verdict.OTHER_MANAGER: _("%(source)s does not look after this customer."),
        Verdict.NO_MANAGER: _("Nobody looks after this customer."),
        Verdict.ENDING: _("The customer is being unassigned already."),
        Verdict.MANAGER_LOST: _("%(manager)s is no account manager or account director any more."),
    }
    return words[verdict] % names if verdict in words else ""


def _finish(batch: AssignmentBatch, moment: datetime) -> None:
    batch.status = BatchStatus.COMPLETED
    batch.finished_at = moment
    batch.save(update_fields=["status", "finished_at"])
    if batch.manager:
        done = batch.rows.filter(outcome=RowOutcome.DONE)
        customers_assigned.send(
            sender=AssignmentBatch,
            association_ids=list(done.values_list("association_id", flat=True)),
            manager=batch.manager,
            event=f"batch:{batch.pk}",
        )


def _record(batch: AssignmentBatch, association_ids: list[int]) -> None:
    """One record for the chunk, in the name of whoever started the batch."""
    audit.services.record(
        actor_for(batch.created_by, door=Door.JOB),
        f"customers.assignment_batch.{batch.kind}",
        batch,
        before={"manager": batch.source.username} if batch.source else None,
        after={
            "manager": batch.manager.username if batch.manager else None,
            "associations": association_ids,
        },
    )
