"""Critical operations: use cases that ask for a verification code (08 §14.6, 00 decision 6).

``@critical_operation("customers.freeze")`` marks a service and gives it its transaction. The code is
checked and used up in the same transaction as the operation, whichever door (page, API, admin) the
call came through; a wrong code is counted even though nothing else is written.

The store of codes stands on a higher floor: ``accounts`` sets it with :func:`use_store` at start.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from django.db import transaction
from django.utils.functional import Promise

from .actors import Actor
from .refusals import CodeRequired

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class CodePrompt:
    """What the code page says about one operation of one user."""

    operation: str
    label: str
    #: Ways the user can get a code: value, name, masked target.
    channels: tuple[tuple[str, str, str], ...] = ()
    #: Where the live code went (masked) and by which channel; empty when none is live.
    sent_to: str = ""
    channel: str = ""
    valid_until: datetime | None = None
    #: Seconds until another code may be sent.
    wait: int = 0


class CodeStore(Protocol):
    """What the kernel needs of the floor that keeps verification codes."""

    def prompt(self, actor: Actor, operation: str) -> CodePrompt:
        """What to tell the actor about the code of this operation."""

    def send(self, actor: Actor, operation: str, channel: str) -> None:
        """Send the actor a code; raises a Refusal when it is too soon or there is no address."""

    def check(self, actor: Actor, operation: str) -> int:
        """Id of the live code that ``actor.code`` matches; raises a Refusal and counts the try."""

    def use_up(self, code_id: int) -> None:
        """Mark the code as used inside the running transaction; raises a Refusal if it was used."""


@dataclass(frozen=True)
class CriticalOperation:
    """One marked use case: ``name`` is what codes are bound to, ``label`` what the user reads."""

    name: str
    label: str | Promise
    #: Asks for a code even when Verify It's You is off (08-AXO-05).
    always: bool
    #: The code goes by SMS first, by e-mail to users without a mobile (08-CSD-11, X-16).
    sms_first: bool = False


_operations: dict[str, CriticalOperation] = {}
#: What codes of other use cases are for, as the message with the code says it.
_labels: dict[str, str | Promise] = {}
_store: CodeStore | None = None


def use_store(store: CodeStore) -> None:
    """Set the store of verification codes; called once at start."""
    global _store
    _store = store


def get_operation(name: str) -> CriticalOperation:
    """The marked use case of this name. Raises KeyError for an unknown one."""
    return _operations[name]


def name_operation(name: str, label: str | Promise) -> str:
    """Give codes that no critical operation asks for (a forgotten password) a name to be read."""
    _labels[name] = label
    return name


def label_of(name: str) -> str:
    """What a code of this name is for; empty for an unknown name. A part after ":" is left out."""
    name = name.partition(":")[0]
    if name in _operations:
        return str(_operations[name].label)
    return str(_labels.get(name, ""))


def is_operation(name: str) -> bool:
    """Whether a use case of this name is marked as critical."""
    return name in _operations


def asks_code(actor: Actor, operation: str) -> bool:
    """Whether this actor must enter a code for the operation. Jobs never do."""
    return not actor.is_system and (_operations[operation].always or actor.verifies)


def prefers_sms(name: str) -> bool:
    """Whether codes of this operation go by SMS first."""
    return name in _operations and _operations[name].sms_first


def code_store() -> CodeStore:
    """The store of verification codes."""
    if _store is None:
        raise RuntimeError("No store of verification codes is set")
    return _store


def critical_operation(
    name: str, label: str | Promise, *, always: bool = False, sms_first: bool = False
) -> Callable[[Callable[Concatenate[Actor, P], R]], Callable[Concatenate[Actor, P], R]]:
    """Mark a service as critical. Raises CodeRequired (or a wrong-code refusal) when called without.

    The service must be the outermost: its transaction is durable.
    """
    _operations[name] = CriticalOperation(name, label, always, sms_first)

    def decorate(
        service: Callable[Concatenate[Actor, P], R],
    ) -> Callable[Concatenate[Actor, P], R]:
        @functools.wraps(service)
        def guarded(actor: Actor, *args: P.args, **kwargs: P.kwargs) -> R:
            code_id = None
            if asks_code(actor, name):
                if not actor.code:
                    raise CodeRequired(name)
                code_id = code_store().check(actor, name)
            with transaction.atomic(durable=True):
                if code_id is not None:
                    code_store().use_up(code_id)
                    actor = replace(actor, code_used=True)
                return service(actor, *args, **kwargs)

        return guarded  # type: ignore[return-value]

    return decorate
