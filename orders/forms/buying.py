"""The configuration page of a service (08 §10.5), the agreement, and how an order is paid."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.choices import BillingMode
from partner_center.widgets import RadioCards, Segments

from ..queries.baskets import Basket, BasketLine
from ..queries.offers import SERVERS, Offer, durations

_SOURCES = [
    ("", _("Not required")),
    ("backup", _("Backup")),
    ("snapshot", _("Snapshot")),
    ("image", _("Image")),
]
_BACKUPS = [("none", _("Do not use")), ("existing", _("Use existing")), ("new", _("Buy new"))]
_TYPES = [("VBD", "VBD"), ("SCSI", "SCSI")]
#: What is proposed as name of something that is no machine or disk begins like this.
_PREFIXES: dict[str, str] = {
    BillingMode.RESERVED_UPFRONT: "ri",
    BillingMode.RESERVED_HOURLY: "ri",
    BillingMode.SAVINGS_PLAN: "sp",
    BillingMode.PACKAGE: "package",
}


class ConfigureForm(forms.Form):
    """Everything that is chosen before Next; its fields follow what is offered."""

    mode = forms.ChoiceField(label=_("Billing Mode"), widget=Segments)
    region = forms.ChoiceField(
        label=_("Region"),
        help_text=_("Resources in different regions cannot reach each other by the intranet."),
    )
    zone = forms.ChoiceField(label=_("AZ"), widget=Segments)
    source = forms.ChoiceField(label=_("Data Source"), choices=_SOURCES, required=False)
    product = forms.ChoiceField(label=_("Specification"))
    size = forms.IntegerField(label=_("Capacity"))
    device = forms.ChoiceField(label=_("Device Type"), choices=_TYPES, required=False)
    share = forms.BooleanField(label=_("Share"), required=False)
    encryption = forms.BooleanField(label=_("Encryption"), required=False)
    backup = forms.ChoiceField(
        label=_("Automatic Backup"), choices=_BACKUPS, widget=Segments, required=False
    )
    tag = forms.CharField(
        label=_("Tag"), max_length=100, required=False, help_text=_("For example: team=payments")
    )
    project = forms.ChoiceField(label=_("Enterprise Project"), required=False)
    name = forms.CharField(label=_("Name"), max_length=60)
    #: The name as it was proposed: only another one was typed.
    proposed = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    duration = forms.ChoiceField(label=_("Usage Duration"))
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1, max_value=1000)

    _of_disks = ("source", "device", "share", "encryption", "backup")

    def __init__(self, offer: Offer, *, projects: Iterable[Any]) -> None:
        self.offer = offer
        super().__init__(self._values(offer))
        self._choose("mode", offer.modes)
        self._choose("region", [(str(row.pk), row.name) for row in offer.regions])
        self._choose("zone", [(zone, zone) for zone in offer.region.zones])
        self._choose("product", [(str(row.pk), row.name) for row in offer.products])
        self._choose("duration", durations(offer))
        self._choose("project", [("", "default"), *((str(row.pk), row.name) for row in projects)])
        self.fields["zone"].help_text = _zone_hint(offer)
        self._limit_size(offer)
        for name in self._not_asked(offer):
            del self.fields[name]

    def _not_asked(self, offer: Offer) -> list[str]:
        """Fields that make no sense for what is chosen."""
        asked = {
            "zone": offer.has_zone,
            "duration": offer.has_duration,
            "size": offer.is_linear,
            **dict.fromkeys(self._of_disks, offer.is_disk),
        }
        return [name for name, is_asked in asked.items() if not is_asked]

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices

    def _limit_size(self, offer: Offer) -> None:
        spec = offer.product.spec if offer.product else None
        if spec is None or spec.size_unit is None:
            return
        if offer.is_disk:
            self.fields["product"].label = _("Disk Type")
        self.fields["size"].help_text = _(
            "%(least)s to %(most)s %(unit)s, in steps of %(step)s"
        ) % {
            "least": f"{spec.size_min:,}",
            "most": f"{spec.size_max:,}",
            "step": spec.size_step,
            "unit": spec.size_unit.abbreviation,
        }

    @staticmethod
    def _values(offer: Offer) -> dict[str, Any]:
        """What was sent, and defaults for what was not or no longer fits."""
        product, sent = offer.product, dict(offer.values)
        every = [key for key, _words in durations(offer)]
        sent |= {
            "mode": offer.mode,
            "region": str(offer.region.pk),
            "product": str(product.pk) if product else "",
        }
        if sent.get("zone") not in offer.region.zones:
            sent["zone"] = offer.region.zones[0] if offer.region.zones else ""
        if sent.get("duration") not in every:
            sent["duration"] = every[0] if every else ""
        name = _name(sent, offer)
        if name != sent.get("name"):
            sent |= {"name": name, "proposed": name}
        sent.setdefault("quantity", "1")
        sent.setdefault("backup", "none")
        if product and product.spec and not sent.get("size"):
            sent["size"] = str(product.spec.size_min or "")
        return sent

    def basket(self) -> Basket:
        """The valid form as an order."""
        found = self.cleaned_data
        period, _sep, count = found.get("duration", "").partition(":")
        line = BasketLine(
            product_id=int(found["product"]),
            region_id=int(found["region"]),
            name=found["name"],
            zone=found.get("zone", ""),
            size=found.get("size"),
            quantity=found["quantity"],
            period=period,
            periods=int(count or 0),
            configuration=self.configuration(),
            project_id=int(found["project"]) if found.get("project") else None,
        )
        return Basket((line,))

    def configuration(self) -> dict[str, str]:
        """What the columns of a resource do not hold, in words, for bill and confirmation."""
        found = {}
        for name in ("source", "device", "share", "encryption", "backup", "tag"):
            value = self.cleaned_data.get(name)
            if not value or name not in self.fields:
                continue
            field = self.fields[name]
            words = dict(getattr(field, "choices", [])).get(value, value)
            found[str(field.label)] = str(_("Enabled") if value is True else words)
        return found


def _zone_hint(offer: Offer) -> str | Promise:
    """What the choice of a zone means for this kind of resource."""
    if offer.is_disk:
        return _("It cannot be changed after creation. A disk serves only servers in its own AZ.")
    if offer.kind in SERVERS:
        return _(
            "It cannot be changed after creation. Servers in several AZs go on when one AZ fails."
        )
    return _("It cannot be changed after creation.")


def _name(sent: dict[str, Any], offer: Offer) -> str:
    """What was typed; where nothing was, a name that says what it is, also after another choice."""
    typed, proposed = sent.get("name"), sent.get("proposed")
    if typed is not None and typed != proposed:
        return str(typed)
    own = offer.product.resource_type.code.rsplit(".", 1)[-1] if offer.product else "resource"
    number = str(proposed).rpartition("-")[2] if proposed else secrets.randbelow(9000) + 1000
    return f"{_PREFIXES.get(offer.mode, own)}-{number}"


class AgreeForm(forms.Form):
    """The tick under the confirmation (08-BUY-04)."""

    agrees = forms.BooleanField(
        label=_("I have read and agree to the Service Level Agreement (SLA)"), required=False
    )


class PayForm(forms.Form):
    """Which of the discounts that can be chosen (08-CSN-03 to CSN-09)."""

    discount = forms.ChoiceField(label=_("Discount"), required=False, widget=RadioCards)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], hints: dict[str, str]) -> None:
        super().__init__(*args, initial={"discount": choices[0][0] if choices else ""})
        field = self.fields["discount"]
        field.choices = choices
        field.widget.hints = hints
        if len(choices) < 2:
            field.widget = forms.HiddenInput()
