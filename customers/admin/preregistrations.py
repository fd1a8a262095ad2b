"""The operator's review queue: pre-registrations that partners ask a decision about (04-PRE-03)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import display_for_value
from django.db.models import Case, QuerySet, Value, When
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextareaWidget

from accounts.choices import Industry
from partner_center import clock
from partner_center.admin import ASSOCIATIONS, PortalModelAdmin, owner_column, site
from partner_center.refusals import NotFound
from partner_center.uploads import open_private, send_file

from ..choices import PreRegistrationReason, PreRegistrationStatus
from ..models import PreRegistration
from ..permissions import REVIEW_PREREGISTRATIONS
from ..queries import preregistrations as queries
from ..services import reviewing

_PENDING = PreRegistrationStatus.PENDING_REVIEW


class AnswerForm(forms.Form):
    """Why not; the partner reads it in its list."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=256, widget=UnfoldAdminTextareaWidget
    )


@admin.register(PreRegistration, site=site)
class PreRegistrationAdmin(PortalModelAdmin):
    """Pending requests first, by due date; then everything that was decided or needed no review."""

    view_permission = REVIEW_PREREGISTRATIONS
    manage_permission = REVIEW_PREREGISTRATIONS
    group = ASSOCIATIONS
    icon = "bookmark_added"
    partner = owner_column(gettext_lazy("Partner"))
    list_display = ("customer_name", "partner", "status", "why", "created_at", "due")
    list_select_related = ("account",)
    list_filter = ("status", "model")
    search_fields = ("customer_name", "email", "mobile", "company", "account__name")
    fields = (
        "customer_name",
        "partner",
        "email",
        "mobile",
        "model",
        "status",
        "why",
        "company",
        "country",
        "website",
        "branch",
        "justification",
        "attachment_name",
        "created_by",
        "created_at",
        "due",
        "registered_at",
        "expires_at",
        "reviewed_by",
        "reviewed_at",
        "answer",
    )
    readonly_fields = ("partner", "why", "branch", "due")
    actions_detail = ("approve", "reject", "download")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Pending ones first, the longest due on top."""
        rank = Case(When(status=_PENDING, then=Value(0)), default=Value(1))
        rows = super().get_queryset(request).alias(rank=rank)
        return rows.order_by("rank", "review_due_at", "-id")

    @admin.display(description=gettext_lazy("Reasons for the review"))
    def why(self, row: PreRegistration) -> str:
        """What kept the customer from being pre-registered directly."""
        labels = (PreRegistrationReason(code).label for code in row.reasons)
        return " ".join(map(str, labels)) or "--"

    @admin.display(description=gettext_lazy("Industry"))
    def branch(self, row: PreRegistration) -> str:
        """The industry in words."""
        return str(dict(Industry.choices).get(row.industry, "--"))

    @admin.display(description=gettext_lazy("Review due"), ordering="review_due_at")
    def due(self, row: PreRegistration) -> str:
        """Until when the partner was promised an answer; overdue ones say so."""
        if row.review_due_at is None:
            return "--"
        words = display_for_value(row.review_due_at, "--")
        is_late = row.status == _PENDING and row.review_due_at < clock.now()
        return _("%(due)s – overdue") % {"due": words} if is_late else words

    def has_pending_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Offered for requests that wait."""
        return self.may_manage(request) and queries.is_pending(object_id)

    def has_attached_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Offered where the partner attached something."""
        return self.has_view_permission(request) and queries.has_attachment(object_id)

    @action(description=gettext_lazy("Approve"), permissions=["pending"])
    def approve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Reserve the customer for the partner."""
        return self.operate(
            request,
            object_id,
            reviewing.approve,
            title=_("Approve"),
            consequence=_(
                "The customer is reserved for the partner for 15 days from now, and may associate "
                "although it registered long ago or has consumption records. The requesting user "
                "is told; the invitation email is sent if it was asked for."
            ),
        )

    @action(description=gettext_lazy("Reject"), permissions=["pending"])
    def reject(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Refuse, with the reason that the partner reads."""

        return self.operate(
            request,
            object_id,
            reviewing.reject,
            title=_("Reject"),
            consequence=_("The requesting user is told, and reads the reason that you enter."),
            form_class=AnswerForm,
        )

    @action(description=gettext_lazy("Download Attachment"), permissions=["attached"])
    def download(self, request: HttpRequest, object_id: str) -> FileResponse:
        """The partner's attachment."""
        row = self.row(request, object_id)
        if not row.attachment:
            raise NotFound
        return send_file(open_private(row.attachment.name), row.attachment_name)
