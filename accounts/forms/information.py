"""Forms of partner information (01 §2.2)."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from partner_center.forms.code import CodeForm
from partner_center.forms.phone import PhoneField
from partner_center.uploads import LOGO, CheckedFileField
from partner_center.widgets import SearchSelect

from .. import customer_messages
from ..choices import CodeChannel, Industry, Theme
from ..currencies import CURRENCIES
from ..queries.information import CategoryRow, Channels
from ..rules import ADDRESS_FIELDS, BASIC_FIELDS, CONTACT_FIELDS


class SeenMixin(forms.Form):
    """Carries what the page showed, for the stale check of the service."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)


class CompanyForm(SeenMixin):
    """Modify Information: basic information, registration address, contact (01-BAS-02)."""

    full_name = forms.CharField(label=_("Company Name"), max_length=128)
    tax_id = forms.CharField(label=_("Tax Identification Number"), max_length=64, required=False)
    industry = forms.ChoiceField(
        label=_("Industry"), choices=[("", _("--Select--")), *Industry.choices], required=False
    )
    website = forms.URLField(
        label=_("Company Website"), max_length=200, required=False, assume_scheme="https"
    )
    profile = forms.CharField(
        label=_("Company Profile"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )
    address_line1 = forms.CharField(label=_("Address Line 1"), max_length=128)
    address_line2 = forms.CharField(label=_("Address Line 2"), max_length=128, required=False)
    city = forms.CharField(label=_("City"), max_length=64)
    state = forms.CharField(label=_("State/Province/Region"), max_length=64)
    postal_code = forms.CharField(label=_("Postal Code"), max_length=20)
    contact_name = forms.CharField(label=_("Contact"), max_length=64, required=False)
    contact_position = forms.CharField(label=_("Position"), max_length=64, required=False)
    contact_email = forms.EmailField(label=_("Email"), max_length=254, required=False)
    contact_phone = PhoneField(label=_("Mobile Phone"), required=False)

    def __init__(self, *args: Any, address_locked: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.address_locked = address_locked
        if address_locked:
            for name in ADDRESS_FIELDS:
                self.fields[name].disabled = True
                self.fields[name].required = False

    def basic(self) -> list[forms.BoundField]:
        """Fields of the first card."""
        return [self[name] for name in BASIC_FIELDS]

    def address(self) -> list[forms.BoundField]:
        """Fields of the second card."""
        return [self[name] for name in ADDRESS_FIELDS]

    def contact(self) -> list[forms.BoundField]:
        """Fields of the third card."""
        return [self[name] for name in CONTACT_FIELDS]

    @property
    def values(self) -> dict[str, Any]:
        """What to save."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}


class LogoForm(forms.Form):
    """Change Logo (01-BAS-01, limits of 01-HCPN-04)."""

    logo = CheckedFileField(label=_("Company Trademark"), rules=LOGO)


class NewEmailForm(CodeForm):
    """The new e-mail and the code that was sent there (01-BAS-06)."""

    target_field = "email"
    email = forms.EmailField(label=_("New Email"), max_length=254)
    field_order = ("email", "verification_code")


class NewMobileForm(CodeForm):
    """The new mobile number and the code that was sent there (01-BAS-07)."""

    target_field = "mobile"
    mobile = PhoneField(label=_("New Mobile Number"))
    field_order = ("mobile", "verification_code")


class SwitchForm(forms.Form):
    """A switch: the state that is asked for."""

    on = forms.TypedChoiceField(
        choices=[("1", _("On")), ("0", _("Off"))],
        coerce=lambda value: value == "1",
        widget=forms.HiddenInput,
    )


@lru_cache(maxsize=4)
def time_zone_choices(moment: datetime) -> list[tuple[str, str]]:
    """Time zones with their offset at ``moment`` (aware), from west to east."""
    offsets = []
    for name in zoneinfo.available_timezones():
        if "/" in name and not name.startswith(("Etc/", "SystemV/", "US/", "posix")):
            offset = moment.astimezone(zoneinfo.ZoneInfo(name)).strftime("%z")
            minutes = int(offset[:3]) * 60 + int(offset[0] + offset[3:5])
            offsets.append((minutes, name, f"(GMT{offset[:3]}:{offset[3:5]}) {name}"))
    return [(name, label.replace("_", " ")) for _minutes, name, label in sorted(offsets)]


class NotificationPreferencesForm(SeenMixin):
    """Time Zone for Notifications (01-BAS-08)."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(label=_("Time Zone"), widget=SearchSelect)

    def __init__(self, *args: Any, moment: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        self.fields["time_zone"].choices = time_zone_choices(day)  # type: ignore[attr-defined]


class CurrencyForm(forms.Form):
    """Payment Currency (01-BAS-08, BAS-10)."""

    currency = forms.ChoiceField(label=_("Currency"), choices=CURRENCIES)


class ThemeForm(forms.Form):
    """The user's own colours."""

    theme = forms.ChoiceField(choices=Theme.choices)


class NotificationTemplateForm(SeenMixin):
    """The switch and the matrix of message types and channels (01-BAS-11)."""

    on_behalf = forms.BooleanField(
        label=_("Configure Templates on Customers' Behalf"), required=False
    )

    def __init__(
        self, *args: Any, template: Mapping[str, Channels], matrix: list[CategoryRow], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.matrix = matrix
        for kind in customer_messages.TYPES:
            for channel in CodeChannel:
                self.fields[f"{kind.code}.{channel}"] = forms.BooleanField(
                    label=f"{kind.label}, {channel.label}",
                    required=False,
                    initial=template[kind.code].allows(channel),
                )

    def rows(self) -> Iterator[dict[str, Any]]:
        """Categories for the page, each with its types and their two boxes."""
        for row in self.matrix:
            lines = [
                {
                    "label": kind.label,
                    "email": self[f"{kind.code}.{CodeChannel.EMAIL}"],
                    "sms": self[f"{kind.code}.{CodeChannel.SMS}"],
                }
                for kind, _channels in row.types
            ]
            yield {
                "category": row.category,
                "lines": lines,
                "email": sum(bool(line["email"].value()) for line in lines),
                "sms": sum(bool(line["sms"].value()) for line in lines),
            }

    @property
    def template(self) -> dict[str, Channels]:
        """Channels of each type, as ticked."""
        ticked = self.cleaned_data
        return {
            kind.code: Channels(
                email=ticked[f"{kind.code}.{CodeChannel.EMAIL}"],
                sms=ticked[f"{kind.code}.{CodeChannel.SMS}"],
            )
            for kind in customer_messages.TYPES
        }
