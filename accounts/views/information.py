"""Partner Information > Basic Information (01 §2.2): one view per tab, one per change."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.core.files import File
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budgets.queries import consumption as quotas
from partner_center import clock
from partner_center.critical import CodePrompt
from partner_center.masking import mask_email, mask_phone
from partner_center.permissions import Audience
from partner_center.refusals import NotFound, Refusal
from partner_center.stale import fingerprint_of
from partner_center.uploads import PrivateFileView, open_private
from partner_center.views import PortalView, add_refusal

from .. import rules
from ..choices import CodeChannel, Industry
from ..currencies import DEFAULT_CURRENCY
from ..forms import information as forms
from ..models import Account
from ..permissions import (
    MANAGE_CUSTOMER_RULES,
    MANAGE_INFORMATION,
    MANAGE_PREFERENCES,
    OWN_PROFILE,
    VIEW_INFORMATION,
)
from ..queries import information as queries
from ..services import codes, customer_rules, preferences
from ..services import information as services
from .codes import CodeFormPage
from .security import ProvedPage


class InformationView(PortalView):
    """A page of Basic Information: knows the tabs that exist for the actor."""

    permission = VIEW_INFORMATION
    tab: ClassVar[str]
    template_name: ClassVar[str]

    def _authorize(self) -> None:
        super()._authorize()
        if self.tab not in dict(self._tabs()):
            raise NotFound

    def _tabs(self) -> list[tuple[str, str]]:
        actor = self.request.actor
        account = ("account", _("Account Information"))
        if not actor.can(VIEW_INFORMATION):
            return [account]
        company = ("company", _("Company Information"))
        found = [company, account] if actor.audience == Audience.PARTNER else [account]
        if quotas.has_quota(actor.partner_kind):
            found.append(("quota", _("Consumption Quota")))
        if rules.has_budget_quota(actor.partner_kind):
            found.append(("budget-quota", _("Budget Quota")))
        if rules.has_preferences(actor.audience, actor.partner_kind):
            found.append(("preferences", _("Preferences")))
        if rules.has_customer_rules(actor.partner_kind):
            found.append(("notifications", _("Customer Notification Settings")))
            found.append(("bills", _("Customer Bill Settings")))
        return found

    def show(self, *, status: int = 200, **context: Any) -> HttpResponse:
        """Render the page with its tabs."""
        shown = {
            "title": _("Basic Information"),
            "tabs": [
                {"label": label, "url": reverse(f"information:{tab}"), "current": tab == self.tab}
                for tab, label in self._tabs()
            ],
            "crumbs": [] if self.tab == "preferences" else [(dict(self._tabs())[self.tab], "")],
        }
        return render(self.request, self.template_name, shown | context, status=status)

    def back(self, message: str = "") -> HttpResponseBase:
        """To the tab, with a word on what was done."""
        if message:
            messages.success(self.request, message)
        return redirect(f"information:{self.tab}")

    def refused(self, form: Form, refusal: Refusal) -> HttpResponse:
        """The same form with the refusal in it; nothing typed is lost."""
        add_refusal(form, refusal)
        return self.show(form=form, status=refusal.status)


class BasicInformationView(InformationView):
    """The menu entry: opens the first tab."""

    permission = OWN_PROFILE
    tab = "account"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Go to the first tab that exists."""
        return redirect(f"information:{self._tabs()[0][0]}")


class CompanyView(InformationView):
    """Company Information."""

    tab = "company"
    template_name = "accounts/information/company.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the tab."""
        account = queries.account_of(self.actor)
        return self.show(
            account=account,
            industry=dict(Industry.choices).get(account.industry, account.industry),
            address_locked=_address_locked(account),
            may_manage=self.actor.can(MANAGE_INFORMATION),
        )


class CompanyModifyView(InformationView):
    """Modify Information (01-BAS-02)."""

    permission = MANAGE_INFORMATION
    tab = "company"
    template_name = "accounts/information/company_modify.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form, filled."""
        return self.show(form=self._form())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Save."""
        form = self._form(request.POST)
        if not form.is_valid():
            return self.show(form=form, status=422)
        try:
            services.modify_company(self.actor, values=form.values, seen=form.cleaned_data["seen"])
        except Refusal as refusal:
            return self.refused(form, refusal)
        return self.back(_("Company information saved."))

    def show(self, *, status: int = 200, **context: Any) -> HttpResponse:
        """The words of the page."""
        words = {
            "title": _("Modify Information"),
            "crumbs": [(_("Modify Information"), "")],
            "submit_label": _("Save"),
            "cancel_url": reverse("information:company"),
        }
        return super().show(status=status, **(words | context))

    def _form(self, data: Any = None) -> forms.CompanyForm:
        account = queries.account_of(self.actor)
        initial = {name: getattr(account, name) for name in rules.COMPANY_FIELDS}
        initial["seen"] = fingerprint_of(account, rules.COMPANY_FIELDS)
        return forms.CompanyForm(data, initial=initial, address_locked=_address_locked(account))


class LogoView(InformationView, PrivateFileView):
    """The account's own logo, from the private store."""

    tab = "company"
    inline = True

    def find_file(self, **kwargs: Any) -> tuple[File, str]:
        """The picture. Raises NotFound without one."""
        name = queries.account_of(self.actor).logo.name
        if not name:
            raise NotFound
        return open_private(name), name.rpartition("/")[2]


