"""Columns of Freeze Records."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, F, Value, When
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from partner_center import masking
from partner_center.lists.columns import BadgeColumn, NarrowTimeColumn, PortalColumn
from partner_center.lists.tables import PortalTable
from partner_center.templatetags import portal

from ..choices import FreezeAction, FreezeStatus, HoldOwner
from ..models import FreezeRecord


def _labels(field: str, choices: Any) -> Case:
    return Case(*(When(**{field: each}, then=Value(str(each.label))) for each in choices))


class _ChangeColumn(BadgeColumn):
    """The shown state before and after."""

    def render(self, value: str, record: FreezeRecord) -> SafeString:
        return format_html(
            "{} {} {}",
            portal.badge("freeze", record.get_before_display()),
            portal.icon("arrow-right"),
            portal.badge("freeze", record.get_after_display()),
        )


class FreezeRecordTable(PortalTable):
    """Every change of the holds of customers."""

    at = NarrowTimeColumn(verbose_name=_("Time"))
    name = PortalColumn(
        verbose_name=_("Account Name"),
        basis=_("Customer"),
        accessor="association__customer__name",
        second="association__customer__full_name",
        second_label=_("Customer"),
        second_mask=masking.NAME,
        select=["association__customer"],
        fixed=True,
    )
    action = PortalColumn(verbose_name=_("Operation"), export=_labels("action", FreezeAction))
    change = _ChangeColumn(
        verbose_name=_("Before and after"),
        accessor="after",
        family="freeze",
        export={
            _("Before"): _labels("before", FreezeStatus),
            _("After"): _labels("after", FreezeStatus),
        },
        orderable=False,
    )
    origin = PortalColumn(verbose_name=_("Origin"), export=_labels("origin", HoldOwner))
    reason = PortalColumn(verbose_name=_("Reason"), orderable=False)
    operator = PortalColumn(
        verbose_name=_("Operator"),
        accessor="operator_words",
        annotate={
            "operator_words": Case(
                When(actor=None, then=Value(str(_("System")))), default=F("actor_name")
            )
        },
        orderable=False,
    )
    code = PortalColumn(
        verbose_name=_("Verification code"),
        accessor="code_word",
        annotate={
            "code_word": Case(
                When(code_verified=True, then=Value(str(_("Verified")))), default=Value("--")
            )
        },
        orderable=False,
        shown=False,
    )

    default_order = ("-at",)

    def name_of(self, record: FreezeRecord) -> str:
        return record.association.customer.name


class ResellerFreezeRecordTable(FreezeRecordTable):
    """The same of resellers' customers, with whose they are."""

    reseller = PortalColumn(
        verbose_name=_("Reseller"),
        accessor="account__full_name",
        second="account__name",
        second_label=_("Reseller’s Account Name"),
        select=["account"],
    )

    class Meta:
        sequence = ("at", "name", "reseller", "...")
