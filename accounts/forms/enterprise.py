"""Forms of the Enterprise Center."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ProjectForm(forms.Form):
    """An enterprise project."""

    name = forms.CharField(label=_("Name"), max_length=64)
    description = forms.CharField(
        label=_("Description"),
        max_length=256,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