class LogoChangeView(InformationView):
    """Change Logo > Upload (01-BAS-01)."""

    permission = MANAGE_INFORMATION
    tab = "company"
    template_name = "portal/form.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form."""
        return self.show(form=forms.LogoForm())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Take the picture."""
        form = forms.LogoForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form=form, status=422)
        services.change_logo(self.actor, logo=form.cleaned_data["logo"])
        return self.back(_("Logo changed."))

    def show(self, *, status: int = 200, **context: Any) -> HttpResponse:
        """The words of the page."""
        words = {
            "title": _("Change Logo"),
            "crumbs": [(_("Change Logo"), "")],
            "submit_label": _("Upload"),
            "cancel_url": reverse("information:company"),
        }
        return super().show(status=status, **(words | context))


class AccountInformationView(InformationView):
    """Account Information (01-BAS-04): the account, and the user's own addresses."""

    permission = OWN_PROFILE
    tab = "account"
    template_name = "accounts/information/account.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the tab."""
        user = queries.user_of(self.actor)
        return self.show(
            user=user,
            account=user.account,
            email=mask_email(user.email),
            mobile=mask_phone(user.mobile),
            has_switch=rules.has_verification_switch(self.actor.audience),
            may_manage=self.actor.can(MANAGE_INFORMATION),
        )


class VerificationView(InformationView):
    """The switch Verify It's You (01-BAS-05)."""

    permission = MANAGE_INFORMATION
    tab = "account"

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Switch."""
        form = forms.SwitchForm(request.POST)
        if not form.is_valid():
            raise NotFound
        account = services.switch_verification(self.actor, on=form.cleaned_data["on"])
        return self.back(
            _("Verify It’s You is on: critical operations ask for a code.")
            if account.verifies
            else _("Verify It’s You is off.")
        )


class _NewAddressView(ProvedPage, CodeFormPage):
    """A new address of the user, after an identity check, proved by a code that was sent there."""

    permission = OWN_PROFILE
    template_name = "accounts/information/address.html"
    channel: ClassVar[CodeChannel]
    title: ClassVar[str | Promise]
    done: ClassVar[str | Promise]

    def page_context(self, form: Any) -> dict[str, Any]:
        """The words of the page."""
        return {"title": self.title, "cancel_url": reverse("information:account")}

    def prompt(self, form: Any) -> CodePrompt:
        """Where the live code went."""
        target = form.cleaned_data.get(form.target_field, "") if form.is_bound else ""
        operation = services.new_address_operation(self.request.actor, self.channel)
        return codes.prompt_target(operation, target)

    def send(self, form: Any, target: str) -> None:
        """Send a code to the new address."""
        services.send_code_to_new_address(
            self.actor, proof=self.proof, channel=self.channel, target=target
        )

    def act(self, form: Any) -> HttpResponseBase:
        """Change the address."""
        services.change_address(
            self.actor,
            proof=self.proof,
            channel=self.channel,
            target=form.cleaned_data[form.target_field],
            code=form.cleaned_data["verification_code"],
        )
        self.forget_proof()
        messages.success(self.request, str(self.done))
        return redirect("information:account")


class EmailView(_NewAddressView):
    """Change Email Address (01-BAS-06)."""

    form_class = forms.NewEmailForm
    channel = CodeChannel.EMAIL
    title = gettext_lazy("Change Email Address")
    done = gettext_lazy("Email changed.")


class MobileView(_NewAddressView):
    """Change Mobile Number (01-BAS-07)."""

    form_class = forms.NewMobileForm
    channel = CodeChannel.SMS
    title = gettext_lazy("Change Mobile Number")
    done = gettext_lazy("Mobile number changed.")


class ConsumptionQuotaView(InformationView):
    """Consumption Quota (01-QTA-01 to QTA-05): what the partner may owe, and what it has used."""

    tab = "quota"
    template_name = "accounts/information/quota.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the tab."""
        return self.show(quota=quotas.quota_of(self.actor.account_id))


