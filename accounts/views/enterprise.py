"""The customer's Enterprise Center: member accounts and enterprise projects (API B.54, B.55)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partner_center.lists.views import PortalListView
from partner_center.permissions import Audience
from partner_center.refusals import Refusal
from partner_center.views import PortalView

from ..filters import MemberAccountFilterSet
from ..permissions import EXPORT_ENTERPRISE, MANAGE_ENTERPRISE, VIEW_ENTERPRISE
from ..queries import enterprise as queries
from ..services import enterprise as services
from ..tables import MemberAccountTable

AUDIENCES = frozenset({Audience.CUSTOMER})


class MemberAccountListView(PortalListView):
    """Enterprise Center > Organization."""

    permission = VIEW_ENTERPRISE
    audiences = AUDIENCES
    title = gettext_lazy("Organization")
    list_name = "member_accounts"
    basis = gettext_lazy("Member accounts of which your account is the enterprise master.")
    queryset = staticmethod(queries.list_members)
    filterset_class = MemberAccountFilterSet
    table_class = MemberAccountTable
    export_name = "member_accounts"
    export_permission = EXPORT_ENTERPRISE
    empty_title = gettext_lazy("No member accounts")
    empty_text = gettext_lazy(
        "Your account is no enterprise master with member accounts. The operator sets it up on "
        "request: ask customer service."
    )
    empty_icon = "building-community"


class ProjectsView(PortalView):
    """Enterprise Center > Projects."""

    permission = VIEW_ENTERPRISE
    audiences = AUDIENCES

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show whether they are enabled, and since when."""
        context = {
            "title": _("Projects"),
            "since": queries.projects_since(self.actor),
            "may_manage": self.actor.can(MANAGE_ENTERPRISE),
        }
        return render(request, "accounts/enterprise/projects.html", context)


class ProjectsEnableView(PortalView):
    """Enable enterprise projects."""

    permission = MANAGE_ENTERPRISE
    audiences = AUDIENCES

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Enable them, once."""
        try:
            services.enable_projects(self.actor)
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
        else:
            messages.success(request, _("Enterprise projects are enabled."))
        return redirect("enterprise:projects")
