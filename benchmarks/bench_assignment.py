"""Batch assignment: 10,000 customers written in one request and worked off by the task."""

from __future__ import annotations

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.choices import PartnerKind, SystemRole
from accounts.models import Account, Role, RoleAssignment, User
from accounts.queries.actors import actor_for
from accounts.services import creation
from customers.choices import BatchKind
from customers.models import AssignmentBatchRow, Association, ManagerAssignment
from customers.services import assignment_batches, assignments
from partner_center import clock

from ._measure import Result, stopwatch

CUSTOMERS = 10_000
#: The least that any implementation has to write: the rows of the report and the assignments.
BARE = """
WITH report AS (
    INSERT INTO customers_assignmentbatchrow (account_id, batch_id, association_id, outcome, message)
    SELECT account_id, %(batch)s, id, 'done', '' FROM customers_association
    WHERE account_id = %(partner)s
)
INSERT INTO customers_managerassignment
    (account_id, association_id, manager_id, origin, assigned_by_id, started_at)
SELECT account_id, id, %(manager)s, 'batch', %(manager)s, now() FROM customers_association
WHERE account_id = %(partner)s
"""


def run(scale: str) -> list[Result]:
    """The request and the task, against the bare INSERTs; a full report row by row."""
    partner, manager = _partner()
    ids = _customers(partner)
    actor = actor_for(User.objects.get(account=partner, is_main=True))
    with CaptureQueriesContext(connection) as queries, stopwatch() as request:
        batch = assignments.start_batch(actor, BatchKind.ASSIGN, ids, manager_id=manager.pk)
    with stopwatch() as task:
        assignment_batches.run(batch.pk)
    reported = AssignmentBatchRow.objects.filter(batch=batch, outcome="done").count()
    if reported != CUSTOMERS:
        raise RuntimeError(f"{reported} of {CUSTOMERS} customers were assigned")
    bare = _bare(partner, manager)
    return [
        Result("assignment.request", request.seconds * 1000, "ms for 10,000 customers"),
        Result("assignment.request.queries", len(queries), "queries", at_most=25),
        Result("assignment.task", task.seconds, "s for 10,000 customers", limit=bare, at_most=10),
    ]


def _partner() -> tuple[Account, User]:
    partner = creation.create_account(
        name="bench-assignment",
        email="assignment@bench.example",
        country="PH",
        password="Harbour2026",
        moment=clock.now(),
    )
    Account.objects.filter(pk=partner.pk).update(partner_kind=PartnerKind.CSP, stage="complete")
    manager = creation.create_user(
        account=partner,
        username="manager",
        email="manager@bench.example",
        password="Harbour2026",
        moment=clock.now(),
    )
    role = Role.objects.get(system_code=SystemRole.MANAGER)
    RoleAssignment.objects.create(account=partner, user=manager, role=role, assigned_at=clock.now())
    return partner, manager


def _customers(partner: Account) -> list[int]:
    moment = clock.now()
    accounts = Account.objects.bulk_create(
        Account(
            name=f"bench-assigned-{n}",
            email=f"assigned{n}@bench.example",
            country="PH",
            registered_at=moment,
        )
        for n in range(CUSTOMERS)
    )
    rows = Association.objects.bulk_create(
        Association(account=partner, customer=account, associated_at=moment) for account in accounts
    )
    return [row.pk for row in rows]


def _bare(partner: Account, manager: User) -> float:
    """Seconds of the bare statement on emptied tables, in a transaction like any other."""
    rows = AssignmentBatchRow.objects.filter(account=partner)
    batch_id = rows.values_list("batch_id", flat=True)[0]
    rows.delete()
    ManagerAssignment.objects.filter(account=partner).delete()
    values = {"batch": batch_id, "partner": partner.pk, "manager": manager.pk}
    with stopwatch() as bare, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(BARE, values)
    return bare.seconds
