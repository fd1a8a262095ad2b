"""Countries whose customers partners of another country may not refer (AF15)."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from accounts.permissions import OPERATE_STANDING, VIEW_STANDING
from partner_center.actors import Actor
from partner_center.admin import ASSOCIATIONS, PortalModelAdmin, site

from ..models import ReferralExclusion
from ..services import referral_exclusions as services


@admin.register(ReferralExclusion, site=site)
class ReferralExclusionAdmin(PortalModelAdmin):
    """Pairs of countries; an exclusion is added and ended, never changed."""

    view_permission = VIEW_STANDING
    manage_permission = OPERATE_STANDING
    addable = True
    group = ASSOCIATIONS
    icon = "public_off"
    list_display = ("partner_country", "customer_country")
    search_fields = ("partner_country", "customer_country")
    ordering = ("partner_country", "customer_country")
    actions = ("end",)

    def write(self, actor: Actor, form: Any, row: Any) -> ReferralExclusion:
        """Add the pair."""
        given = form.cleaned_data
        return services.exclude(
            actor,
            partner_country=str(given["partner_country"]),
            customer_country=str(given["customer_country"]),
        )

    @admin.action(description=gettext_lazy("End the exclusion"), permissions=["manage"])
    def end(self, request: HttpRequest, rows: QuerySet) -> None:
        """Allow Referral again for each ticked pair."""
        self.each(request, rows, services.end)
