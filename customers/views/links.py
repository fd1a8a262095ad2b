"""By Link or QR Code: general-purpose, customized and promotional links (04 §8.2.2.3)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import PartnerKind
from partner_center import clock
from partner_center.lists.views import PortalListView
from partner_center.refusals import Refusal
from partner_center.views import add_refusal

from .. import pictures
from ..choices import AssociationModel
from ..filters.invitations import LinkFilterSet
from ..forms.invitations import CustomizedLinkForm, CustomTagForm
from ..models import InvitationLink
from ..permissions import MANAGE_DEVELOPMENT
from ..queries import assignments, development
from ..queries import links as queries
from ..queries.invitations import address_of
from ..services import links as services
from ..tables.invitations import LinkTable
from .development import DevelopmentPage, chosen_keys
from .invitations import show


class LinksPage(DevelopmentPage):
    """One sub-tab of By Link or QR Code."""

    current = ""

    def page(self, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
        """Render the sub-tab with what all three say."""
        shared = {
            "title": _("Customer Development"),
            "segments": _segments(self.current),
            "may_manage": self.actor.can(MANAGE_DEVELOPMENT),
            "is_reseller": self.actor.partner_kind == PartnerKind.RESELLER,
            "may_refer": AssociationModel.REFERRAL in development.models_for(self.actor),
            "crumbs": [(_("By Link or QR Code"), "")],
        }
        return show(self.request, template, status=status, **(shared | context))


class GeneralLinkView(LinksPage):
    """General-Purpose Invitation Links (04-LNK-05)."""

    current = "links"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The actor's link with its QR code, or the button that generates it."""
        link = queries.general_link(self.actor)
        return self.page("customers/development/general.html", shown=shown(link))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Generate the link; it stays the same from then on."""
        services.get_general_link(self.actor)
        messages.success(request, _("Link and QR code generated successfully."))
        return redirect("invitations:links")


class CustomizedLinksView(LinksPage):
    """Customized Invitation Links: the form (04-LNK-06)."""

    current = "customized"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form."""
        return self._show(self._form())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Generate a link and show it."""
        self.actor.require(MANAGE_DEVELOPMENT)
        form = self._form(request.POST)
        if not form.is_valid():
            return self._show(form, status=422)
        try:
            link = services.generate(self.actor, form.wish)
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self._show(form, status=refusal.status)
        return redirect("invitations:generated", pk=link.pk)

    def _form(self, data: Any = None) -> CustomTagForm | CustomizedLinkForm:
        if self.actor.partner_kind == PartnerKind.RESELLER:
            return CustomTagForm(data)
        return CustomizedLinkForm(
            data,
            offered=development.models_for(self.actor),
            managers=assignments.assignees_for(self.actor),
        )

    def _show(self, form: Form, *, status: int = 200) -> HttpResponse:
        return self.page("customers/development/customized.html", form=form, status=status)


class GeneratedView(DevelopmentPage):
    """The page Generate: what was generated, to copy and download (04-LNK-06)."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the link with its QR code."""
        link = queries.get_link(self.actor, pk)
        return show(
            request,
            "customers/development/generated.html",
            title=_("Generate"),
            shown=shown(link),
            cancel_url=reverse("invitations:customized"),
        )


class GenerationRecordView(DevelopmentPage, PortalListView):
    """Generation Record: earlier customized links (04-LNK-07)."""

    title = gettext_lazy("Generation Record")
    list_name = "invitation_links"
    queryset = staticmethod(queries.generation_record)
    filterset_class = LinkFilterSet
    table_class = LinkTable
    template_name = "customers/development/records.html"
    empty_title = gettext_lazy("No customized links yet")
    empty_text = gettext_lazy(
        "Links and QR codes that you generate with a tag of their own are listed here, to be sent "
        "again."
    )
    empty_icon = "tag"
    empty_action = (gettext_lazy("Customized Invitation Links"), "invitations:customized")

    def get_extra_context(self) -> dict[str, Any]:
        """The way back to the form."""
        return {
            "segments": _segments("customized"),
            "crumbs": [(_("By Link or QR Code"), reverse("invitations:links")), (self.title, "")],
        }


class DisableLinkView(DevelopmentPage):
    """Disable a customized link: asks first."""

    permission = MANAGE_DEVELOPMENT

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say what it means."""
        return self._show(queries.get_link(self.actor, pk), Form())

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Disable it."""
        link, form = queries.get_link(self.actor, pk), Form(request.POST)
        try:
            services.disable(self.actor, pk)
        except Refusal as refusal:
            if refusal.status == 404:
                raise
            form.is_valid()
            add_refusal(form, refusal)
            return self._show(link, form, status=422)
        messages.success(request, _("Link %(tag)s disabled.") % {"tag": link.custom_tag})
        return redirect("invitations:records")

    def _show(self, link: InvitationLink, form: Form, *, status: int = 200) -> HttpResponse:
        return show(
            self.request,
            "customers/development/disable.html",
            title=_("Disable Link"),
            link=link,
            form=form,
            danger=True,
            submit_label=_("Disable"),
            cancel_url=reverse("invitations:records"),
            status=status,
        )


class PromotionalLinksView(LinksPage):
    """Promotional Invitation Links: of the campaigns that run now (04-LNK-09)."""

    current = "promotional"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Each running campaign with the actor's link."""
        found = [
            (promotion.campaign, shown(promotion.link))
            for promotion in queries.promotions(self.actor, clock.now())
        ]
        return self.page("customers/development/promotional.html", promotions=found)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Generate the actor's link for one campaign."""
        services.get_promotional_link(
            self.actor, chosen_keys([request.POST.get("campaign", "")])[0]
        )
        messages.success(request, _("Link and QR code generated successfully."))
        return redirect("invitations:promotional")


class LinkProcessView(DevelopmentPage):
    """Process Flowchart of links and QR codes (06-DLQ-04, 07-RLNK-06)."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The steps, over the page or as a page of their own."""
        return show(
            request,
            "customers/development/links_process.html",
            title=_("Process Flowchart"),
            wide=True,
            cancel_url=reverse("invitations:links"),
        )


class QrCodeView(DevelopmentPage):
    """The QR code of a link as a picture; ``download`` in the address makes it a file."""

    def get(self, request: HttpRequest, pk: int, kind: str) -> HttpResponse:
        """Draw it."""
        link = queries.get_link(self.actor, pk)
        content, content_type = pictures.qr_code(address_of(link.token), kind)
        response = HttpResponse(content, content_type=content_type)
        if "download" in request.GET:
            response["Content-Disposition"] = f'attachment; filename="invitation-{link.pk}.{kind}"'
        return response


def shown(link: InvitationLink | None) -> dict[str, Any] | None:
    """A link with its address, for the templates."""
    return {"link": link, "address": address_of(link.token)} if link else None


def _segments(current: str) -> list[dict[str, Any]]:
    labels = (
        ("links", _("General-Purpose Invitation Links")),
        ("customized", _("Customized Invitation Links")),
        ("promotional", _("Promotional Invitation Links")),
    )
    return [
        {"label": label, "url": reverse(f"invitations:{name}"), "current": name == current}
        for name, label in labels
    ]
