"""Whole files: begun once, resumed where an earlier attempt stopped, ended with their figures."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection, transaction

import audit.services
from partner_center import clock
from partner_center.actors import Actor

from ..choices import IntakeState, SourceKind
from ..models import Intake, UsageSource
from ..permissions import OPERATE_USAGE
from ..refusals import DamagedFile, OtherFormat, SourceInactive
from . import reading, statements, taking

_LOCK = "SELECT pg_advisory_lock(hashtext('metering.intake'), hashtext(%(key)s))"
_UNLOCK = "SELECT pg_advisory_unlock(hashtext('metering.intake'), hashtext(%(key)s))"
_PIECE = 1 << 20


def source_of(actor: Actor, name: str, kind: str) -> UsageSource:
    """The source with this name; a new one when there is none.

    Raises OtherFormat, SourceInactive.
    """
    actor.require(OPERATE_USAGE)
    return source(actor, name, kind)


def source(actor: Actor, name: str, kind: str) -> UsageSource:
    """The same for a caller that has asked its own permission."""
    with transaction.atomic():
        found, is_new = UsageSource.objects.get_or_create(
            name=name, defaults={"kind": kind, "created_at": clock.now()}
        )
        if is_new:
            audit.services.record(
                actor, "metering.source.created", found, after={"name": name, "kind": kind}
            )
    if found.kind != kind:
        raise OtherFormat(name, str(SourceKind(found.kind).label))
    if not found.is_active:
        raise SourceInactive(name)
    return found


def take_file(
    actor: Actor,
    source: UsageSource,
    path: Path,
    *,
    shift_months: int = 0,
    name: str = "",
    resumes: int | None = None,
    size: int = reading.CHUNK,
    progress: Callable[[Intake], None] = lambda intake: None,
) -> Intake:
    """Take in a file and return the intake with its figures, which are those of the whole file.

    An interrupted intake of the same content is resumed; a completed one is taken again and finds
    duplicates only, unless it is the one that the caller ``resumes``. Two at once of the same content
    wait for each other.
    Raises WrongFormat before anything is stored, DamagedFile after what could be read.
    """
    actor.require(OPERATE_USAGE)
    digest = content_hash(path)
    with path.open("rb") as file, _alone(source, digest, shift_months):
        done = Intake.objects.filter(pk=resumes, state=IntakeState.COMPLETED).first()
        if done is not None:
            return done
        reader = reading.Reader(file, source.kind, shift_months)
        intake = begin(actor, source, name or path.name, digest, shift_months)
        return _run(source, intake, reader, size, progress)


def content_hash(path: Path) -> str:
    """SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def lock_key(source_id: int, content_hash: str, shift_months: int) -> str:
    """Under this key the process that takes in a content holds a lock as long as it lives."""
    return f"{source_id}:{content_hash}:{shift_months}"


@contextmanager
def _alone(source: UsageSource, digest: str, shift_months: int) -> Iterator[None]:
    key = {"key": lock_key(source.pk, digest, shift_months)}
    statements.rows(_LOCK, key)
    try:
        yield
    finally:
        # A connection that broke has lost the lock already.
        if connection.is_usable():
            statements.rows(_UNLOCK, key)


@transaction.atomic
def begin(actor: Actor, source: UsageSource, name: str, digest: str, shift_months: int) -> Intake:
    same = Intake.objects.filter(source=source, content_hash=digest, shift_months=shift_months)
    intake = same.exclude(state=IntakeState.COMPLETED).order_by("-pk").first()
    if intake is None:
        intake = Intake.objects.create(
            source=source,
            name=name[:255],
            content_hash=digest,
            shift_months=shift_months,
            started_at=clock.now(),
        )
        audit.services.record(
            actor, "metering.intake.started", intake, after={"source": source.name}
        )
    else:
        intake.state, intake.failure = IntakeState.RUNNING, ""
        intake.save(update_fields=["state", "failure"])
        audit.services.record(
            actor, "metering.intake.resumed", intake, after={"lines_done": intake.lines_done}
        )
    return intake


def _run(
    source: UsageSource,
    intake: Intake,
    reader: reading.Reader,
    size: int,
    progress: Callable[[Intake], None],
) -> Intake:
    taking.begin()
    done = intake.lines_done
    try:
        for chunk in reader.chunks(size, done):
            if chunk.last <= done:
                taking.pass_over(chunk)
                continue
            taking.take(source, intake, chunk, clock.now())
            intake.refresh_from_db()
            progress(intake)
    except DamagedFile as damage:
        _end(intake, IntakeState.INTERRUPTED, damage.sentence)
        raise
    _end(intake, IntakeState.COMPLETED)
    return intake


def _end(intake: Intake, state: str, failure: str = "") -> None:
    intake.state, intake.failure, intake.finished_at = state, failure[:500], clock.now()
    intake.save(update_fields=["state", "failure", "finished_at"])
