"""What stands in the files."""

from __future__ import annotations

import csv
import io
import re

import openpyxl
import pytest
from django.core.files.storage import default_storage

from accounts.choices import UserStatus
from accounts.models import Account, RoleAssignment, User
from exports import statement, writing
from exports.models import ExportTask
from exports.services import run_export
from partner_center import exporting
from partner_center.lists.tables import columns_of

from .conftest import files_in

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def run(task: ExportTask) -> ExportTask:
    run_export(task.uid)
    return ExportTask.objects.get(pk=task.pk)


def content(task: ExportTask) -> bytes:
    with default_storage.open(task.storage_name) as stored:
        return stored.read()


def csv_rows(task: ExportTask) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content(task).decode("utf-8-sig"))))


def sheet_rows(task: ExportTask, number: int = 0):
    book = openpyxl.load_workbook(io.BytesIO(content(task)))
    return list(book.worksheets[number].iter_rows())


@pytest.mark.requirement("05-EXP-01", "05-EXP-02", "05-EXP-05", "06-DX-07")
def test_csv_holds_what_the_page_shows_masked(create):
    columns = ["name", "contact", "roles", "status"]
    task = run(create(params={"query": "q=cruz", "columns": columns}))
    assert (task.status, task.rows_total, task.rows_done) == ("completed", 1, 1)
    assert task.file_size == len(content(task))
    assert content(task).startswith(b"\xef\xbb\xbf")
    assert csv_rows(task) == [
        ["Name", "Account Name", "Mobile", "Email", "Roles", "Status"],
        [
            "F Cruz",
            "f.cruz",
            "'+63 ****2291",
            "f.c****@tidemark-cloud.example",
            "Finance specialist",
            "Normal",
        ],
    ]


def test_file_has_the_order_and_the_rows_of_the_list(create, cast):
    task = run(create(params={"query": "sort=-name&status=normal", "columns": ["name"]}))
    assert [row[1] for row in csv_rows(task)[1:]] == [
        "r.santos",
        "j.lim",
        "i.tan",
        "f.cruz",
        "tidemark-cloud",
    ]
    ticked = run(create(params={"columns": ["name"], "ids": [str(cast.jun.pk), str(cast.nora.pk)]}))
    assert [row[1] for row in csv_rows(ticked)[1:]] == ["j.lim"]


def test_csv_defuses_formulas(create):
    texts = [f"{start}HYPERLINK(1)" for start in ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＠"]]
    task = run(create("test_texts", {"texts": texts}))
    assert csv_rows(task)[1] == [f"'{text}" for text in texts]


def test_csv_leaves_other_text_alone(create):
    texts = ["plain", "a=b", "0917", 'say "hi", twice', "two\nlines", "", "'x", " =1", "Ünï ©"]
    assert csv_rows(run(create("test_texts", {"texts": texts})))[1] == texts


def test_csv_values_of_each_kind(create):
    heads, values = csv_rows(run(create("test_values")))
    assert heads[6] == "Created (GMT+08:00)"
    assert values[1:6] == ["-5", "-0.0000000001", "12345678901234567890", "Yes", "Normal"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", values[6])
    assert values[7] == ""


def test_xlsx_keeps_formulas_as_text_and_numbers_exact(create):
    task = run(create("test_values", {"text": "=1+1"}, "xlsx"))
    heads, values = sheet_rows(task)
    assert [cell.value for cell in heads][:2] == ["Text", "Number"]
    assert (values[0].value, values[0].data_type) == ("=1+1", "s")
    assert (values[1].value, values[1].data_type) == (-5, "n")
    assert values[2].value == pytest.approx(-1e-10) and values[2].data_type == "n"
    assert (values[3].value, values[3].data_type) == ("12345678901234567890", "s")
    assert values[4].value == "Yes" and values[5].value == "Normal"
    assert values[6].is_date and values[7].value is None


def test_xlsx_goes_on_in_the_next_sheet_when_one_is_full(tmp_path):
    class Rows:
        def rows(self, sql, params):
            return iter([(f"row {n}", n) for n in range(7)])

    path = tmp_path / "book.xlsx"
    sources = statement.Statement(["Name", "Number"], "")
    assert writing.write_xlsx(Rows(), sources, path, lambda rows: None, sheet_rows=4) == 7
    book = openpyxl.load_workbook(path)
    assert [sheet.max_row for sheet in book.worksheets] == [4, 4, 2]
    assert [sheet["A1"].value for sheet in book.worksheets] == ["Name"] * 3
    assert book.worksheets[2]["B2"].value == 6


def test_csv_may_leave_out_the_byte_order_mark(tmp_path):
    class OneRow:
        def copy_csv(self, sql, params, out):
            out.write(b"Mara\n")
            return 1

    path = tmp_path / "file.csv"
    sources = statement.Statement(["Name"], "")
    reported = []
    assert writing.write_csv(OneRow(), sources, path, reported.append, byte_order_mark=False) == 1
    assert reported == [1]
    assert path.read_bytes() == b"Name\nMara\n"


@pytest.mark.requirement("02-USR-08", "05-EXP-05")
@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_member_list_is_exported_with_every_column(create, file_format):
    columns = list(columns_of(exporting.get("members").definition.table_class))
    task = run(create("members", {"columns": columns}, file_format))
    assert (task.status, task.rows_done) == ("completed", 4), task.failure
    if file_format == "csv":
        [felix] = [row for row in csv_rows(task) if "f.cruz" in row]
        assert "Finance specialist" in felix and "'+63 ****2291" in felix
        assert "+639175552291" not in content(task).decode()


def _take_permission(cast):
    RoleAssignment.objects.filter(user=cast.felix).delete()


def _lock_member(cast):
    User.objects.filter(pk=cast.felix.pk).update(status=UserStatus.LOCKED)


def _suspend_account(cast):
    Account.objects.filter(pk=cast.tidemark.pk).update(status="suspended")


@pytest.mark.parametrize("change", [_take_permission, _lock_member, _suspend_account])
def test_who_lost_the_right_meanwhile_gets_no_file(create, cast, storage, change):
    task = create()
    ExportTask.objects.filter(pk=task.pk).update(created_by=cast.felix)
    RoleAssignment.objects.filter(user=cast.felix).update(role=_exporter_role(cast))
    change(cast)
    task = run(task)
    assert task.status == "failed"
    assert "may no longer export these records" in task.failure
    assert files_in(storage) == []


def _exporter_role(cast):
    from accounts.models import Role
    from partner_center import clock

    return Role.objects.create(
        account=cast.tidemark,
        name="Exporter",
        permissions=["accounts.view_members", "accounts.export_members"],
        created_at=clock.now(),
    )


def test_fault_fails_the_task_with_a_reference(create, storage, caplog):
    task = run(create("test_broken"))
    assert task.status == "failed"
    assert task.uid[:8].upper() in task.failure
    assert "division by zero" in caplog.text and "division" not in task.failure
    assert files_in(storage) == []


def test_statement_reads_everything_from_one_moment(create, cast):
    """Count and rows come from one snapshot, whatever is committed in between."""
    from exports import snapshot

    with snapshot.open_snapshot() as source:
        sql = "SELECT id FROM accounts_user"
        before = source.count(sql, [])
        User.objects.filter(pk=cast.ivy.pk).update(username="renamed")
        User.objects.create(account=cast.northgate, username="new", created_at=cast.ivy.created_at)
        assert source.count(sql, []) == before == len(list(source.rows(sql, [])))
    assert User.objects.count() == before + 1
