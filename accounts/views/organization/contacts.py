"""The tab Customer Contacts (02 §3.1.1.6); partners only."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partner_center.permissions import Audience
from partner_center.refusals import Refusal

from ... import rules
from ...forms import organization as forms
from ...models import CustomerContact
from ...permissions import MANAGE_CONTACTS
from ...queries import contacts as queries
from ...services import contacts as services
from .base import OrganizationView, section_tabs


class ContactsView(OrganizationView):
    """A page of Customer Contacts."""

    audiences = frozenset({Audience.PARTNER})
    section = "contacts"


class ContactListView(ContactsView):
    """Member Management > Customer Contacts."""

    title = gettext_lazy("Member Management")
    template_name = "accounts/organization/contacts.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the contacts, or the administrator who stands in for them (02-CON-04)."""
        contacts = queries.list_contacts(self.actor)
        return self.show(
            sections=section_tabs(self.actor, "contacts"),
            contacts=contacts,
            stand_in=queries.administrator_as_contact(self.actor.account_id),
            limit=rules.MAX_CONTACTS,
            is_full=len(contacts) >= rules.MAX_CONTACTS,
            may_manage=self.actor.can(MANAGE_CONTACTS),
        )


class ContactFormView(ContactsView):
    """The form of Create Customer Contact and of its edit page."""

    permission = MANAGE_CONTACTS
    template_name = "accounts/organization/contact_form.html"

    def form_for(self, data: Any = None, contact: CustomerContact | None = None) -> Any:
        """The form, filled from the contact if there is one."""
        initial = {}
        if contact:
            initial = {name: getattr(contact, name) for name in queries.FIELDS}
            initial["seen"] = queries.seen_of(contact)
        return forms.ContactForm(data, initial=initial, region=self.region)

    @property
    def crumbs(self) -> list[tuple[str, str]]:
        """The way back to the tab."""
        return [(_("Customer Contacts"), self.section_url), (str(self.title), "")]


class ContactCreateView(ContactFormView):
    """Create Customer Contact (02-CON-01, CON-02)."""

    title = gettext_lazy("Create Customer Contact")

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the empty form."""
        return self.show(form=self.form_for(), crumbs=self.crumbs)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Create the contact."""
        form = self.form_for(request.POST)
        if not form.is_valid():
            return self.show(form=form, status=422, crumbs=self.crumbs)
        try:
            services.create_contact(self.actor, details=form.details)
        except Refusal as refusal:
            return self.refused(form, refusal, crumbs=self.crumbs)
        return self.done(_("Customer contact created."))


class ContactModifyView(ContactFormView):
    """Edit a contact (02-CON-05)."""

    title = gettext_lazy("Modify Customer Contact")

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the form, filled."""
        contact = queries.get_contact(self.actor, pk)
        return self.show(form=self.form_for(contact=contact), crumbs=self.crumbs)

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Save the contact."""
        contact = queries.get_contact(self.actor, pk)
        form = self.form_for(request.POST, contact)
        if not form.is_valid():
            return self.show(form=form, status=422, crumbs=self.crumbs)
        try:
            services.modify_contact(
                self.actor, pk, details=form.details, seen=form.cleaned_data["seen"]
            )
        except Refusal as refusal:
            return self.refused(form, refusal, crumbs=self.crumbs)
        return self.done(_("Customer contact saved."))


class ContactDeleteView(ContactsView):
    """Delete a contact (02-CON-05)."""

    permission = MANAGE_CONTACTS
    title = gettext_lazy("Delete Customer Contact")
    template_name = "accounts/organization/contact_delete.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask first."""
        return self._show(queries.get_contact(self.actor, pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Delete the contact."""
        services.delete_contact(self.actor, pk)
        return self.done(_("Customer contact deleted."))

    def _show(self, contact: CustomerContact) -> HttpResponse:
        is_last = len(queries.list_contacts(self.actor)) == 1
        return self.show(form=forms.SeenForm(), contact=contact, is_last=is_last)
