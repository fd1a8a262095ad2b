"""Forms of assigning account managers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..queries.assignments import ManagerRow


class ManagerForm(forms.Form):
    """One account manager or director out of those that the picker shows."""

    manager = forms.TypedChoiceField(
        label=_("Account Manager"),
        coerce=int,
        error_messages={
            "required": _("Choose an account manager."),
            "invalid_choice": _("Choose an account manager of the list."),
        },
    )

    def __init__(self, *args: Any, managers: Sequence[ManagerRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["manager"]
        _offer(field, managers)


class TransferForm(ManagerForm):
    """From whom to whom."""

    source = forms.TypedChoiceField(label=_("Present Account Manager"), coerce=int)
    field_order = ("source", "manager")

    def __init__(
        self,
        *args: Any,
        managers: Sequence[ManagerRow],
        sources: Sequence[ManagerRow],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, managers=managers, **kwargs)
        _offer(self.fields["source"], sources)
        self.fields["manager"].label = _("New Account Manager")


def _offer(field: Any, managers: Sequence[ManagerRow]) -> None:
    field.choices = [(row.pk, f"{row.name} ({row.username})") for row in managers]
    field.widget.choices = [("", _("--Select--")), *field.choices]
