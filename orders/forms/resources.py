"""Forms of the dialogs that do something to a resource."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partner_center import money
from partner_center.widgets import Segments

from ..choices import UnsubscribeReason
from ..queries.mine import Duration


class NameForm(forms.Form):
    """Rename."""

    name = forms.CharField(label=_("Name"), max_length=64)


class ProjectForm(forms.Form):
    """Which enterprise project a resource is in."""

    project = forms.ChoiceField(label=_("Enterprise Project"), required=False)

    def __init__(self, *args: Any, projects: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["project"].choices = [
            ("", "default"),
            *((str(row.pk), row.name) for row in projects),
        ]


class DurationForm(forms.Form):
    """For how long a resource is renewed or converted; each term with its list price."""

    duration = forms.ChoiceField(label=_("Usage Duration"))

    def __init__(self, *args: Any, durations: Sequence[Duration]) -> None:
        super().__init__(*args)
        self.fields["duration"].choices = [
            (each.key, f"{each.words}: {money.words(each.amount)}") for each in durations
        ]

    def chosen(self) -> tuple[str, int]:
        """Period and number of a valid form."""
        period, _sep, count = self.cleaned_data["duration"].partition(":")
        return period, int(count)


class ChangeForm(forms.Form):
    """Another specification, another size."""

    product = forms.ChoiceField(label=_("Specification"))
    size = forms.IntegerField(label=_("Size"), required=False, min_value=1)

    def __init__(
        self, *args: Any, products: Sequence[Any], size: int | None, unit: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"].choices = [(str(row.pk), row.name) for row in products]
        self.fields["size"].label = _("Size (%(unit)s)") % {"unit": unit}
        if size is None:
            del self.fields["size"]

    def wanted(self) -> tuple[int, int | None]:
        """Key of the product and size of a valid form."""
        return int(self.cleaned_data["product"]), self.cleaned_data.get("size")

    @property
    def product_name(self) -> str:
        """The chosen specification, as the select names it."""
        chosen = str(self["product"].value())
        return dict(self.fields["product"].choices).get(chosen, "")


class UnsubscribeForm(forms.Form):
    """What is unsubscribed, and why; the choice of renewals only where some have not begun."""

    extent = forms.ChoiceField(
        label=_("Unsubscribe"),
        choices=[("resource", _("Resource and renewals"))],
        widget=forms.HiddenInput,
        initial="resource",
    )
    reason_type = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", _("Choose a reason")), *UnsubscribeReason.choices],
        required=False,
    )
    reason = forms.CharField(
        label=_("Details"),
        max_length=256,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, renewals: Decimal | None) -> None:
        super().__init__(*args)
        if renewals is not None:
            extent = self.fields["extent"]
            extent.widget = Segments()
            extent.choices = [*extent.choices, ("renewal", _("Renewal period only"))]
            extent.help_text = _("Of the renewal period alone %(amount)s is given back.") % {
                "amount": money.words(renewals)
            }


class AutoRenewForm(forms.Form):
    """How often and for how long a resource renews by itself."""

    period = forms.ChoiceField(
        label=_("Renewal Duration"),
        choices=[("month", _("1 month")), ("year", _("1 year"))],
        widget=Segments,
    )
    times = forms.IntegerField(
        label=_("Number of Renewals"),
        min_value=0,
        max_value=99,
        initial=0,
        help_text=_("0 renews without limit."),
    )

    def __init__(self, *args: Any, fixed_term: bool = False, **kwargs: Any) -> None:
        """``fixed_term``: it is renewed for the term that it is sold for, no other."""
        super().__init__(*args, **kwargs)
        if fixed_term:
            del self.fields["period"]


class RulesForm(forms.Form):
    """Settings of renewals (API B.27)."""

    deduction_days = forms.TypedChoiceField(
        label=_("Deduction Day"),
        coerce=int,
        choices=[(str(n), _("%(n)s days before expiry") % {"n": n}) for n in range(7, 1, -1)],
        help_text=_("Auto-renewal is tried at 03:00 GMT+08:00 from then on, every day."),
    )
    expiry_day = forms.TypedChoiceField(
        label=_("Common Day of Expiry"),
        coerce=int,
        choices=[
            ("0", _("None: as bought")),
            *((str(n), str(n)) for n in range(1, 29)),
            ("-1", _("Last day of the month")),
        ],
        help_text=_("Renewals are prolonged to this day; the days in between are paid too."),
    )
