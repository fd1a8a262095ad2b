"""Exports: CSV against the bare COPY of the same rows, memory, and XLSX in flat memory.

The rows are sent e-mails. The whole job is measured, as a worker does it: claim, count, COPY with
labels, times and defused formulas, the file in the storage, the task completed; in a process of its
own, whose peak memory is the worker's. The bare limit is ``COPY … TO STDOUT`` of the same query
through the same driver, thrown away. Once with plain columns, once with a masked one, whose mask is
part of both queries.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.expressions import Combinable

from accounts.models import User
from accounts.permissions import VIEW_HOME
from accounts.services import creation
from exports.models import ExportTask
from exports.services import run_export
from outbox.models import Delivery
from partner_center import clock, exporting, masking
from partner_center.actors import Actor
from partner_center.exporting import ExportColumn, Source

from ._measure import ProcessFigures, Result, measured_process, stopwatch

NAME = "benchmark"
COLUMNS = ("id", "channel", "target", "template", "subject", "state", "queued_at", "tries")
XLSX_ROWS = 200_000
WORKER = """
import sys
import django
django.setup()
from benchmarks import bench_exports
bench_exports.work(sys.argv[1])
"""


class MailExporter:
    """The first ``rows`` e-mails of an account."""

    name = NAME
    label = "Emails"
    permission = VIEW_HOME

    def source(self, actor: Actor, params: Mapping[str, Any]) -> Source:
        """The rows that were made for the benchmark."""
        columns = [ExportColumn(head, value) for head, value in _values(params["masked"]).items()]
        return Source(_mails(actor.account_id, params["last"]), columns)

    def describe(self, actor: Actor, params: Mapping[str, Any]) -> str:
        """Nothing to say."""
        return ""


def _values(masked: bool) -> dict[str, Combinable]:
    values: dict[str, Combinable] = {name: F(name) for name in COLUMNS}
    return {**values, "target": masking.EMAIL.sql("target")} if masked else values


class _Nowhere:
    def write(self, data: bytes) -> None:
        pass


def run(scale: str) -> list[Result]:
    """05-EXP-01: at least half as fast as bare COPY, at most 300 MB; XLSX in flat memory."""
    rows = 1_000_000 if scale == "full" else 100_000
    few, many = (20_000, XLSX_ROWS) if scale == "full" else (2_000, 20_000)
    exporting.register(MailExporter())
    owner = _owner()
    _make_mails(owner, rows)
    results = _csv("exports.csv", owner, rows, masked=False)
    results += _csv("exports.csv.masked", owner, rows, masked=True)
    few_rows, many_rows = _export(owner, few, "xlsx"), _export(owner, many, "xlsx")
    growth = many_rows.megabytes - few_rows.megabytes
    return [
        *results,
        Result("exports.xlsx", figure=many / many_rows.seconds, unit="rows/s"),
        Result("exports.xlsx.memory", figure=many_rows.megabytes, unit="MB", at_most=300),
        Result("exports.xlsx.growth", figure=growth, unit="MB for ten times the rows", at_most=20),
    ]


def _csv(bench: str, owner: User, rows: int, *, masked: bool) -> list[Result]:
    bare = min(_bare_copy(owner, rows, masked=masked) for _warm in range(2))
    ours = _export(owner, rows, "csv", masked=masked)
    task = ExportTask.objects.order_by("-pk")[0]
    seconds = (task.finished_at - task.started_at).total_seconds()  # type: ignore[operator]
    return [
        Result(bench, figure=rows / seconds, unit="rows/s", limit=rows / bare, at_least=0.5),
        Result(f"{bench}.memory", figure=ours.megabytes, unit="MB", at_most=300),
    ]


def _owner() -> User:
    account = creation.create_account(
        name="bench-exports",
        email="bench-exports@partner-center.example",
        country="PH",
        password="Harbour2026",
        moment=clock.now(),
    )
    return User.objects.select_related("account").get(account=account)


def _make_mails(owner: User, rows: int) -> None:
    """Rows like real ones, made by one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO outbox_delivery (uid, account_id, channel, target, template, subject, body,
                html, urgent, secret, state, queued_at, due_at, sent_at, tries, last_error)
            SELECT gen_random_uuid(), %s, 'email', 'member.' || n || '@harborline.example',
                'budget_alert', 'Budget usage of customer ' || n || ' reached 75%%', '', '', false,
                false, 'sent', now() - make_interval(secs => n), now(), now(), 1, ''
            FROM generate_series(1, %s) AS n
            """,
            [owner.account_id, rows],
        )
        cursor.execute("ANALYZE outbox_delivery")


def _mails(account_id: int, last: int) -> QuerySet[Delivery]:
    return Delivery.objects.filter(account_id=account_id, id__lte=last).order_by("id")


def _last(owner: User, rows: int) -> int:
    made = Delivery.objects.filter(account=owner.account).order_by("id")
    return made.values_list("id", flat=True)[rows - 1]


def _bare_copy(owner: User, rows: int, *, masked: bool) -> float:
    """Seconds of the bare COPY of the query."""
    mails = _mails(owner.account_id, _last(owner, rows))
    columns = {f"c_{name}": value for name, value in _values(masked).items()}
    sql, params = mails.annotate(**columns).values_list(*columns).query.sql_with_params()
    with connection.cursor() as cursor, stopwatch() as watch:
        bound = cursor.mogrify(sql, params).decode()
        cursor.copy_expert(f"COPY ({bound}) TO STDOUT WITH (FORMAT csv)", _Nowhere())
    return watch.seconds


def _export(owner: User, rows: int, file_format: str, *, masked: bool = True) -> ProcessFigures:
    """Run one task in a worker process of its own."""
    moment = clock.now()
    task = ExportTask.objects.create(
        account=owner.account,
        uid=os.urandom(16).hex(),
        exporter=NAME,
        title="Benchmark",
        params={"last": _last(owner, rows), "masked": masked},
        file_format=file_format,
        created_by=owner,
        created_at=moment,
        touched_at=moment,
    )
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", WORKER, task.uid]
        figures = measured_process(command, {**os.environ, "MEDIA_ROOT": folder})
        written = Path(folder) / task.storage_name
        task.refresh_from_db()
        if task.rows_done < rows or not written.stat().st_size:
            raise RuntimeError(f"{rows} rows were to be written, but: {task.status} {task.failure}")
    return figures


def work(uid: str) -> None:
    """What the worker process does."""
    exporting.register(MailExporter())
    run_export(uid)
