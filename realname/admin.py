"""The operator's review of real-name authentication."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldBooleanWidget

from partner_center.admin import ACCOUNTS, PortalModelAdmin, site

from .choices import ReviewStatus
from .models import OPINION_LENGTH, RealNameApplication
from .permissions import REVIEW
from .queries import applications as queries
from .services import reviewing

STATUS_COLOURS = {
    ReviewStatus.UNDER_REVIEW.label: "info",
    ReviewStatus.REJECTED.label: "danger",
    ReviewStatus.APPROVED.label: "success",
    ReviewStatus.REPLACED.label: "default",
}


class ApproveForm(forms.Form):
    """A word to the customer, if there is one."""

    opinion = forms.CharField(
        label=gettext_lazy("Opinion"),
        max_length=OPINION_LENGTH,
        required=False,
        widget=UnfoldAdminTextareaWidget,
    )


class RejectForm(ApproveForm):
    """Why, and whether the certificate is barred."""

    bars_number = forms.BooleanField(
        label=gettext_lazy("Bar this certificate number"),
        required=False,
        widget=UnfoldBooleanWidget,
        help_text=gettext_lazy("Nobody can apply with it any more."),
    )


@admin.register(RealNameApplication, site=site)
class RealNameApplicationAdmin(PortalModelAdmin):
    """The queue: what was sent longest ago first. Opening an application is recorded."""

    view_permission = REVIEW
    manage_permission = REVIEW
    group = ACCOUNTS
    icon = "verified_user"
    list_display = (
        "account",
        "name",
        "identity",
        "shown_status",
        "submitted_for",
        "submitted_at",
        "reviewed_at",
    )
    list_select_related = ("account", "submitted_for")
    list_filter = ("status", "identity", "is_change")
    search_fields = ("account__name", "account__full_name", "name")
    ordering = ("-reviewed_at", "submitted_at")
    actions_detail = ("approve", "reject")
    fieldsets = (
        (None, {"fields": ("account", "shown_status", "identity", "is_change")}),
        (
            gettext_lazy("Certificate"),
            {"fields": ("shown_certificate", "name", "number", "country", "address")},
        ),
        (gettext_lazy("Legal person"), {"fields": ("legal_person", "legal_number")}),
        (gettext_lazy("Scans"), {"fields": ("scans",)}),
        (
            gettext_lazy("Application"),
            {"fields": ("submitted_by", "submitted_for", "submitted_at")},
        ),
        (
            gettext_lazy("Decision"),
            {"fields": ("reviewer", "reviewed_at", "opinion", "bars_number")},
        ),
    )
    readonly_fields = ("shown_status", "shown_certificate", "number", "legal_number", "scans")

    @display(description=gettext_lazy("Status"), ordering="status", label=dict(STATUS_COLOURS))
    def shown_status(self, application: RealNameApplication) -> str:
        """The status with its colour."""
        return application.get_status_display()

    @display(description=gettext_lazy("Kind of certificate"))
    def shown_certificate(self, application: RealNameApplication) -> str:
        """In words."""
        return application.certificate_label

    @display(description=gettext_lazy("Certificate number"))
    def number(self, application: RealNameApplication) -> str:
        """In full: the reviewer compares it with the scans."""
        return queries.numbers_of(application)[0]

    @display(description=gettext_lazy("ID number"))
    def legal_number(self, application: RealNameApplication) -> str:
        """In full, as above."""
        return queries.numbers_of(application)[1] or "--"

    @display(description=gettext_lazy("Scans"))
    def scans(self, application: RealNameApplication) -> SafeString:
        """Links to the scans, in their order."""
        lines = (
            (reverse("realname:scan", args=[scan.pk]), label, scan.original_name)
            for label, scan in queries.scans_of(application)
        )
        items = format_html_join(
            "",
            '<li class="mb-1"><a class="text-primary-600 underline dark:text-primary-500" '
            'href="{}" target="_blank" rel="noopener">{}</a> <span>({})</span></li>',
            lines,
        )
        return format_html("<ol>{}</ol>", items)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The application's page; that it was opened stands in the customer's audit trail."""
        if object_id and request.method == "GET" and self.has_view_permission(request):
            reviewing.record_view(request.actor, self.row(request, object_id).pk)  # type: ignore[attr-defined]
        return super().changeform_view(request, object_id, form_url, extra_context)

    def has_open_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Offered while nobody has decided."""
        rows = self.get_queryset(request).filter(pk=object_id, status=ReviewStatus.UNDER_REVIEW)
        return self.may_manage(request) and rows.exists()

    @action(description=gettext_lazy("Approve"), permissions=["open"])
    def approve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Authenticate the account."""
        return self.operate(
            request,
            object_id,
            reviewing.approve,
            title=_("Approve"),
            consequence=_(
                "The account is authenticated under this name, and the customer is told. What was "
                "approved before is replaced."
            ),
            form_class=ApproveForm,
        )

    @action(description=gettext_lazy("Reject"), permissions=["open"])
    def reject(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Refuse the application."""
        return self.operate(
            request,
            object_id,
            reviewing.reject,
            title=_("Reject"),
            consequence=_("The customer reads your opinion and can apply again."),
            form_class=RejectForm,
        )
