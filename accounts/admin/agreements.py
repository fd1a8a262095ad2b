"""Agreements and who accepted them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from partner_center.actors import Actor
from partner_center.admin import AGREEMENTS, EstimatedPaginator, PortalModelAdmin, site

from ..models import AgreementDocument, AgreementSignature
from ..permissions import OPERATE_AGREEMENTS, VIEW_AGREEMENTS
from ..services import operating


@admin.register(AgreementDocument, site=site)
class AgreementDocumentAdmin(PortalModelAdmin):
    """Versions of agreements: published, never changed."""

    view_permission = VIEW_AGREEMENTS
    manage_permission = OPERATE_AGREEMENTS
    addable = True
    group = AGREEMENTS
    icon = "contract"
    list_display = ("title", "code", "version", "published_at")
    list_filter = ("code",)
    search_fields = ("title", "code", "version")
    ordering = ("code", "-published_at")
    fields = ("code", "version", "title", "body")

    def write(self, actor: Actor, form: Any, row: Any) -> AgreementDocument:
        """Publish the version."""
        return operating.publish_agreement(actor, **form.cleaned_data)


@admin.register(AgreementSignature, site=site)
class AgreementSignatureAdmin(PortalModelAdmin):
    """Who accepted which version when; a book, read only."""

    view_permission = VIEW_AGREEMENTS
    group = AGREEMENTS
    icon = "signature"
    paginator = EstimatedPaginator
    list_display = ("document", "account", "user", "signed_at", "ip")
    list_select_related = ("document", "account", "user")
    list_filter = ("document",)
    search_fields = ("account__name", "document__title")
    ordering = ("-id",)
