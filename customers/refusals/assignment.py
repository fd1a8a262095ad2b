"""Refusals of assigning account managers (04 §8.3.1.13, 8.3.2)."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from partner_center.refusals import Refusal

#: How many names a sentence lists.
NAMED = 5


class AlreadyAssigned(Refusal):
    """Customer Assignment gives only customers that nobody looks after (04-ASG-02)."""

    code = "customers.assignment.already"

    def __init__(self, names: Sequence[str]) -> None:
        listed = ", ".join(names[:NAMED]) + (" …" if len(names) > NAMED else "")
        super().__init__(
            _("Nothing was changed: %(names)s already has an account manager.") % {"names": listed}
        )


class SameManager(Refusal):
    """Customers are moved from one person to another."""

    code = "customers.assignment.same_manager"

    def __init__(self) -> None:
        super().__init__(
            _("Nothing was changed: choose two different account managers."), field="manager"
        )


class NothingToAssign(Refusal):
    """A batch needs customers."""

    code = "customers.assignment.nothing"

    def __init__(self) -> None:
        super().__init__(_("Nothing was changed: no customer is selected."))


class NotAssigned(Refusal):
    """Only who looks after a customer can be unassigned from it."""

    code = "customers.assignment.not_assigned"

    def __init__(self, names: Sequence[str]) -> None:
        listed = ", ".join(names[:NAMED]) + (" …" if len(names) > NAMED else "")
        super().__init__(
            _(
                "Nothing was changed: %(names)s is no longer assigned, or is being unassigned already."
            )
            % {"names": listed}
        )
