"""The operator's pages of associations: who works with whom, and who looks after whom."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from accounts.queries import operating as accounts
from partner_center.actors import Actor
from partner_center.admin import ASSOCIATIONS, PortalModelAdmin, ReasonForm, owner_column, site
from partner_center.forms.account_name import AccountNameField

from ..choices import AssociationModel
from ..models import Association, ManagerAssignment
from ..permissions import OPERATE_ASSOCIATIONS
from ..services import operating as services


def _model_field() -> forms.ChoiceField:
    return forms.TypedChoiceField(
        label=gettext_lazy("Association type"),
        choices=AssociationModel.choices,
        coerce=AssociationModel,
        widget=UnfoldAdminSelectWidget,
    )


class KeptReasonForm(ReasonForm):
    """A reason that also stands in the association record, where both sides read it."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=256, widget=UnfoldAdminTextareaWidget
    )


class AssociateForm(KeptReasonForm):
    """Customer, partner, association type, and whether the default freeze is placed (08-CSA-16)."""

    customer = AccountNameField(
        lookup=accounts.account_id_of, label=gettext_lazy("Customer (account name)")
    )
    partner = AccountNameField(
        lookup=accounts.account_id_of, label=gettext_lazy("Partner (account name)")
    )
    model = _model_field()
    freezes = forms.TypedChoiceField(
        label=gettext_lazy("Default freeze"),
        choices=[("", gettext_lazy("None")), ("1", gettext_lazy("Freeze until a budget is set"))],
        coerce=bool,
        empty_value=False,
        required=False,
        widget=UnfoldAdminSelectWidget,
        help_text=gettext_lazy(
            "Only for the Reseller model. A customer that came by an invitation is frozen by "
            "default; one that you associate on a service ticket is not, unless you say so."
        ),
    )

    field_order = ("customer", "partner", "model", "freezes", "reason")


class ModelForm(KeptReasonForm):
    """The new association type and why."""

    model = _model_field()

    field_order = ("model", "reason")


class ManagerForm(forms.Form):
    """The account manager, by username in the partner's account."""

    manager = forms.CharField(
        label=gettext_lazy("Account manager (username)"),
        max_length=64,
        widget=UnfoldAdminTextInputWidget,
    )


@admin.register(Association, site=site)
class AssociationAdmin(PortalModelAdmin):
    """Customers and their partners, ended associations included."""

    view_permission = OPERATE_ASSOCIATIONS
    manage_permission = OPERATE_ASSOCIATIONS
    group = ASSOCIATIONS
    icon = "handshake"
    partner = owner_column(gettext_lazy("Partner"))
    list_display = ("customer", "partner", "model", "associated_at", "ended_at")
    list_select_related = ("customer", "account")
    list_filter = ("model", ("ended_at", admin.EmptyFieldListFilter))
    search_fields = ("customer__name", "customer__full_name", "account__name")
    ordering = ("-id",)
    fields = ("customer", "partner", "model", "associated_at", "ended_at")
    readonly_fields = ("partner",)
    actions_list = ("associate",)
    actions_detail = ("assign_manager", "change_type", "end")

    def has_live_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Offered for associations that have not ended."""
        live = self.model._meta.default_manager.filter(pk=object_id, ended_at=None)
        return self.may_manage(request) and live.exists()

    @action(description=gettext_lazy("Associate Customer"), permissions=["manage"])
    def associate(self, request: HttpRequest) -> HttpResponse:
        """Associate a customer with a partner."""
        return self.ask(
            request,
            _associate,
            title=_("Associate Customer"),
            consequence=_("The customer works with this partner from now on."),
            back=reverse(self.list_route),
            form_class=AssociateForm,
        )

    @action(description=gettext_lazy("Assign Account Manager"), permissions=["live"])
    def assign_manager(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Let somebody of the partner look after the customer."""
        partner_id = self.row(request, object_id).account_id

        def assign(actor: Actor, association_id: int, *, manager: str) -> None:
            user_id = accounts.user_id_of(partner_id, manager)
            services.assign_manager(actor, association_id, manager_id=user_id or 0)

        return self.operate(
            request,
            object_id,
            assign,
            title=_("Assign Account Manager"),
            consequence=_("Whoever looked after this customer before is unassigned."),
            form_class=ManagerForm,
        )

    @action(description=gettext_lazy("Change Association Type"), permissions=["live"])
    def change_type(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Change the association type (08 X-25); the form proposes the other one."""
        row = self.row(request, object_id)
        present = AssociationModel(row.model)
        other = next(each for each in AssociationModel if each != present)
        words = _(
            "%(customer)s is associated with %(partner)s in the %(model)s model. Partner and customer "
            "are told. The change stands in Manage Association Records and in the customer’s Operation "
            "Log."
        )
        facts = {"customer": row.customer, "partner": row.account, "model": present.label}
        return self.operate(
            request,
            object_id,
            services.change_model,
            title=_("Change Association Type"),
            consequence=words % facts,
            form_class=ModelForm,
            initial={"model": other},
        )

    @action(description=gettext_lazy("End Association"), permissions=["live"])
    def end(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """End the association."""
        return self.operate(
            request,
            object_id,
            services.end_association,
            title=_("End Association"),
            consequence=_(
                "The customer works with no partner from now on, and its account manager is "
                "unassigned. A request that waits is canceled. Both sides are told. What was is "
                "kept."
            ),
            form_class=KeptReasonForm,
        )


@admin.register(ManagerAssignment, site=site)
class ManagerAssignmentAdmin(PortalModelAdmin):
    """Who looked after which customer when; assigned on the association's page."""

    view_permission = OPERATE_ASSOCIATIONS
    group = ASSOCIATIONS
    icon = "support_agent"
    partner = owner_column(gettext_lazy("Partner"))
    list_display = ("customer", "partner", "manager", "started_at", "ended_at")
    list_select_related = ("association__customer", "account", "manager")
    list_filter = (("ended_at", admin.EmptyFieldListFilter),)
    search_fields = ("association__customer__name", "account__name", "manager__username")
    ordering = ("-id",)
    fields = ("customer", "partner", "manager", "started_at", "ended_at")
    readonly_fields = ("partner", "customer")

    @admin.display(description=gettext_lazy("Customer"))
    def customer(self, assignment: ManagerAssignment) -> str:
        """The customer's account name."""
        return assignment.association.customer.name


def _associate(
    actor: Actor,
    *,
    customer: int,
    partner: int,
    model: AssociationModel,
    freezes: bool,
    reason: str,
) -> None:
    services.associate(
        actor,
        partner_id=partner,
        customer_id=customer,
        model=model,
        freezes=freezes,
        reason=reason,
    )
