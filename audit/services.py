"""Writing the audit trail. ``record`` is called by every service, inside its transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from partner_center import clock, copying
from partner_center.actors import Actor

from . import content, keys, rules
from .choices import TraceName, TraceStatus
from .models import OperationRecord, TraceSetting
from .permissions import MANAGE_TRACES

#: Columns of a trace that are empty in a record that is none.
_TRACE_TEXTS = ("trace_name", "trace_status", "resource_id", "resource_name", "response_code")


@dataclass(frozen=True)
class TraceDetails:
    """What a trace shows beyond its record (08-CTS-08, CTS-09).

    Resource ID and name are those of the record's target when absent. ``request`` and ``response``
    hold plain JSON values; secrets in them are masked by their names.
    """

    resource_id: str = ""
    resource_name: str = ""
    status: TraceStatus = TraceStatus.NORMAL
    request: Mapping[str, Any] | None = None
    response: Mapping[str, Any] | None = None
    response_code: str = ""


@dataclass(frozen=True)
class Change:
    """What happened to what; many at once: :func:`record_each`."""

    action: str
    target: models.Model | None
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    #: Whose books it stands in; the actor's own when absent.
    account_id: int | None = None


def record(
    actor: Actor,
    action: str,
    target: models.Model | None = None,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    account_id: int | None = None,
    trace: str = "",
    trace_details: TraceDetails | None = None,
) -> OperationRecord:
    """Write one record in the running transaction.

    ``action`` is dotted: app.object.verb in the past tense (``accounts.user.created``). ``before``
    and ``after`` hold only the fields that changed, as plain JSON values, and never a secret: values
    of fields named like one are masked. ``account_id`` is the tenant concerned; the actor's own when
    absent. ``trace`` makes the record a trace of the Cloud Trace Service (08-CTS-02): one of
    TraceName, otherwise ValueError.

    What a partner's user does in a customer's account names the partner as the acting account, is a
    trace of the customer in any case (08-AUT-08), and stands in the partner's book too (08-AUT-12).
    """
    entry = _entry(actor, Change(action, target, before, after, account_id))
    if trace:
        _add_trace(entry, TraceName(trace), trace_details or TraceDetails())
    for each in _on_behalf(actor, [entry]):
        each.mac = rules.record_mac(keys.current().record, content.digest_of(each))
        each.save(force_insert=True)
    return entry


def record_each(actor: Actor, changes: Iterable[Change]) -> None:
    """Write a record for each of many changes, set-based; each as :func:`record` would write it."""
    key = keys.current().record
    entries = _on_behalf(actor, [_entry(actor, change) for change in changes])
    for entry in entries:
        entry.mac = rules.record_mac(key, content.digest_of(entry))
    copying.insert(OperationRecord, entries)


def _on_behalf(actor: Actor, entries: list[OperationRecord]) -> list[OperationRecord]:
    """The entries; what was done on behalf is a trace of the customer and copied for the partner."""
    if actor.on_behalf is None:
        return entries
    theirs = [entry for entry in entries if entry.account_id == actor.account_id]
    for entry in theirs:
        if not entry.trace_name:
            _add_trace(entry, rules.trace_name(entry.action), TraceDetails())
    return entries + [_copy_for(actor.on_behalf.partner_id, entry) for entry in theirs]


def _copy_for(partner_id: int, entry: OperationRecord) -> OperationRecord:
    """The same record for the partner's own book, where it is no trace."""
    fields = {field.attname: getattr(entry, field.attname) for field in entry._meta.fields}
    for name in ("id", "uid", "mac"):
        del fields[name]
    no_trace = dict.fromkeys(_TRACE_TEXTS, "") | {"request": None, "response": None}
    return OperationRecord(**fields | no_trace | {"account_id": partner_id})


def _entry(actor: Actor, change: Change) -> OperationRecord:
    target = change.target
    return OperationRecord(
        account_id=change.account_id or actor.account_id,
        at=clock.now(),
        action=change.action,
        actor_account_id=actor.own_account_id,
        actor_user_id=actor.user_id,
        actor_name=rules.clean(actor.name),
        door=str(actor.door),
        ip=rules.address(actor.ip),
        request_id=actor.request_id,
        code_verified=actor.code_used,
        target_type=target._meta.label_lower if target else "",
        target_id=str(target.pk) if target else "",
        target_name=rules.clean(str(target))[:200] if target else "",
        before=rules.plain(change.before),
        after=rules.plain(change.after),
    )


def _add_trace(entry: OperationRecord, name: str, details: TraceDetails) -> None:
    entry.trace_name = str(name)
    entry.trace_status = str(details.status)
    entry.resource_id = rules.clean(details.resource_id or entry.target_id)[:64]
    entry.resource_name = rules.clean(details.resource_name or entry.target_name)[:200]
    entry.request = rules.plain(details.request)
    entry.response = rules.plain(details.response)
    entry.response_code = details.response_code


@transaction.atomic(durable=True)
def set_tracing(actor: Actor, *, enabled: bool) -> None:
    """Enable or disable the Cloud Trace Service of the actor's account (08-CTS-01, CTS-10).

    Only opens or closes the Trace List: records are always written.
    """
    actor.require(MANAGE_TRACES)
    setting, _created = TraceSetting.objects.select_for_update().get_or_create(
        account_id=actor.account_id, defaults={"changed_at": clock.now()}
    )
    if setting.enabled == enabled:
        return
    setting.enabled = enabled
    setting.changed_at = clock.now()
    setting.save(update_fields=["enabled", "changed_at"])
    record(
        actor,
        "audit.tracing.enabled" if enabled else "audit.tracing.disabled",
        setting,
        before={"enabled": not enabled},
        after={"enabled": enabled},
    )
