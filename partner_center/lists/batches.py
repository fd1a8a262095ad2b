"""Batch actions: one use case for several rows, with a result per row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode

from partner_center.actors import Actor
from partner_center.refusals import CodeRequired, Refusal

from . import selection

#: "Select all" takes at most so many rows; more are asked to be narrowed by filters.
MOST_ROWS = 5000


@dataclass(frozen=True)
class RowResult:
    """What happened to one row, as the user reads it."""

    pk: Any
    name: str
    done: bool
    words: str


class BatchAction:
    """One action over the ticked rows. ``name`` stands in the form, ``label`` on the button.

    ``confirmation`` is the sentence of the dialog that asks first; without one the action runs at
    once. ``run`` gets keys of rows that the list shows to the actor, never others. An action with a
    ``page`` runs nothing here: the rows are kept (:mod:`.selection`) and that page goes on with them.
    """

    name: ClassVar[str]
    label: ClassVar[str | Promise]
    permission: ClassVar[str]
    icon: ClassVar[str] = "checks"
    confirmation: ClassVar[str | Promise] = ""
    is_dangerous: ClassVar[bool] = False
    #: Name of the address that goes on with the chosen rows.
    page: ClassVar[str] = ""
    #: "Select all" takes at most so many rows.
    most_rows: ClassVar[int] = MOST_ROWS

    @classmethod
    def offered_to(cls, actor: Actor) -> bool:
        """Whether the actor sees the button."""
        return actor.can(cls.permission)

    def ask(self, request: HttpRequest, actor: Actor, ids: list[Any]) -> HttpResponse | None:
        """What answers in place of ``confirmation`` and ``run``: a dialog with fields, or the way to
        ``page``. None without either."""
        if not self.page:
            return None
        kept = urlencode({selection.PARAMETER: selection.keep(request, ids)})
        return redirect(f"{reverse(self.page)}?{kept}")

    def run(self, actor: Actor, ids: list[Any]) -> list[RowResult]:
        """Call the service for each row (see :func:`run_each`)."""
        raise NotImplementedError


def run_each(
    rows: Iterable[Any], call: Callable[[Any], object], done: str | Promise
) -> list[RowResult]:
    """Call a service for each row: ``done`` is the word for success, a refusal speaks for itself.

    Every row is its own transaction. CodeRequired goes up: the page asks for the code once.
    """
    results = []
    for row in rows:
        try:
            call(row)
        except CodeRequired:
            raise
        except Refusal as refusal:
            results.append(RowResult(row.pk, str(row), False, refusal.sentence))
        else:
            results.append(RowResult(row.pk, str(row), True, str(done)))
    return results