class PreferencesView(InformationView):
    """Preferences (01-BAS-08): language and time zone of e-mails and SMS."""

    tab = "preferences"
    template_name = "accounts/information/preferences.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show both areas."""
        return self.show(form=self._form())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Save language and time zone."""
        form = self._form(request.POST)
        if not form.is_valid():
            return self.show(form=form, status=422)
        try:
            preferences.set_notification_preferences(self.actor, **form.cleaned_data)
        except Refusal as refusal:
            return self.refused(form, refusal)
        return self.back(_("Preferences saved."))

    def show(self, *, status: int = 200, **context: Any) -> HttpResponse:
        """The tab always shows both areas, whichever of them was sent."""
        actor = self.request.actor
        cycle = clock.BillingCycle.of(clock.now())
        latest = queries.latest_currency(actor.account_id)
        chosen = latest.currency if latest else DEFAULT_CURRENCY
        shown = {
            "form": self._form(),
            "currency_form": forms.CurrencyForm(initial={"currency": chosen}),
            "has_currency": rules.has_currency(actor.audience, actor.partner_kind),
            "currency": queries.currency_of(actor.account_id, cycle),
            "latest": latest,
            "waits": bool(latest and latest.from_cycle > str(cycle)),
            "next_cycle": cycle.next(),
            "may_manage": actor.can(MANAGE_PREFERENCES),
        }
        return super().show(status=status, **(shown | context))

    def _form(self, data: Any = None) -> forms.NotificationPreferencesForm:
        account = queries.account_of(self.request.actor)
        initial = {name: getattr(account, name) for name in preferences.NOTIFICATION_FIELDS}
        initial["seen"] = fingerprint_of(account, preferences.NOTIFICATION_FIELDS)
        return forms.NotificationPreferencesForm(data, initial=initial, moment=clock.now())


class CurrencyView(PreferencesView):
    """Payment Currency (01-BAS-10)."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Save the currency for the next billing cycle."""
        form = forms.CurrencyForm(request.POST)
        if not form.is_valid():
            return self.show(currency_form=form, status=422)
        try:
            chosen = preferences.set_currency(self.actor, **form.cleaned_data)
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.show(currency_form=form, status=refusal.status)
        return self.back(
            _("Payment currency: %(currency)s from %(cycle)s.")
            % {"currency": chosen.currency, "cycle": chosen.from_cycle}
        )


class NotificationSettingsView(InformationView):
    """Customer Notification Settings (01-BAS-11)."""

    tab = "notifications"
    template_name = "accounts/information/notifications.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the switch and the matrix."""
        return self.show(form=self._form())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Save both."""
        form = self._form(request.POST)
        if not form.is_valid():
            return self.show(form=form, status=422)
        given = form.cleaned_data
        try:
            customer_rules.set_notification_rules(
                self.actor, on_behalf=given["on_behalf"], template=form.template, seen=given["seen"]
            )
        except Refusal as refusal:
            return self.refused(form, refusal)
        return self.back(_("Customer notification settings saved."))

    def show(self, *, status: int = 200, **context: Any) -> HttpResponse:
        """The tab knows who may change it."""
        context["may_manage"] = self.request.actor.can(MANAGE_CUSTOMER_RULES)
        return super().show(status=status, **context)

    def _form(self, data: Any = None) -> forms.NotificationTemplateForm:
        account = queries.account_of(self.actor)
        template = queries.notification_template(account.pk)
        initial = {
            "on_behalf": account.templates_on_behalf,
            "seen": queries.template_fingerprint(account, template),
        }
        return forms.NotificationTemplateForm(
            data, initial=initial, template=template, matrix=queries.template_matrix(template)
        )


class BillSettingsView(InformationView):
    """Customer Bill Settings (01-BAS-14)."""

    tab = "bills"
    template_name = "accounts/information/bills.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the switch."""
        return self.show(
            account=queries.account_of(self.actor),
            may_manage=self.actor.can(MANAGE_CUSTOMER_RULES),
        )

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Switch."""
        form = forms.SwitchForm(request.POST)
        if not form.is_valid():
            raise NotFound
        account = customer_rules.set_bill_permission(self.actor, revoked=form.cleaned_data["on"])
        return self.back(
            _("Your customers can no longer view bills and cost.")
            if account.revokes_customer_bills
            else _("Your customers can view bills and cost again.")
        )


def _address_locked(account: Account) -> bool:
    return rules.address_locked(account.partner_kind, account.address_line1)
