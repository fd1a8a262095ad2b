"""The customer's Enterprise Center: member accounts and enterprise projects (API B.54, B.55)."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partner_center.lists.views import PortalListView
from partner_center.permissions import Audience
from partner_center.refusals import NotFound, Refusal
from partner_center.stale import fingerprint_of
from partner_center.views import PortalView, add_refusal
from resources.queries import projects
from resources.services import projects as project_services

from ..filters import MemberAccountFilterSet
from ..forms.enterprise import ProjectForm
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
            "projects": projects.list_own(self.actor),
        }
        return render(request, "accounts/enterprise/projects.html", context)


class _ProjectDialog(PortalView):
    """Name and description of an enterprise project (08 §10.5)."""

    permission = MANAGE_ENTERPRISE
    audiences = AUDIENCES

    def show(self, title: str, form: ProjectForm, *, status: int = 200) -> HttpResponse:
        """Render the dialog."""
        context = {
            "title": title,
            "form": form,
            "submit_label": _("Save"),
            "cancel_url": reverse("enterprise:projects"),
        }
        return render(self.request, "portal/dialog.html", context, status=status)

    def save(
        self, title: str, form: ProjectForm, call: Callable[[dict[str, str]], object]
    ) -> HttpResponseBase:
        """Call the service; what it refuses stands in the form."""
        if form.is_valid():
            try:
                call(form.cleaned_data)
            except Refusal as refusal:
                if isinstance(refusal, NotFound):
                    raise
                add_refusal(form, refusal)
            else:
                words = _("The enterprise project %(name)s is saved.")
                messages.success(self.request, words % {"name": form.cleaned_data["name"]})
                return redirect("enterprise:projects")
        return self.show(title, form, status=422)


class ProjectCreateView(_ProjectDialog):
    """Create Enterprise Project."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask for it."""
        return self.show(_("Create Enterprise Project"), ProjectForm())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Make it."""
        return self.save(
            _("Create Enterprise Project"),
            ProjectForm(request.POST),
            lambda data: project_services.create(self.actor, data["name"], data["description"]),
        )


class ProjectModifyView(_ProjectDialog):
    """Modify an enterprise project."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what it is called."""
        project = projects.get_own(self.actor, pk)
        seen = fingerprint_of(project, project_services.FIELDS)
        initial = {"name": project.name, "description": project.description, "seen": seen}
        return self.show(_("Modify Enterprise Project"), ProjectForm(initial=initial))

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Change it."""
        projects.get_own(self.actor, pk)
        return self.save(
            _("Modify Enterprise Project"),
            ProjectForm(request.POST),
            lambda data: project_services.modify(self.actor, pk, **data),
        )


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
