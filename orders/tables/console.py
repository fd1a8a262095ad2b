"""Columns of the console's lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _w
from django.utils.translation import gettext_lazy as _

from budgets.queries.guard import Operation, Restrictions
from partner_center.actors import Actor
from partner_center.lists.columns import (
    ActionsColumn,
    BadgeColumn,
    NarrowTimeColumn,
    NumberColumn,
    PortalColumn,
    TemplateColumn,
)
from partner_center.lists.tables import PortalTable
from partner_center.templatetags import portal

from ..queries import mine


class _Amount(PortalColumn):
    """An amount with 2 decimals, in USD."""

    css = "pc-figures"

    def render(self, value: Any) -> SafeString:
        return portal.amount(value, 2)


class _OrderState(BadgeColumn):
    """The state; an unpaid order of the Reseller model says who it waits for (08-BUY-08)."""

    def render(self, value: str, record: Any) -> SafeString:
        shown = portal.badge("order", value)
        if not mine.waits_for_partner(record):
            return shown
        return format_html(
            '{}<div class="pc-sub">{}</div>', shown, _w("waiting to be paid by the partner")
        )


class _OrderedBy(PortalColumn):
    """Who ordered; a job is the system."""

    def render(self, record: Any) -> str:
        found: str = record.orderer
        return found


class MyOrderTable(PortalTable):
    """My Orders."""

    order_no = TemplateColumn(
        verbose_name=_("Order No."),
        template_name="orders/console/parts/order_no.html",
        fixed=True,
    )
    service = PortalColumn(verbose_name=_("Product Type"), accessor="service_type__name")
    order_type = PortalColumn(verbose_name=_("Order Type"))
    status = _OrderState(verbose_name=_("Order Status"), family="order")
    ordered_at = NarrowTimeColumn(verbose_name=_("Ordered On"))
    paid_at = NarrowTimeColumn(verbose_name=_("Paid"))
    list_amount = _Amount(verbose_name=_("Order Subtotal (USD)"))
    amount = _Amount(verbose_name=_("Amount (USD)"))
    ordered_by = _OrderedBy(verbose_name=_("Ordered By"), accessor="ordered_by_name", shown=False)
    operation = ActionsColumn("orders/console/parts/order_actions.html")

    default_order = ("-ordered_at",)


@dataclass(frozen=True)
class Deed:
    """One entry of the menu of a resource."""

    #: Name of its address in the console.
    name: str
    icon: str
    words: str | Promise
    #: Why it is refused; empty: it is not.
    why: str
    danger: bool


#: What the menu of a resource offers, in its order; a deed's address has dashes for underscores.
_DEEDS: tuple[tuple[str, str, str | Promise], ...] = (
    ("start", "refresh", _("Start…")),
    ("stop", "player-pause", _("Stop…")),
    ("restart", "refresh", _("Restart…")),
    ("rename", "edit", _("Rename…")),
    ("project", "folder", _("Change Enterprise Project…")),
    ("change", "adjustments-horizontal", _("Change Specifications…")),
    ("renew", "calendar", _("Renew…")),
    ("to_period", "switch-horizontal", _("Change to Yearly/Monthly…")),
    ("to_usage", "switch-horizontal", _("Change to Pay-per-use…")),
    ("unsubscribe", "arrow-back-up", _("Unsubscribe…")),
    ("delete", "trash", _("Delete…")),
)
_DANGEROUS = frozenset({"unsubscribe", "delete"})


def menu_of(deeds: Mapping[str, str]) -> list[Deed]:
    """The entries of a resource's menu, from what ``mine.deeds_of`` says of it."""
    return [
        Deed(name.replace("_", "-"), icon, words, deeds[name], name in _DANGEROUS)
        for name, icon, words in _DEEDS
        if name in deeds
    ]


class DeedsColumn(ActionsColumn):
    """What can be done to a resource; what the guard refuses is grey, with its sentence."""

    def render(self, record: Any, value: Any, table: Any) -> SafeString:
        record.deeds = mine.deeds_of(record, table.known)
        record.menu = menu_of(record.deeds)
        return super().render(record=record, value=value, table=table)


def restrictions_of(request: Any, actor: Actor) -> Restrictions:
    """What restricts the customer; read once for a page, its notes and all its rows."""
    if not hasattr(request, "restrictions"):
        request.restrictions = mine.restrictions(actor)
    found: Restrictions = request.restrictions
    return found


def restriction_context(request: Any, actor: Actor) -> dict[str, Any]:
    """What ``orders/console/parts/restricted.html`` shows."""
    known = restrictions_of(request, actor)
    return {"restricted": known.refusal_for(Operation.BUY_USAGE), "frozen": known.frozen}


class _ResourceTable(PortalTable):
    """What every list of resources shows."""

    name = TemplateColumn(
        verbose_name=_("Name/ID"),
        template_name="orders/console/parts/resource_name.html",
        fixed=True,
    )
    service = PortalColumn(
        verbose_name=_("Product Type"),
        accessor="product__service_type__name",
        second="spec_words",
        second_label=_("Specifications"),
    )
    region = PortalColumn(verbose_name=_("Region"), accessor="region__name")
    status = TemplateColumn(
        verbose_name=_("Status"), template_name="orders/console/parts/resource_status.html"
    )

    @cached_property
    def known(self) -> Restrictions:
        """What restricts the customer."""
        return restrictions_of(self.request, self.actor)


class MyResourceTable(_ResourceTable):
    """My Resources."""

    mode = PortalColumn(verbose_name=_("Billing Mode"))
    size = NumberColumn(verbose_name=_("Size"), shown=False)
    quantity = NumberColumn(verbose_name=_("Quantity"))
    effective_at = NarrowTimeColumn(verbose_name=_("Effective"))
    expires_at = NarrowTimeColumn(verbose_name=_("Expires"))
    order_no = PortalColumn(verbose_name=_("Order No."), shown=False)
    project = PortalColumn(
        verbose_name=_("Enterprise Project"),
        accessor="project__name",
        default="default",
        shown=False,
    )
    operation = DeedsColumn("orders/console/parts/resource_actions.html")

    default_order = ("-effective_at",)


class RenewalTable(_ResourceTable):
    """Renewals."""

    expires_at = NarrowTimeColumn(verbose_name=_("Expires"))
    policy = TemplateColumn(
        verbose_name=_("After Expiry"), template_name="orders/console/parts/policy.html"
    )
    operation = DeedsColumn("orders/console/parts/renewal_actions.html")

    default_order = ("expires_at",)


class UnsubscriptionTable(_ResourceTable):
    """Unsubscriptions: what can be unsubscribed."""

    mode = PortalColumn(verbose_name=_("Billing Mode"))
    expires_at = NarrowTimeColumn(verbose_name=_("Expires"))
    operation = DeedsColumn("orders/console/parts/unsubscription_actions.html")

    default_order = ("expires_at",)
