"""Tables of the audit trail."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from partner_center.lists.columns import (
    ActionsColumn,
    BadgeColumn,
    PortalColumn,
    TimeColumn,
)
from partner_center.lists.tables import PortalTable


class RecordTable(PortalTable):
    """Operation Records (01-BAS-12)."""

    action = PortalColumn(
        _("Operation"), accessor="what", fixed=True, orderable=False, export=F("action")
    )
    target_name = PortalColumn(_("Object"), orderable=False)
    actor_name = PortalColumn(_("Operator"), second="ip", second_label=_("Source IP Address"))
    at = TimeColumn(_("Time"))
    code = PortalColumn(_("Code verified"), accessor="code_verified", shown=False)
    operation = ActionsColumn("audit/record_actions.html", verbose_name=_("Details"))
    default_order = ("-at",)

    def render_code(self, value: bool) -> str:
        """Yes or No."""
        return str(_("Yes") if value else _("No"))


class AllRecordTable(RecordTable):
    """Operation records of all accounts, as the operator exports them: what changed stays out of
    files, because it may hold personal data (05-EXP-05)."""

    account = PortalColumn(_("Account"), accessor="account__name")
    door = PortalColumn(_("Door"))
    code = PortalColumn(_("Code verified"), accessor="code_verified")


class ExpandingColumn(PortalColumn):
    """A value that opens to show more of its row, without JavaScript."""

    def __init__(self, *args: Any, template_name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.template_name = template_name

    def render(self, record: Any) -> SafeString:
        return render_to_string(self.template_name, {"record": record})


class NarrowTimeColumn(TimeColumn):
    """A moment in two lines; the zone stands above the list, not in the head."""

    css = ""
    basis_label = ""


class TraceTable(PortalTable):
    """Trace List (08-CTS-08, CTS-09)."""

    trace_name = ExpandingColumn(_("Trace Name"), template_name="audit/trace_name.html", fixed=True)
    resource_type = PortalColumn(_("Resource Type"), orderable=False, export=False)
    trace_source = PortalColumn(_("Trace Source"), orderable=False, export=False)
    resource_id = PortalColumn(_("Resource ID"))
    resource_name = PortalColumn(_("Resource Name"))
    trace_status = BadgeColumn(
        _("Trace Status"), family="trace", accessor="get_trace_status_display", orderable=False
    )
    actor_name = PortalColumn(
        _("Operator"), second="foreign_account", select=["actor_account"], export=False
    )
    at = NarrowTimeColumn(_("Operation Time"))
    operation = ActionsColumn("audit/trace_actions.html")
    default_order = ("-at",)
