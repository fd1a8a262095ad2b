"""Pages of the audit trail: Operation Records, and the customer's Cloud Trace Service."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partner_center.lists.views import PortalListView
from partner_center.permissions import Audience
from partner_center.views import PortalView

from . import permissions, queries, services
from .filters import RecordFilterSet, TraceFilterSet
from .tables import RecordTable, TraceTable

CUSTOMERS = frozenset({Audience.CUSTOMER})


class RecordListView(PortalListView):
    """Everything that was done in the account, without end in time (01-BAS-12, 08-CTS-10)."""

    permission = permissions.VIEW_RECORDS
    title = gettext_lazy("Operation Records")
    basis = gettext_lazy(
        "Every change in this account. Records are never changed and stay for ever."
    )
    list_name = "operation-records"
    queryset = staticmethod(queries.list_records)
    filterset_class = RecordFilterSet
    table_class = RecordTable
    export_name = "operation_records"
    export_permission = permissions.VIEW_RECORDS
    empty_title = gettext_lazy("Nothing was changed yet")
    empty_icon = "history"


class RecordView(PortalView):
    """One record: who, when, from where, before and after."""

    permission = permissions.VIEW_RECORDS

    def get(self, request: HttpRequest, uid: UUID) -> HttpResponse:
        """The record in a drawer, or as a page of its own."""
        record = queries.get_record(self.actor, str(uid))
        context = {
            "title": record.what,
            "record": record,
            "changes": queries.changes_of(record),
            "crumbs": [(_("Operation Records"), reverse("audit:records")), (record.what, "")],
        }
        return render(request, "audit/record.html", context)


class TraceListView(PortalListView):
    """The customer's Trace List; before the service is enabled, what it is (08-CTS-01)."""

    permission = permissions.VIEW_TRACES
    audiences = CUSTOMERS
    title = gettext_lazy("Trace List")
    list_name = "traces"
    queryset = staticmethod(queries.recent_traces)
    filterset_class = TraceFilterSet
    table_class = TraceTable
    template_name = "audit/traces.html"
    empty_title = gettext_lazy("No trace in the last 7 days")
    empty_icon = "activity"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The list, or the page that enables the service."""
        if queries.tracing_enabled(self.actor):
            return super().get(request, *args, **kwargs)
        return render(request, "audit/traces_off.html", self.get_extra_context())

    def get_extra_context(self) -> dict[str, Any]:
        """The way here (08-CTS-04) and whether the switch may be used."""
        return {
            "crumbs": [(_("Trace List"), "")],
            "may_manage": self.actor.can(permissions.MANAGE_TRACES),
        }


class TraceSwitchView(PortalView):
    """Enable or disable the Cloud Trace Service (08-CTS-01)."""

    permission = permissions.MANAGE_TRACES
    audiences = CUSTOMERS
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Set the switch and show the list."""
        enabled = request.POST.get("enabled") == "1"
        services.set_tracing(self.actor, enabled=enabled)
        messages.success(
            request,
            _("Cloud Trace Service enabled.") if enabled else _("Cloud Trace Service disabled."),
        )
        return redirect("audit:traces")


class TraceView(PortalView):
    """View Trace: the full record as JSON (08-CTS-09)."""

    permission = permissions.VIEW_TRACES
    audiences = CUSTOMERS

    def get(self, request: HttpRequest, uid: UUID) -> HttpResponse:
        """The trace in a drawer, or as a page of its own."""
        trace = queries.get_trace(self.actor, str(uid))
        context = {
            "title": _("View Trace"),
            "trace": trace,
            "document": json.dumps(queries.trace_document(trace), indent=2, ensure_ascii=False),
            "crumbs": [(_("Trace List"), reverse("audit:traces")), (trace.trace_name, "")],
        }
        return render(request, "audit/trace.html", context)
