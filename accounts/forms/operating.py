"""Fields of the operator's admin pages, of all apps."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from ..queries import operating


class AccountNameField(forms.CharField):
    """An account by its account name; gives its primary key."""

    default_error_messages = {"unknown": _("There is no account of this name.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=64, widget=UnfoldAdminTextInputWidget, **kwargs)

    def clean(self, value: Any) -> int:
        """The key. Raises ValidationError for an unknown name."""
        found = operating.account_id_of(super().clean(value))
        if found is None:
            raise forms.ValidationError(self.error_messages["unknown"], code="unknown")
        return found
