"""What the expenditure pages ask: filters of the summary, options of the exports."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.choices import AssociationModel
from exports.choices import FileFormat
from partner_center.actors import Actor
from partner_center.clock import BUSINESS_ZONE, BillingCycle
from partner_center.widgets import Segments

from ..queries import reach
from ..rules.spending import cycles_kept

ANY = [("", _("Any"))]


class _ManagerField(forms.ModelChoiceField):
    """An account manager by name."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.username})" if obj.name else obj.username


class SummaryForm(forms.Form):
    """The filters of the summary (04-EXS-01). A value that is none is left out and named in a note."""

    customer = forms.CharField(label=_("Customer"), required=False, max_length=100)
    spent_on = forms.ChoiceField(label=_("Spent On"), required=False)
    manager = _ManagerField(
        label=_("Account Manager"), required=False, empty_label=_("Any"), queryset=None
    )
    model = forms.ChoiceField(
        label=_("Association Type"), required=False, choices=ANY + AssociationModel.choices
    )

    def __init__(self, actor: Actor, moment: datetime, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.cycles = cycles_kept(moment)
        self.fields["spent_on"].choices = [(cycle, cycle) for cycle in self.cycles]  # type: ignore[attr-defined]
        self.fields["manager"].queryset = reach.managers(actor)  # type: ignore[attr-defined]

    def wanted(self) -> dict[str, Any]:
        """The valid values; the current cycle when none is chosen."""
        self.full_clean()
        found = self.cleaned_data
        manager = found.get("manager")
        return {
            "cycle": found.get("spent_on") or self.cycles[0],
            "customer": found.get("customer", ""),
            "manager_id": manager.pk if manager else None,
            "model": found.get("model", ""),
        }


class _FileForm(forms.Form):
    """Which kind of file is written."""

    file_format = forms.ChoiceField(
        label=_("Format"), choices=FileFormat.choices, initial=FileFormat.XLSX, widget=Segments
    )


class CustomerBillsForm(SummaryForm, _FileForm):
    """Export Customer Bills: its options (04-EXS-06)."""

    RECORDS = [
        ("all", _("Expenditures and refunds")),
        ("expenditures", _("Expenditures")),
        ("refunds", _("Refunds")),
    ]
    records = forms.ChoiceField(label=_("Records"), choices=RECORDS, initial="all")

    field_order = ["spent_on", "customer", "manager", "model", "records", "file_format"]

    def __init__(self, actor: Actor, moment: datetime, **kwargs: Any) -> None:
        super().__init__(actor, moment, **kwargs)
        self.fields["spent_on"].required = True
        self.fields["customer"].help_text = _("Part of the account or customer name")


class DetailsExportForm(_FileForm):
    """Export Selected: from which transaction time to which, in days of GMT+08:00 (04-EXD-03)."""

    begins = forms.DateField(
        label=_("Transaction time from"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    ends = forms.DateField(
        label=_("to"),
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text=_("Both days included, GMT+08:00"),
    )

    field_order = ["begins", "ends", "file_format"]

    def __init__(self, moment: datetime, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.oldest = BillingCycle.parse(cycles_kept(moment)[-1]).start.astimezone(BUSINESS_ZONE)

    def clean_begins(self) -> date:
        """Nothing is kept from before 18 months ago (04-EXD-02)."""
        begins: date = self.cleaned_data["begins"]
        if begins < self.oldest.date():
            raise forms.ValidationError(
                _("For details generated more than 18 months ago, contact your ecosystem manager.")
            )
        return begins

    def clean(self) -> dict[str, Any]:
        """The end does not come before the beginning."""
        found = super().clean() or {}
        if found.get("begins") and found.get("ends") and found["ends"] < found["begins"]:
            self.add_error("ends", _("The end comes before the beginning."))
        return found

    def period(self) -> tuple[datetime, datetime]:
        """The moments from and before which transactions are exported, in UTC."""
        return (
            _midnight(self.cleaned_data["begins"]),
            _midnight(self.cleaned_data["ends"] + timedelta(days=1)),
        )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BUSINESS_ZONE).astimezone(UTC)
