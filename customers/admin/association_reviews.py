"""The operator's queue of associations that need a review (08-CSA-16, X-03)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.widgets import UnfoldAdminRadioSelectWidget

from partner_center.actors import Actor
from partner_center.admin import ASSOCIATIONS, PortalModelAdmin, ReasonForm, owner_column, site

from ..choices import Purpose, RequestStatus
from ..models import AssociationRequest
from ..permissions import OPERATE_ASSOCIATIONS
from ..refusals.acceptance import failures_of
from ..services import association_reviews as services

_NO, _YES = "no", "yes"


class ApproveForm(forms.Form):
    """The explicit choice of the default freeze (08-CSA-16)."""

    freeze = forms.ChoiceField(
        label=gettext_lazy("Default freeze"),
        choices=[
            (_NO, gettext_lazy("Do not freeze the customer’s account")),
            (_YES, gettext_lazy("Freeze the customer’s account, as an invitation does")),
        ],
        initial=_NO,
        widget=UnfoldAdminRadioSelectWidget,
        help_text=gettext_lazy("Counts for the Reseller model only."),
    )


class RejectForm(ReasonForm):
    """Why; the reason is sent to who asked."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=256, widget=ReasonForm.base_fields["reason"].widget
    )


@admin.register(AssociationRequest, site=site)
class AssociationRequestAdmin(PortalModelAdmin):
    """Associations, type changes, disassociations; those pending review wait for a decision here."""

    view_permission = OPERATE_ASSOCIATIONS
    manage_permission = OPERATE_ASSOCIATIONS
    group = ASSOCIATIONS
    icon = "rule"
    partner = owner_column(gettext_lazy("Partner"))
    list_display = (
        "customer",
        "partner",
        "purpose",
        "model",
        "status",
        "initiator",
        "requested_at",
        "decided_at",
    )
    list_select_related = ("customer", "account")
    list_filter = ("status", "purpose", "initiator")
    search_fields = ("customer__name", "customer__full_name", "account__name")
    ordering = ("-id",)
    fields = (
        "customer",
        "partner",
        "purpose",
        "model",
        "status",
        "initiator",
        "requested_by",
        "requested_at",
        "reason",
        "causes",
        "check_items",
        "decided_by",
        "decided_at",
        "answer",
    )
    readonly_fields = ("partner", "causes", "check_items")
    actions_detail = ("approve", "reject")

    def has_reviewable_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Offered while an association waits for the operator."""
        waiting = self.model._meta.default_manager.filter(
            pk=object_id, purpose=Purpose.ASSOCIATION, status=RequestStatus.PENDING_REVIEW
        )
        return self.may_manage(request) and waiting.exists()

    @admin.display(description=gettext_lazy("What stands against it"))
    def causes(self, record: AssociationRequest) -> str:
        """The causes at submission, readable."""
        return " ".join(str(f.words) for f in failures_of(record.checks.get("causes", []))) or "--"

    @admin.display(description=gettext_lazy("Account check"))
    def check_items(self, record: AssociationRequest) -> str:
        """How the check of a disassociation went when it was submitted."""
        if not (items := record.checks.get("items")):
            return "--"
        words = _("Passed: %(passed)d of %(all)d items")
        return words % {"passed": sum(items.values()), "all": len(items)}

    @action(description=gettext_lazy("Approve"), permissions=["reviewable"])
    def approve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Waive the causes and associate."""
        return self.operate(
            request,
            object_id,
            _approve,
            title=_("Approve Association"),
            consequence=_(
                "The customer is associated at once. When its invitation has expired, the partner "
                "is asked to confirm first. The reviewable causes of this request are waived."
            ),
            form_class=ApproveForm,
        )

    @action(description=gettext_lazy("Reject"), permissions=["reviewable"])
    def reject(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Turn the request down."""
        return self.operate(
            request,
            object_id,
            services.reject,
            title=_("Reject Association"),
            consequence=_("Nothing is associated. The reason is sent to who asked."),
            form_class=RejectForm,
        )


def _approve(actor: Actor, request_id: int, *, freeze: str) -> None:
    services.approve(actor, request_id, freezes=freeze == _YES)
