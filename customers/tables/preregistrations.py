"""Table of the tab From Partner Center (04 §8.2.2.1, D-57)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from partner_center import masking
from partner_center.lists.columns import ActionsColumn, BadgeColumn, NarrowTimeColumn, PortalColumn
from partner_center.lists.tables import PortalTable
from partner_center.templatetags import portal

from ..choices import FailureCause, PreRegistrationStatus
from ..queries.preregistrations import FAILED, SHOWN_STATUSES


class ExpiryColumn(NarrowTimeColumn):
    """``Expiry in 14 days`` while the reservation holds, and the moment (D-32)."""

    def render(self, value: datetime, record: Any) -> SafeString:
        moment = super().render(value)
        if record.shown not in (PreRegistrationStatus.REGISTERED, FAILED):
            return moment
        words = _days_left((value - record.listed_at).days)
        return format_html(
            '<span><span class="pc-nowrap">{}</span><span class="pc-sub">{}</span></span>',
            words,
            moment,
        )


def _days_left(days: int) -> str:
    if days < 1:
        return _("Expiry in less than 1 day")
    return ngettext("Expiry in %d day", "Expiry in %d days", days) % days


class StatusColumn(BadgeColumn):
    """The state, and below it what the partner should know about it."""

    def __init__(self) -> None:
        words = [When(shown=key, then=Value(str(label))) for key, label in SHOWN_STATUSES.items()]
        super().__init__(
            verbose_name=gettext_lazy("Status"),
            accessor="shown",
            family="lead",
            export=Case(*words, output_field=CharField()),
        )

    def render(self, value: str, record: Any) -> SafeString:
        badge = portal.badge(self.family, str(SHOWN_STATUSES[value]))
        words = _about(value, record)
        if not words:
            return badge
        return format_html('<span>{}<span class="pc-sub">{}</span></span>', badge, words)


def _about(shown: str, record: Any) -> str:
    if shown == PreRegistrationStatus.PENDING_REVIEW:
        return _("Progress: contact your ecosystem manager")
    if shown == PreRegistrationStatus.REJECTED:
        return str(record.answer)
    if shown == FAILED:
        return " ".join(str(FailureCause(code).label) for code in record.failures or ())
    return ""


class PreRegistrationTable(PortalTable):
    """Reserved customers; names and addresses are masked until somebody asks for them."""

    customer_name = PortalColumn(
        verbose_name=gettext_lazy("Customer Name"), mask=masking.NAME, fixed=True
    )
    mobile = PortalColumn(
        verbose_name=gettext_lazy("Mobile Number"), mask=masking.PHONE, orderable=False
    )
    email = PortalColumn(verbose_name=gettext_lazy("Email"), mask=masking.EMAIL)
    registered_at = NarrowTimeColumn(
        verbose_name=gettext_lazy("Preregistration Date"),
        annotate={"dated_at": Coalesce("registered_at", "created_at")},
        order_by=("dated_at",),
    )
    expires_at = ExpiryColumn(verbose_name=gettext_lazy("Expiration Date"))
    status = StatusColumn()
    remarks = PortalColumn(verbose_name=gettext_lazy("Remarks"), orderable=False)
    manager = PortalColumn(
        verbose_name=gettext_lazy("Account Manager"),
        select=["manager"],
        export=Coalesce(NullIf("manager__name", Value("")), "manager__username"),
        orderable=False,
    )
    model = PortalColumn(
        verbose_name=gettext_lazy("Association Type"), shown=False, orderable=False
    )
    operation = ActionsColumn("customers/development/operation.html")

    default_order = ("-registered_at",)
