"""Reading the audit trail. Everybody sees the records of the own account only."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from partner_center import clock
from partner_center.actors import Actor
from partner_center.refusals import NotFound

from .models import (
    OperationRecord,
    OperationRecordQuerySet,
    PendingSeal,
    Seal,
    TraceSetting,
)
from .permissions import VIEW_ALL_RECORDS, VIEW_RECORDS, VIEW_TRACES

#: How far back the Trace List reaches (08-CTS-03); Operation Records has no end.
TRACE_WINDOW = timedelta(days=7)


def list_records(
    actor: Actor,
    *,
    actions: tuple[str, ...] = (),
    since: datetime | None = None,
    until: datetime | None = None,
) -> OperationRecordQuerySet:
    """Operation records of the actor's account, newest first, without end in time (01-BAS-12).

    ``actions`` are beginnings of actions (``accounts.preferences.``); all when empty. ``since`` and
    ``until`` are aware; the latter is not part of the range.
    """
    actor.require(VIEW_RECORDS)
    found = OperationRecord.objects.visible_to(actor).order_by("-id")
    if actions:
        wanted = Q()
        for beginning in actions:
            wanted |= Q(action__startswith=beginning)
        found = found.filter(wanted)
    if since:
        found = found.filter(at__gte=since)
    return found.filter(at__lt=until) if until else found


def list_all_records(actor: Actor) -> OperationRecordQuerySet:
    """Operation records of all accounts, newest first, for the operator."""
    actor.require(VIEW_ALL_RECORDS)
    return OperationRecord.objects.order_by("-id")


def get_record(actor: Actor, uid: str) -> OperationRecord:
    """One record of the actor's account. Raises NotFound."""
    record = list_records(actor).filter(uid=uid).first()
    if record is None:
        raise NotFound
    return record


def list_traces(actor: Actor) -> OperationRecordQuerySet:
    """Traces of the actor's account, newest first (08-CTS-10)."""
    actor.require(VIEW_TRACES)
    return OperationRecord.objects.visible_to(actor).traces().order_by("-at", "-id")


def recent_traces(actor: Actor) -> OperationRecordQuerySet:
    """What the Trace List shows: the last 7 days (08-CTS-03)."""
    return list_traces(actor).filter(at__gte=clock.now() - TRACE_WINDOW)


def get_trace(actor: Actor, uid: str) -> OperationRecord:
    """One trace of the actor's account, however old. Raises NotFound."""
    trace = list_traces(actor).filter(uid=uid).first()
    if trace is None:
        raise NotFound
    return trace


def tracing_enabled(actor: Actor) -> bool:
    """Whether the actor's account has enabled the Cloud Trace Service (08-CTS-01)."""
    return TraceSetting.objects.visible_to(actor).filter(enabled=True).exists()


def words_of_traces(actor: Actor) -> tuple[list[str], list[str]]:
    """Operators and trace names that appear in the account's traces, each in order (08-CTS-06)."""
    found = list_traces(actor).order_by().values_list("actor_name", "trace_name").distinct()
    pairs = list(found)
    return sorted({pair[0] for pair in pairs}), sorted({pair[1] for pair in pairs})


@dataclass(frozen=True)
class Change:
    """One field of a record, before and after."""

    field: str
    before: str
    after: str


def changes_of(record: OperationRecord) -> list[Change]:
    """The fields that an operation changed, in words, in the order they were recorded."""
    before, after = record.before or {}, record.after or {}
    return [
        Change(
            name.replace("_", " ").capitalize(), _words(before.get(name)), _words(after.get(name))
        )
        for name in {**before, **after}
    ]


def _words(value: Any) -> str:
    """A recorded value as people read it; empty when there is none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ", ".join(_words(item) for item in value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)


def find_account_id(text: str) -> int | None:
    """Primary key of an account by its name or public ID, for commands."""
    accounts = apps.get_model(settings.TENANT_MODEL)._default_manager
    wanted = Q(name__iexact=text) | Q(public_id=text.lower())
    return accounts.filter(wanted).values_list("pk", flat=True).first()


def trace_document(trace: OperationRecord) -> dict[str, object]:
    """The full record of a trace, as View Trace shows it (08-CTS-09)."""
    return {
        "trace_id": str(trace.uid),
        "trace_name": trace.trace_name,
        "trace_type": str(trace.trace_type),
        "trace_source": trace.trace_source,
        "trace_status": trace.trace_status,
        "resource_type": trace.resource_type,
        "resource_id": trace.resource_id,
        "resource_name": trace.resource_name,
        "operator": trace.actor_name,
        "operator_account": str(trace.actor_account),
        "source_ip": trace.ip,
        "time": trace.at.isoformat(),
        "request": trace.request,
        "response": trace.response,
        "code": trace.response_code,
    }


@dataclass(frozen=True)
class SealState:
    """Records in the chain, and committed ones that are not in it yet."""

    sealed: int
    pending: int


def seal_state() -> SealState:
    """How far sealing is: the last position, and the number that waits."""
    last = Seal.objects.order_by("-position").values_list("position", flat=True).first()
    return SealState(sealed=last or 0, pending=PendingSeal.objects.count())
