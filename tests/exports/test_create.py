"""Creating export tasks."""

import pytest

from accounts.permissions import EXPORT_MEMBERS
from audit.models import OperationRecord
from exports.models import ExportTask
from exports.refusals import TooManyTasks, UnknownFormat
from exports.services import create_export
from partner_center.refusals import NotFound, NotPermitted

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("05-EXP-01")
def test_task_waits_and_its_worker_is_called_after_the_commit(
    create, no_broker, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        task = create()
        assert no_broker == []
    assert no_broker == [task.uid]
    assert ExportTask.objects.get().status == "waiting"
    assert OperationRecord.objects.get(action="exports.task.created").target_id == str(task.pk)


def test_task_stays_when_the_broker_is_away(
    cast, monkeypatch, caplog, django_capture_on_commit_callbacks
):
    def refuse(uid):
        raise ConnectionError("no broker")

    monkeypatch.setattr("exports.services.requests._send", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        create_export(cast.actor(cast.mara), "test_people", {}, "csv")
    assert ExportTask.objects.get().status == "waiting"
    assert "no broker" in caplog.text


def test_permission_of_the_exporter_is_asked(cast, create):
    with pytest.raises(NotPermitted) as refused:
        create(user=cast.ivy)
    assert refused.value.permission == EXPORT_MEMBERS
    assert not ExportTask.objects.exists()


@pytest.mark.parametrize(
    ("name", "file_format", "refusal"),
    [("test_people", "pdf", UnknownFormat), ("no_such_list", "csv", NotFound)],
)
def test_unknown_format_and_exporter_are_refused(create, name, file_format, refusal):
    with pytest.raises(refusal):
        create(name, file_format=file_format)
    assert not ExportTask.objects.exists()


def test_one_member_cannot_fill_the_queue(cast, create):
    for _number in range(20):
        create()
    with pytest.raises(TooManyTasks):
        create()
    assert ExportTask.objects.count() == 20
    ExportTask.objects.filter(pk=ExportTask.objects.first().pk).update(status="failed", failure="x")
    create()
