"""SMS & Email Settings and the recipients (04-RCP-01, RCP-02)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partner_center.lists.views import PortalListView
from partner_center.refusals import Refusal
from partner_center.views import PortalView, add_refusal

from .. import queries
from ..forms import PickForm, RecipientForm
from ..permissions import MANAGE_SETTINGS
from ..policies import Channels
from ..services import settings as services
from ..tables import RecipientFilterSet, RecipientTable


class SettingsView(PortalView):
    """Channels and recipients of every type of message."""

    permission = MANAGE_SETTINGS

    def get(self, request: HttpRequest) -> HttpResponse:
        """The matrix of types, channels and recipients."""
        context = {
            "title": _("SMS & Email Settings"),
            "rows": queries.settings_rows(self.actor),
            "administrator": queries.own_administrator(self.actor),
        }
        return render(request, "notifications/settings.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Save the channels of the types that the page showed."""
        emails, sms = set(request.POST.getlist("email")), set(request.POST.getlist("sms"))
        shown = request.POST.getlist("type")
        chosen = {code: Channels(code in emails, code in sms) for code in shown}
        services.set_channels(self.actor, chosen=chosen)
        notes.success(request, _("Settings saved."))
        return redirect("notifications:settings")


class TypeRecipientsView(PortalView):
    """Add Recipient: who gets the messages of one ``type``; new recipients are made here too."""

    permission = MANAGE_SETTINGS

    @property
    def code(self) -> str:
        """The type of message, from the address."""
        return self.request.GET.get("type", "")

    def get(self, request: HttpRequest) -> HttpResponse:
        """The dialog, with the present recipients ticked."""
        chosen = queries.recipients_of(self.actor, self.code)
        return self._show([str(key) for key in chosen], RecipientForm(prefix="new"))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Add a recipient to the list and go on, or save what is ticked (OK)."""
        kind = queries.get_type(self.actor, self.code)
        if "add" in request.POST:
            return self._add()
        form = PickForm(request.POST, choices=queries.recipient_choices(self.actor))
        if not form.is_valid():
            return self._show([], RecipientForm(prefix="new"), refused=form)
        services.set_recipients(self.actor, code=kind.code, recipient_ids=form.chosen())
        notes.success(self.request, _("Recipients saved."))
        return redirect("notifications:settings")

    def _add(self) -> HttpResponse:
        ticked = self.request.POST.getlist("recipients")
        form = RecipientForm(self.request.POST, prefix="new")
        if form.is_valid():
            try:
                added = services.create_recipient(self.actor, **form.cleaned_data)
                return self._show([*ticked, str(added.pk)], RecipientForm(prefix="new"))
            except Refusal as refusal:
                add_refusal(form, refusal)
        return self._show(ticked, form, refused=form)

    def _show(self, ticked: list[str], new: RecipientForm, refused: Any = None) -> HttpResponse:
        choices = queries.recipient_choices(self.actor)
        context = {
            "title": _("Add Recipient"),
            "kind": queries.get_type(self.actor, self.code),
            "pick": PickForm({"recipients": ticked}, choices=choices),
            "has_recipients": bool(choices),
            "form": refused,
            "new": new,
            "cancel_url": reverse("notifications:settings"),
        }
        status = 422 if refused else 200
        return render(self.request, "notifications/type_recipients.html", context, status=status)


class RecipientListView(PortalListView):
    """The people outside the portal who get e-mails and SMS."""

    permission = MANAGE_SETTINGS
    title = gettext_lazy("Recipients")
    basis = gettext_lazy("They get emails and SMS of the types of message chosen for them.")
    list_name = "recipients"
    queryset = staticmethod(queries.list_recipients)
    filterset_class = RecipientFilterSet
    table_class = RecipientTable
    template_name = "notifications/recipients.html"
    empty_title = gettext_lazy("No recipients yet")
    empty_text = gettext_lazy("Until you add one, your administrator gets the emails.")
    empty_icon = "users-group"
    empty_action = (gettext_lazy("Add Recipient"), "notifications:recipient-new")


class _RecipientFormView(PortalView):
    """A dialog with the three fields of a recipient."""

    permission = MANAGE_SETTINGS

    def show(self, form: RecipientForm, title: str) -> HttpResponse:
        """The dialog; refused forms come back with 422."""
        context = {
            "title": title,
            "form": form,
            "cancel_url": reverse("notifications:recipients"),
        }
        status = 422 if form.errors else 200
        return render(self.request, "portal/dialog.html", context, status=status)


class RecipientCreateView(_RecipientFormView):
    """Add a recipient."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The empty dialog."""
        return self.show(RecipientForm(), _("Add Recipient"))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Create the recipient."""
        form = RecipientForm(request.POST)
        if form.is_valid():
            try:
                services.create_recipient(self.actor, **form.cleaned_data)
                return redirect("notifications:recipients")
            except Refusal as refusal:
                add_refusal(form, refusal)
        return self.show(form, _("Add Recipient"))


class RecipientView(_RecipientFormView):
    """Modify a recipient."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The dialog with the present values."""
        recipient = queries.get_recipient(self.actor, pk)
        values = {"name": recipient.name, "email": recipient.email, "phone": recipient.phone}
        return self.show(RecipientForm(initial=values), _("Modify Recipient"))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change the recipient."""
        queries.get_recipient(self.actor, pk)
        form = RecipientForm(request.POST)
        if form.is_valid():
            try:
                services.change_recipient(self.actor, recipient_id=pk, **form.cleaned_data)
                return redirect("notifications:recipients")
            except Refusal as refusal:
                add_refusal(form, refusal)
        return self.show(form, _("Modify Recipient"))


class RecipientDeleteView(PortalView):
    """Delete a recipient, after saying what it gets no longer."""

    permission = MANAGE_SETTINGS

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The dialog."""
        recipient = queries.get_recipient(self.actor, pk)
        context = {
            "title": _("Delete Recipient"),
            "recipient": recipient,
            "submit_label": _("Delete"),
            "danger": True,
            "cancel_url": reverse("notifications:recipients"),
        }
        return render(request, "notifications/recipient_delete.html", context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Delete the recipient."""
        services.delete_recipient(self.actor, recipient_id=pk)
        notes.success(request, _("The recipient was deleted."))
        return redirect("notifications:recipients")
