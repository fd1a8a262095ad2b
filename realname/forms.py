"""Forms of real-name authentication."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files import File
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from partner_center.uploads import CERTIFICATE, CheckedFileField

from . import rules
from .choices import Identity
from .services.applying import Details


class ApplicationForm(forms.Form):
    """What every application says; the certificate was chosen before."""

    identity: Identity
    name = forms.CharField(max_length=128)
    number = forms.CharField(
        label=_("Certificate Number"),
        max_length=rules.NUMBER_LENGTH,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text=_("Kept encrypted; nobody but the reviewer sees more than its end."),
    )

    def __init__(
        self, *args: Any, certificate: int, is_change: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.certificate, self.is_change = certificate, is_change
        labels = rules.scan_labels(self.identity, certificate, with_person=True)
        for position, label in enumerate(labels, 1):
            self.fields[f"scan_{position}"] = CheckedFileField(
                label=label, rules=CERTIFICATE, required=position in self.required_scans(labels)
            )

    def required_scans(self, labels: list[str]) -> range:
        """Positions of the scans that must come in any case."""
        return range(1, len(labels) + 1)

    @property
    def scan_fields(self) -> list[forms.BoundField]:
        """The fields of the scans, in their order."""
        return [self[name] for name in self.fields if name.startswith("scan_")]

    @property
    def scans(self) -> list[File]:
        """The scans that came, in their order."""
        sent = (self.cleaned_data.get(field.name) for field in self.scan_fields)
        return [file for file in sent if file]

    @property
    def details(self) -> Details:
        """The valid values, for the service."""
        given = self.cleaned_data
        return Details(
            identity=self.identity,
            certificate=self.certificate,
            is_change=self.is_change,
            **{name: given[name] for name in given if name in _DETAILS},
        )


#: Fields that go into the details as they stand.
_DETAILS = ("name", "number", "country", "address", "legal_person", "legal_number")


class IndividualForm(ApplicationForm):
    """A person with its certificate (API B.50)."""

    identity = Identity.INDIVIDUAL

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")
        self.fields["name"].help_text = _("As the certificate shows it.")


class EnterpriseForm(ApplicationForm):
    """An organisation with its certificate, and its legal person if it names one (API B.51)."""

    identity = Identity.ENTERPRISE

    country = forms.ChoiceField(label=_("Country/Region of Registration"), required=False)
    address = forms.CharField(label=_("Registered Address"), max_length=256, required=False)
    legal_person = forms.CharField(label=_("Legal Person"), max_length=128, required=False)
    legal_number = forms.CharField(
        label=_("ID Number"),
        max_length=rules.NUMBER_LENGTH,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Organization Name")
        self.fields["name"].help_text = _("As the certificate shows it.")
        self.fields["country"].choices = [("", _("--Select--")), *countries]  # type: ignore[attr-defined]

    def required_scans(self, labels: list[str]) -> range:
        """The front; the back where there is one; the rest with a legal person."""
        return range(1, 2)

    def clean(self) -> dict[str, Any]:
        """A legal person comes whole: name, number and both sides; and needs both pages before."""
        cleaned = super().clean() or self.cleaned_data
        person = ("legal_person", "legal_number", "scan_3", "scan_4")
        if any(cleaned.get(name) for name in person):
            for name in ("scan_2", *person):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(
                        name, _("Needed when you name a legal person. Otherwise leave all empty.")
                    )
        return cleaned


FORMS: dict[int, type[ApplicationForm]] = {
    Identity.INDIVIDUAL: IndividualForm,
    Identity.ENTERPRISE: EnterpriseForm,
}


class FileForm(forms.Form):
    """A file for the API."""

    file = CheckedFileField(label=_("Certificate Scan"), rules=CERTIFICATE)
