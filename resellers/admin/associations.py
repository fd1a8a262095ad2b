"""Which reseller works under which distributor."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from accounts.queries import operating as accounts
from partner_center.actors import Actor
from partner_center.admin import ASSOCIATIONS, PortalModelAdmin, ReasonForm, owner_column, site
from partner_center.forms.account_name import AccountNameField

from ..models import ResellerAssociation
from ..permissions import OPERATE_RESELLERS
from ..services import operating as services


class AssociateForm(forms.Form):
    """Reseller and distributor."""

    reseller = AccountNameField(
        lookup=accounts.account_id_of, label=gettext_lazy("Reseller (account name)")
    )
    distributor = AccountNameField(
        lookup=accounts.account_id_of, label=gettext_lazy("Distributor (account name)")
    )


@admin.register(ResellerAssociation, site=site)
class ResellerAssociationAdmin(PortalModelAdmin):
    """Resellers and their distributors, ended associations included."""

    view_permission = OPERATE_RESELLERS
    manage_permission = OPERATE_RESELLERS
    group = ASSOCIATIONS
    icon = "account_tree"
    distributor = owner_column(gettext_lazy("Distributor"))
    list_display = ("reseller", "distributor", "associated_at", "ended_at")
    list_select_related = ("reseller", "account")
    list_filter = (("ended_at", admin.EmptyFieldListFilter),)
    search_fields = ("reseller__name", "account__name")
    ordering = ("-id",)
    fields = ("reseller", "distributor", "associated_at", "ended_at")
    readonly_fields = ("distributor",)
    actions_list = ("associate",)
    actions_detail = ("end",)

    def has_live_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Offered for associations that have not ended."""
        live = self.model._meta.default_manager.filter(pk=object_id, ended_at=None)
        return self.may_manage(request) and live.exists()

    @action(description=gettext_lazy("Associate Reseller"), permissions=["manage"])
    def associate(self, request: HttpRequest) -> HttpResponse:
        """Put a reseller under a distributor."""
        return self.ask(
            request,
            _associate,
            title=_("Associate Reseller"),
            consequence=_("The reseller works under this distributor from now on."),
            back=reverse(self.list_route),
            form_class=AssociateForm,
        )

    @action(description=gettext_lazy("End Association"), permissions=["live"])
    def end(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """End the association."""
        return self.operate(
            request,
            object_id,
            services.end_reseller_association,
            title=_("End Association"),
            consequence=_(
                "The reseller works under no distributor from now on. What it was granted ends with "
                "it; its customers stay with it."
            ),
            form_class=ReasonForm,
        )


def _associate(actor: Actor, *, reseller: int, distributor: int) -> None:
    services.associate_reseller(actor, distributor_id=distributor, reseller_id=reseller)
