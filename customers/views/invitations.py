"""Invite by e-mail, Preview Email, History Records (04 §8.2.2.2, 8.2.2.4)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.choices import PartnerKind
from partner_center import clock
from partner_center.actors import Actor
from partner_center.lists.batches import BatchAction, RowResult, run_each
from partner_center.lists.views import NothingChosen, PortalListView
from partner_center.masking import mask_email, mask_name

from ..choices import AssociationModel, InvitationStatus
from ..filters.invitations import InvitationFilterSet
from ..forms.invitations import MEANING, InviteForm
from ..models import Invitation, PreRegistration
from ..permissions import MANAGE_DEVELOPMENT, VIEW_DEVELOPMENT
from ..queries import development
from ..queries import invitations as queries
from ..rules.invitations import EMAIL_VALIDITY
from ..services import invitations as services
from ..tables.invitations import InvitationTable
from .development import DevelopmentPage, chosen_keys


class SendingPage(DevelopmentPage):
    """A dialog that names customers and sends each an e-mail; the answer says what became of each."""

    permission = MANAGE_DEVELOPMENT
    template_name: ClassVar[str]

    def sent(self, results: list[RowResult], **context: Any) -> HttpResponseBase:
        """One refused customer: the dialog again. All sent: History Records. Else row by row."""
        done = sum(result.done for result in results)
        if done == len(results):
            words = ngettext("%(count)d invitation sent.", "%(count)d invitations sent.", done)
            messages.success(self.request, words % {"count": done})
            return redirect("invitations:history")
        return show(
            self.request,
            "customers/development/sent.html",
            title=_("Invitations"),
            results=results,
            done=done,
            refused=len(results) - done,
            status=422 if not done else 200,
        )


class InviteView(SendingPage):
    """Invite (Invite Customers for resellers): one or several pre-registered customers."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show whom, in which association type, and what the types mean."""
        return invite_dialog(request, self.actor, chosen_keys(request.GET.getlist("ids")))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Send the e-mails, one transaction per customer; without a type, show the page."""
        keys = chosen_keys(request.POST.getlist("ids"))
        if not keys:
            raise NothingChosen
        if "model" not in request.POST:
            return invite_dialog(request, self.actor, keys)
        chosen = queries.chosen_customers(self.actor, keys)
        form = InviteForm(request.POST, offered=development.models_for(self.actor))
        if not form.is_valid():
            return invite_dialog(request, self.actor, keys, form=form, status=422)

        def invite(row: PreRegistration) -> Invitation:
            return services.invite(self.actor, row.pk, model=form.chosen_model)

        return self.sent(run_each(chosen, invite, _("Invited")))


class InviteCustomers(BatchAction):
    """Invite the ticked pre-registrations (04-INV-02)."""

    name = "invite"
    label = gettext_lazy("Invite")
    permission = MANAGE_DEVELOPMENT
    icon = "send"

    def ask(self, request: HttpRequest, actor: Actor, ids: list[Any]) -> HttpResponse:
        """The page Invite, over the list."""
        return invite_dialog(request, actor, ids)


class PreviewView(DevelopmentPage):
    """Preview Email: the invitation as it will be sent; ``id`` names a pre-registration."""

    permission = VIEW_DEVELOPMENT

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the e-mail."""
        offered = development.models_for(self.actor)
        model = next((m for m in offered if m == request.GET.get("model")), offered[0])
        row = self._row(request.GET.get("id", ""))
        draft = queries.preview(
            self.actor,
            customer_name=row.customer_name if row else _("Customer Name"),
            model=model,
            moment=clock.now(),
            preregistration_ends=row.expires_at if row else None,
        )
        title = _("Preview Email")
        return show(
            request,
            "customers/development/preview.html",
            title=title,
            draft=draft,
            model=model,
            crumbs=[(title, "")],
        )

    def _row(self, key: str) -> PreRegistration | None:
        return queries.chosen_customers(self.actor, chosen_keys([key]))[0] if key else None


class ResendView(SendingPage):
    """Resend Invite: confirm the customers of expired invitations (04-HIS-04)."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show whom."""
        return resend_dialog(request, self.actor, chosen_keys(request.GET.getlist("ids")))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Send fresh links, one transaction per customer."""
        chosen = queries.chosen_invitations(self.actor, chosen_keys(request.POST.getlist("ids")))
        return self.sent(
            run_each(chosen, lambda row: services.resend(self.actor, row.pk), _("Invited"))
        )


class ResendInvites(BatchAction):
    """Resend Invite for the ticked records."""

    name = "resend"
    label = gettext_lazy("Resend Invite")
    permission = MANAGE_DEVELOPMENT
    icon = "send"

    def ask(self, request: HttpRequest, actor: Actor, ids: list[Any]) -> HttpResponse:
        """The dialog Resend Invite, over the list."""
        return resend_dialog(request, actor, ids)


class HistoryView(DevelopmentPage, PortalListView):
    """History Records (04-HIS-01 to HIS-05)."""

    permission = VIEW_DEVELOPMENT
    title = gettext_lazy("Customer Development")
    list_name = "invitations"
    queryset = staticmethod(queries.list_invitations)
    filterset_class = InvitationFilterSet
    table_class = InvitationTable
    batch_actions = (ResendInvites,)
    export_name = "invitations"
    export_permission = VIEW_DEVELOPMENT
    template_name = "customers/development/history.html"
    empty_title = gettext_lazy("No invitations yet")
    empty_text = gettext_lazy(
        "Customers whom you invited by email, and those who came through your links and QR codes, "
        "are listed here."
    )
    empty_icon = "history"
    empty_action = (gettext_lazy("Get a Link or QR Code"), "invitations:links")


def invite_dialog(
    request: HttpRequest,
    actor: Actor,
    keys: list[int],
    *,
    form: InviteForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page Invite for these pre-registrations, over the page or as one of its own."""
    offered = development.models_for(actor)
    is_reseller = actor.partner_kind == PartnerKind.RESELLER
    return show(
        request,
        "customers/development/invite.html",
        title=_("Invite Customers") if is_reseller else _("Invite"),
        form=form or InviteForm(offered=offered),
        form_action=reverse("invitations:invite"),
        customers=[_masked(row) for row in queries.chosen_customers(actor, keys)],
        offered=offered,
        reseller_meaning=MEANING[AssociationModel.RESELLER],
        is_reseller=is_reseller,
        days=EMAIL_VALIDITY.days,
        wide=True,
        status=status,
    )


def resend_dialog(request: HttpRequest, actor: Actor, keys: list[int]) -> HttpResponse:
    """The dialog Resend Invite for these records."""
    return show(
        request,
        "customers/development/resend.html",
        title=_("Resend Invite"),
        form=Form(),
        form_action=reverse("invitations:resend"),
        invitations=[
            _masked(row) | {"state": InvitationStatus(row.state).label}  # type: ignore[attr-defined]
            for row in queries.chosen_invitations(actor, keys)
        ],
        days=EMAIL_VALIDITY.days,
        wide=True,
    )


def _masked(row: PreRegistration | Invitation) -> dict[str, Any]:
    """A customer as dialogs name it."""
    return {
        "row": row,
        "name": mask_name(row.customer_name),
        "email": mask_email(row.email),
    }


def show(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """Render a dialog or page of Customer Development."""
    context.setdefault("cancel_url", reverse("invitations:history"))
    context.setdefault("crumbs", [(context["title"], "")])
    return render(request, template, context, status=status)
