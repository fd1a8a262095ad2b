"""Export History: who sees what, download, cancel, repeat, expiry."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from accounts.models import Role, RoleAssignment
from audit.models import OperationRecord
from exports.models import ExportTask
from exports.services import expire_files
from partner_center import clock

from .conftest import files_in

pytestmark = pytest.mark.django_db
HISTORY = "/exports"


@pytest.fixture
def mara(client, cast):
    client.force_login(cast.mara)
    return client


def url(action: str, task: ExportTask) -> str:
    return reverse(f"exports:{action}", args=[task.uid])


def completed(task: ExportTask, content: bytes = b"Name\n") -> ExportTask:
    default_storage.save(task.storage_name, ContentFile(content))
    moment = clock.now()
    ExportTask.objects.filter(pk=task.pk).update(
        status="completed",
        rows_total=1,
        rows_done=1,
        file_size=len(content),
        finished_at=moment,
        expires_at=moment + timedelta(days=7),
    )
    return ExportTask.objects.get(pk=task.pk)


def put(task: ExportTask, **values) -> ExportTask:
    ExportTask.objects.filter(pk=task.pk).update(**values)
    return ExportTask.objects.get(pk=task.pk)


@pytest.mark.requirement("05-EXP-02")
def test_completed_task_is_downloaded_and_the_download_recorded(mara, create):
    task = completed(create(), b"Name\nMara\n")
    html = mara.get(HISTORY).content.decode()
    assert url("download", task) in html and "Download" in html
    answer = mara.get(url("download", task))
    assert b"".join(answer) == b"Name\nMara\n"
    assert answer["Content-Disposition"].startswith('attachment; filename="People 20')
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert OperationRecord.objects.get(action="exports.file.downloaded").target_id == str(task.pk)


@pytest.mark.requirement("05-EXP-02", "06-DX-08", "04-CUS-08")
@pytest.mark.parametrize("status", ["waiting", "processing", "failed"])
def test_only_completed_tasks_are_downloadable(mara, create, status):
    task = put(create(), status=status, failure="x" if status == "failed" else "")
    assert "Download" not in mara.get(HISTORY).content.decode()
    answer = mara.get(url("download", task))
    assert answer.status_code == 409
    assert "not completed" in answer.content.decode()


@pytest.mark.parametrize("action", ["download", "cancel", "repeat"])
def test_tasks_of_others_do_not_exist(client, cast, create, action):
    task = completed(create())
    for stranger in (cast.nora, cast.felix, cast.hana):
        client.force_login(stranger)
        send = client.get if action == "download" else client.post
        assert send(url(action, task)).status_code == 404
        assert client.get(HISTORY).context["rows"] == []
    assert ExportTask.objects.get(pk=task.pk).status == "completed"


def test_administrator_sees_the_tasks_of_all_members(mara, cast, create):
    exporter_role = Role.objects.create(
        account=cast.tidemark,
        name="Exporter",
        permissions=["accounts.view_members", "accounts.export_members"],
        created_at=clock.now(),
    )
    RoleAssignment.objects.create(
        account=cast.tidemark, user=cast.ivy, role=exporter_role, assigned_at=clock.now()
    )
    task = completed(create(user=cast.ivy))
    assert mara.get(url("download", task)).status_code == 200
    assert "i.tan" in mara.get(HISTORY).content.decode()


def test_who_may_no_longer_export_may_no_longer_download(client, cast, create, monkeypatch):
    task = put(completed(create()), created_by=cast.ivy)
    client.force_login(cast.ivy)
    answer = client.get(url("download", task))
    assert answer.status_code == 403
    assert "Export members" in answer.content.decode()


def test_page_polls_only_while_something_runs(mara, create):
    task = create()
    assert 'hx-trigger="every 5s"' in mara.get(HISTORY).content.decode()
    completed(task)
    assert "every 5s" not in mara.get(HISTORY).content.decode()


def test_progress_shows_real_counts(mara, create):
    now = clock.now()
    put(
        create(),
        status="processing",
        started_at=now - timedelta(seconds=31),
        touched_at=now,
        rows_total=18402,
        rows_done=11410,
    )
    html = mara.get(HISTORY).content.decode()
    assert "11,410 of 18,402" in html and "19 s left" in html


@pytest.mark.parametrize("status", ["waiting", "processing"])
def test_cancel_takes_the_task_and_its_file_away(
    mara, create, storage, status, django_capture_on_commit_callbacks
):
    task = put(create(), status=status)
    default_storage.save(task.storage_name, ContentFile(b"half"))
    with django_capture_on_commit_callbacks(execute=True):
        assert mara.post(url("cancel", task)).status_code == 302
    assert not ExportTask.objects.exists()
    assert files_in(storage) == []
    assert OperationRecord.objects.filter(action="exports.task.canceled").exists()


def test_cancel_comes_too_late(mara, create):
    task = completed(create())
    answer = mara.post(url("cancel", task))
    assert answer.status_code == 409
    assert mara.get(url("download", task)).status_code == 200


@pytest.mark.parametrize(
    ("status", "label"), [("failed", "Try again"), ("expired", "Export again")]
)
def test_failed_and_expired_tasks_are_created_again(mara, create, status, label):
    old = put(create(params={"query": "q=cruz"}), status=status, failure="No reason.")
    assert label in mara.get(HISTORY).content.decode()
    mara.post(url("repeat", old))
    new = ExportTask.objects.exclude(pk=old.pk).get()
    assert (new.params, new.status) == ({"query": "q=cruz"}, "waiting")


def test_running_tasks_are_not_repeated(mara, create):
    assert mara.post(url("repeat", create())).status_code == 409
    assert ExportTask.objects.count() == 1


@pytest.mark.parametrize("action", ["cancel", "repeat"])
def test_changes_are_posts(mara, create, action):
    assert mara.get(url(action, create())).status_code == 405


def test_files_expire_after_seven_days(mara, create, storage):
    task = completed(create())
    kept = completed(create())
    put(kept, expires_at=task.expires_at + timedelta(minutes=1))
    assert expire_files(task.expires_at - timedelta(seconds=1)) == 0
    assert expire_files(task.expires_at) == 1
    assert expire_files(task.expires_at) == 0
    assert [path.name for path in files_in(storage)] == [f"{kept.uid}.csv"]
    answer = mara.get(url("download", task))
    assert answer.status_code == 410
    assert "kept for 7 days" in answer.content.decode()
    assert "Expired" in mara.get(HISTORY).content.decode()


def test_expired_file_is_refused_before_the_job_came_by(mara, create):
    task = put(completed(create()), expires_at=clock.now() - timedelta(seconds=1))
    assert mara.get(url("download", task)).status_code == 410


def test_lost_file_is_a_404_not_a_fault(mara, create):
    task = completed(create())
    default_storage.delete(task.storage_name)
    assert mara.get(url("download", task)).status_code == 404


def test_filters_by_task_status_and_creator(mara, create, cast):
    create()
    put(create("test_values"), status="failed", failure="x")
    assert len(mara.get(f"{HISTORY}?status=failed").context["rows"]) == 1
    assert len(mara.get(f"{HISTORY}?task=test_people").context["rows"]) == 1
    assert len(mara.get(f"{HISTORY}?created_by={cast.mara.pk}").context["rows"]) == 2
    assert mara.get(f"{HISTORY}?created_by={cast.nora.pk}").context["listing_notes"]
