"""Forms of the access keys."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partner_center.actors import Actor

from ..models import User
from ..queries import access_keys


class UserChoiceField(forms.ModelChoiceField):
    """Users by their name, with the username they sign in with."""

    def label_from_instance(self, user: User) -> str:  # type: ignore[override]
        return f"{user.name} ({user.username})" if user.name else user.username


class AccessKeyForm(forms.Form):
    """For whom, and what for."""

    user = UserChoiceField(
        label=_("User"),
        queryset=None,
        empty_label=_("--Select--"),
        help_text=_("The key acts with the permissions of this user. Two keys at most for each."),
    )
    description = forms.CharField(
        label=_("Description"),
        max_length=128,
        required=False,
        help_text=_("What uses the key, so that others know what stops when it is disabled."),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        # The dialog stands over the list, whose filters have a field "user" as well.
        super().__init__(*args, auto_id="id_key_%s", **kwargs)
        field: UserChoiceField = self.fields["user"]  # type: ignore[assignment]
        field.queryset = access_keys.users_for_keys(actor)
