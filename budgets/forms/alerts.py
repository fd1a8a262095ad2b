"""The form of Alert Settings."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class AlertSettingsForm(forms.Form):
    """What the account is told beside the thresholds."""

    forecasts = forms.BooleanField(
        label=_("Tell us when a budget will be used up before its period ends"),
        required=False,
        help_text=_(
            "Once a period for each customer, and again only if the expected day moves by more than "
            "3 days. 75%, 90% and 100% are always told."
        ),
    )
