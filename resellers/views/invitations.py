"""Invite Reseller and the Invitation Record (06 §9.2.1.1)."""

from __future__ import annotations

from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partner_center.actors import Actor
from partner_center.lists.batches import BatchAction, RowResult, run_each
from partner_center.lists.views import PortalListView
from partner_center.refusals import Refusal

from ..filters import InvitationFilterSet
from ..forms import InviteForm
from ..permissions import MANAGE_RESELLERS, VIEW_RESELLERS
from ..queries import invitations as queries
from ..queries.resellers import require_distributor
from ..services import inviting
from ..tables import InvitationTable
from .base import PARTNERS, ResellerView


class BatchInvite(BatchAction):
    """Send the ticked invitations again (06-RSL-07)."""

    name = "resend"
    label = gettext_lazy("Batch Invite")
    permission = MANAGE_RESELLERS
    icon = "send"
    confirmation = gettext_lazy(
        "Each gets a new email with a new link, valid for seven days. Earlier links lead nowhere."
    )

    def run(self, actor: Actor, ids: list[Any]) -> list[RowResult]:
        """One transaction per invitation."""
        rows = queries.list_invitations(actor).filter(pk__in=ids)
        return run_each(rows, lambda row: inviting.resend(actor, row.pk), _("Sent"))


class InvitationListView(PortalListView):
    """All invitations of this distributor (06-RSL-05)."""

    permission = VIEW_RESELLERS
    audiences = PARTNERS
    title = gettext_lazy("Invitation Record")
    basis = gettext_lazy("A link can be used for seven days after the email was last sent.")
    list_name = "reseller_invitations"
    queryset = staticmethod(queries.list_invitations)
    filterset_class = InvitationFilterSet
    table_class = InvitationTable
    batch_actions = (BatchInvite,)
    export_name = "reseller_invitations"
    export_permission = VIEW_RESELLERS
    template_name = "resellers/invitations.html"
    empty_title = gettext_lazy("No invitations yet")
    empty_text = gettext_lazy("Invite a reseller by email. What becomes of it stands here.")
    empty_icon = "send"
    empty_action = (gettext_lazy("Invite Reseller"), "resellers:invite")

    def get_extra_context(self) -> dict[str, Any]:
        """Breadcrumbs, and whether Invite Reseller is offered."""
        return {
            "may_manage": self.actor.can(MANAGE_RESELLERS),
            "crumbs": [(_("Invitation Record"), "")],
        }


class InviteView(ResellerView):
    """Dialog Invite Reseller (06-RSL-02)."""

    permission = MANAGE_RESELLERS
    title = gettext_lazy("Invite Reseller")
    template_name = "resellers/invite.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The empty dialog."""
        require_distributor(self.actor)
        return self.show(form=InviteForm())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Send the invitation."""
        form = InviteForm(request.POST)
        if not form.is_valid():
            require_distributor(self.actor)
            return self.show(form=form, status=422)
        try:
            invitation = inviting.invite(self.actor, email=form.cleaned_data["email"])
        except Refusal as refusal:
            return self.refused(form, refusal)
        return self.done(_("Invitation sent to %(email)s.") % {"email": invitation.email})


class ResendView(ResellerView):
    """Resend Invitation on a record (06-RSL-06)."""

    permission = MANAGE_RESELLERS
    title = gettext_lazy("Resend Invitation")
    back = "resellers:invitations"
    template_name = "resellers/invitation_resend.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What a new link means."""
        return self.show(invitation=queries.get_invitation(self.actor, pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Send the e-mail."""
        invitation = queries.get_invitation(self.actor, pk)
        form = Form(request.POST)
        try:
            inviting.resend(self.actor, pk)
        except Refusal as refusal:
            form.is_valid()
            return self.refused(form, refusal, invitation=invitation)
        return self.done(_("Invitation sent to %(email)s.") % {"email": invitation.email})


class WithdrawView(ResellerView):
    """Withdraw an invitation that nobody has accepted."""

    permission = MANAGE_RESELLERS
    title = gettext_lazy("Withdraw Invitation")
    back = "resellers:invitations"
    template_name = "resellers/invitation_withdraw.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What withdrawing means."""
        return self.show(invitation=queries.get_invitation(self.actor, pk), danger=True)

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Withdraw."""
        invitation = queries.get_invitation(self.actor, pk)
        form = Form(request.POST)
        try:
            inviting.withdraw(self.actor, pk)
        except Refusal as refusal:
            form.is_valid()
            return self.refused(form, refusal, invitation=invitation, danger=True)
        return self.done(_("Invitation to %(email)s withdrawn.") % {"email": invitation.email})
