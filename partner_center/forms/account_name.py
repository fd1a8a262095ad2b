"""An account typed by its name, where a list to pick from would be too long."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget


class AccountNameField(forms.CharField):
    """An account by its account name; gives the primary key that ``lookup`` finds. For the admin."""

    default_error_messages = {"unknown": _("There is no account of this name.")}

    def __init__(self, *, lookup: Callable[[str], int | None], **kwargs: Any) -> None:
        super().__init__(max_length=64, widget=UnfoldAdminTextInputWidget, **kwargs)
        self.lookup = lookup

    def clean(self, value: Any) -> int | None:
        """The key; None where nothing needs to be typed. Raises ValidationError for an unknown name."""
        if not (name := super().clean(value)):
            return None
        found = self.lookup(name)
        if found is None:
            raise forms.ValidationError(self.error_messages["unknown"], code="unknown")
        return found
