"""What list pages need of the floors above: remembered columns, the audit trail, exports.

The kernel imports none of them; each sets itself here at start (``apps.py``), as the store of
verification codes does in ``partner_center.critical``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeVar

from partner_center.actors import Actor

T = TypeVar("T")


class Preferences(Protocol):
    """Keeps a user's choice of columns and page size per list."""

    def remember_list(
        self,
        actor: Actor,
        list_name: str,
        columns: Sequence[str] | None = None,
        page_size: int | None = None,
    ) -> None:
        """Store the choice of the actor's user. None leaves that part as it is."""


class Recorder(Protocol):
    """Writes the audit trail."""

    def record(self, actor: Actor, action: str, *, after: Mapping[str, Any]) -> object:
        """Write one record in the running transaction."""


class Exports(Protocol):
    """Creates export tasks."""

    def create_export(
        self,
        actor: Actor,
        export_name: str,
        params: Mapping[str, Any],
        file_format: str,
    ) -> object:
        """Create the task; raises a Refusal when the actor may not export."""


_preferences: Preferences | None = None
_recorder: Recorder | None = None
_exports: Exports | None = None


def use_preferences(store: Preferences) -> None:
    """Set the keeper of column choices; called once at start."""
    global _preferences
    _preferences = store


def use_recorder(recorder: Recorder) -> None:
    """Set the writer of the audit trail; called once at start."""
    global _recorder
    _recorder = recorder


def use_exports(exports: Exports) -> None:
    """Set the creator of export tasks; called once at start."""
    global _exports
    _exports = exports


def preferences() -> Preferences:
    """The keeper of column choices. Raises RuntimeError when none is set."""
    return _set(_preferences, "keeper of list preferences")


def recorder() -> Recorder:
    """The writer of the audit trail. Raises RuntimeError when none is set."""
    return _set(_recorder, "audit recorder")


def exports() -> Exports:
    """The creator of export tasks. Raises RuntimeError when none is set."""
    return _set(_exports, "export service")


def _set(hook: T | None, what: str) -> T:
    if hook is None:
        raise RuntimeError(f"No {what} is set")
    return hook
