"""Files that the operator's staff uploads: kept in the private storage, taken in by a worker."""

from __future__ import annotations

import hashlib
import secrets
import shutil
import tempfile
from functools import partial
from pathlib import Path

from celery import current_app
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

import audit.services
from accounts.models import Account
from partner_center import clock
from partner_center.actors import Actor
from partner_center.refusals import Refusal

from ..choices import IntakeState
from ..models import Intake, UsageSource
from ..permissions import OPERATE_USAGE
from ..refusals import SourceInactive
from . import intakes, reading

_FOLDER = "metering/uploads"


@transaction.atomic
def accept(
    actor: Actor, source: UsageSource, file: UploadedFile, *, shift_months: int = 0
) -> Intake:
    """Keep an uploaded file and let a worker take it in.

    A file that is unfinished already goes on. Raises WrongFormat, DamagedFile before anything is
    kept, SourceInactive.
    """
    actor.require(OPERATE_USAGE)
    if not source.is_active:
        raise SourceInactive(source.name)
    reading.check_head(file.file, source.kind, shift_months)  # type: ignore[arg-type]
    digest = hashlib.sha256()
    for piece in file.chunks():
        digest.update(piece)
    file.seek(0)
    intake = intakes.begin(actor, source, file.name or "upload", digest.hexdigest(), shift_months)
    if not intake.file:
        name = default_storage.save(f"{_FOLDER}/{secrets.token_hex(16)}", file)
        Intake.objects.filter(pk=intake.pk).update(file=name)
    audit.services.record(actor, "metering.file.uploaded", intake, after={"file": file.name})
    transaction.on_commit(partial(current_app.send_task, "metering.take_upload", args=[intake.pk]))
    return intake


def run(intake_id: int) -> None:
    """Take in the file of an intake; nothing when it is completed. The file is deleted then."""
    intake = Intake.objects.select_related("source").get(pk=intake_id)
    if intake.state == IntakeState.COMPLETED or not intake.file:
        return
    operator = Account.objects.filter(is_operator=True).order_by("pk").first()
    actor = Actor.system("metering.take_upload", operator.pk, operator.name)  # type: ignore[union-attr]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload"
        with default_storage.open(intake.file) as kept, path.open("wb") as copy:
            shutil.copyfileobj(kept, copy)
        try:
            intakes.take_file(
                actor,
                intake.source,
                path,
                shift_months=intake.shift_months,
                name=intake.name,
                resumes=intake.pk,
            )
        except Refusal as refusal:
            _give_up(intake, refusal.sentence)
            return
    default_storage.delete(intake.file)


def _give_up(intake: Intake, sentence: str) -> None:
    """A file that will never go in is not tried again."""
    Intake.objects.filter(pk=intake.pk).update(
        state=IntakeState.INTERRUPTED, failure=sentence[:500], finished_at=clock.now(), file=""
    )
    default_storage.delete(intake.file)


def interrupted() -> list[int]:
    """Uploaded files whose worker was killed or whose message was lost."""
    rows = Intake.objects.filter(state=IntakeState.INTERRUPTED).exclude(file="")
    return list(rows.values_list("pk", flat=True))
