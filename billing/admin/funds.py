"""The operator's pages of partners' money: tickets, payments, cards, accounts, where to transfer to."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminTextareaWidget

from accounts.queries import operating as accounts
from partner_center import money
from partner_center.actors import Actor
from partner_center.admin import BILLING, PortalModelAdmin, SeenForm, owner_column, site
from partner_center.forms.account_name import AccountNameField
from partner_center.permissions import Audience
from partner_center.templatetags import portal

from ..choices import EntryType, PaymentPurpose, PaymentState, TicketState
from ..models import Card, PartnerAccount, Payment, StatementEntry, TopUpAccount, TransferTicket
from ..permissions import OPERATE_FUNDS, OPERATE_TERMS
from ..services import partner_accounts, refunding, transfers

_TICKET_COLOURS = {
    TicketState.SUBMITTED.label: "default",
    TicketState.PROCESSING.label: "info",
    TicketState.COMPLETED.label: "success",
    TicketState.REJECTED.label: "danger",
}
_PAYMENT_COLOURS = {
    PaymentState.PENDING.label: "info",
    PaymentState.SUCCEEDED.label: "success",
    PaymentState.FAILED.label: "danger",
    PaymentState.REFUNDING.label: "info",
    PaymentState.REFUNDED.label: "default",
}


class AccountForm(forms.Form):
    """Whose account."""

    account = AccountNameField(lookup=accounts.account_id_of, label=gettext_lazy("Account name"))


class ConfirmForm(forms.Form):
    """What has arrived."""

    amount = forms.DecimalField(
        label=gettext_lazy("Arrived (USD)"),
        min_value=Decimal("0.01"),
        max_digits=14,
        decimal_places=2,
        widget=UnfoldAdminDecimalFieldWidget,
        help_text=gettext_lazy("As the bank shows it; it may differ from what the partner says."),
    )


class ReasonForm(forms.Form):
    """Why; the partner reads it."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=256, widget=UnfoldAdminTextareaWidget
    )


@admin.register(TransferTicket, site=site)
class TransferTicketAdmin(PortalModelAdmin):
    """The queue of transfer tickets: one confirms the amount, another approves (05-REP-10)."""

    view_permission = OPERATE_FUNDS
    manage_permission = OPERATE_FUNDS
    group = BILLING
    icon = "move_to_inbox"
    list_display = (
        "number",
        "partner",
        "topped_up_on",
        "amount",
        "confirmed_amount",
        "shown_state",
        "submitted_at",
    )
    list_select_related = ("account",)
    list_filter = ("state",)
    search_fields = ("number", "account__name", "account__full_name", "bank_account")
    ordering = ("-closed_at", "submitted_at")
    actions_detail = ("confirm", "approve", "reject")
    fields = (
        "number",
        "partner",
        "shown_state",
        "topped_up_on",
        "amount",
        "bank_account",
        "description",
        "shown_certificate",
        "submitted_by",
        "submitted_at",
        "confirmed_amount",
        "confirmed_by",
        "approved_by",
        "reason",
        "closed_at",
    )
    readonly_fields = ("partner", "shown_state", "shown_certificate")
    partner = owner_column(gettext_lazy("Partner"))

    @display(description=gettext_lazy("Status"), ordering="state", label=dict(_TICKET_COLOURS))
    def shown_state(self, ticket: TransferTicket) -> str:
        """The state with its colour."""
        return ticket.get_state_display()

    @display(description=gettext_lazy("Transfer certificate"))
    def shown_certificate(self, ticket: TransferTicket) -> SafeString:
        """A link to the file."""
        return format_html(
            '<a class="text-primary-600 underline dark:text-primary-500" href="{}">{}</a>',
            reverse("billing:transfer-certificate", args=[ticket.pk]),
            ticket.certificate_name,
        )

    def has_open_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Offered while nobody has decided."""
        states = (TicketState.SUBMITTED, TicketState.PROCESSING)
        rows = self.get_queryset(request).filter(pk=object_id, state__in=states)
        return self.may_manage(request) and rows.exists()

    def has_confirmed_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Offered once an amount is confirmed."""
        rows = self.get_queryset(request).filter(pk=object_id, state=TicketState.PROCESSING)
        return self.may_manage(request) and rows.exists()

    @action(description=gettext_lazy("Confirm Amount"), permissions=["open"])
    def confirm(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """First pair of eyes."""
        ticket = self.row(request, object_id)
        words = _(
            "%(partner)s says that it transferred %(amount)s on %(day)s from account %(account)s. "
            "Nothing is booked yet: somebody else approves the amount."
        )
        facts = {
            "partner": ticket.account,
            "amount": money.words(ticket.amount),
            "day": portal.day(ticket.topped_up_on),
            "account": ticket.bank_account,
        }
        return self.operate(
            request,
            object_id,
            transfers.confirm,
            title=_("Confirm Amount"),
            consequence=words % facts,
            form_class=ConfirmForm,
            initial={"amount": ticket.confirmed_amount or ticket.amount},
        )

    @action(description=gettext_lazy("Approve"), permissions=["confirmed"])
    def approve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Second pair of eyes."""
        ticket = self.row(request, object_id)
        words = _(
            "%(amount)s, confirmed by %(name)s, is added to the account of %(partner)s and pays its "
            "bills, the oldest first. The partner is told."
        )
        facts = {
            "amount": money.words(ticket.confirmed_amount or ticket.amount),
            "name": ticket.confirmed_by,
            "partner": ticket.account,
        }
        return self.operate(
            request, object_id, transfers.approve, title=_("Approve"), consequence=words % facts
        )

    @action(description=gettext_lazy("Reject"), permissions=["open"])
    def reject(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Book nothing."""
        return self.operate(
            request,
            object_id,
            transfers.reject,
            title=_("Reject"),
            consequence=_("Nothing is booked. The partner reads the reason."),
            form_class=ReasonForm,
        )


@admin.register(Payment, site=site)
class PaymentAdmin(PortalModelAdmin):
    """Everything that was charged to cards, with what became of it."""

    view_permission = OPERATE_FUNDS
    manage_permission = OPERATE_FUNDS
    group = BILLING
    icon = "credit_card"
    list_display = (
        "key",
        "partner",
        "shown_purpose",
        "amount",
        "currency_amount",
        "currency",
        "shown_state",
        "created_at",
    )
    list_select_related = ("account",)
    list_filter = ("state", "purpose", "currency")
    search_fields = ("key", "reference", "account__name", "account__full_name")
    ordering = ("-created_at", "-id")
    actions_detail = ("refund",)
    fields = (
        "key",
        "partner",
        "shown_purpose",
        "shown_state",
        "card",
        "bill",
        "amount",
        "currency_amount",
        "currency",
        "rate",
        "reference",
        "failure",
        "user",
        "created_at",
        "settled_at",
        "refunded_at",
    )
    readonly_fields = ("partner", "shown_purpose", "shown_state")
    partner = owner_column(gettext_lazy("Account"))

    @admin.display(description=gettext_lazy("Purpose"), ordering="purpose")
    def shown_purpose(self, payment: Payment) -> str:
        """Why it was charged; a customer has no bills, so what it pays is a top-up."""
        is_customer = payment.account.audience == Audience.CUSTOMER
        if is_customer and payment.purpose == PaymentPurpose.REPAYMENT:
            return EntryType.TOP_UP.label
        return payment.get_purpose_display()

    @display(description=gettext_lazy("Status"), ordering="state", label=dict(_PAYMENT_COLOURS))
    def shown_state(self, payment: Payment) -> str:
        """The state with its colour."""
        return payment.get_state_display()

    def has_paid_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Offered for what was charged and not given back."""
        rows = self.get_queryset(request).filter(pk=object_id, state=PaymentState.SUCCEEDED)
        return self.may_manage(request) and rows.exists()

    @action(description=gettext_lazy("Refund"), permissions=["paid"])
    def refund(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Give it back to the card."""
        return self.operate(
            request,
            object_id,
            refunding.refund,
            title=_("Refund"),
            consequence=_(
                "The whole payment goes back to its card, out of the account’s balance. What has paid "
                "bills cannot be given back."
            ),
            form_class=ReasonForm,
        )


@admin.register(Card, site=site)
class CardAdmin(PortalModelAdmin):
    """Cards of partners: brand and last digits; numbers are not stored."""

    view_permission = OPERATE_FUNDS
    group = BILLING
    icon = "add_card"
    list_display = ("__str__", "partner", "holder", "state", "is_default", "result", "added_at")
    list_select_related = ("account",)
    list_filter = ("state", "brand")
    search_fields = ("last4", "holder", "account__name", "account__full_name")
    ordering = ("-added_at", "-id")
    fields = (
        "brand",
        "last4",
        "partner",
        "holder",
        "expires_month",
        "expires_year",
        "id_kind",
        "state",
        "is_default",
        "result",
        "agreement_version",
        "added_at",
        "deleted_at",
    )
    readonly_fields = ("partner",)
    partner = owner_column(gettext_lazy("Account"))


@admin.register(StatementEntry, site=site)
class StatementEntryAdmin(PortalModelAdmin):
    """The books of partners' accounts; only read."""

    view_permission = OPERATE_FUNDS
    group = BILLING
    icon = "menu_book"
    list_display = ("number", "partner", "at", "type", "amount", "balance", "remarks")
    list_select_related = ("account",)
    list_filter = ("type",)
    search_fields = ("number", "remarks", "account__name", "account__full_name")
    ordering = ("-at", "-id")
    fields = ("number", "partner", "at", "type", "amount", "balance", "bill", "payment", "remarks")
    readonly_fields = ("partner",)
    partner = owner_column(gettext_lazy("Account"))


class PartnerAccountForm(SeenForm):
    """Term of payment and signing entity."""

    seen_fields = partner_accounts.FIELDS


@admin.register(PartnerAccount, site=site)
class PartnerAccountAdmin(PortalModelAdmin):
    """Top-up accounts of partners: balance, days until a bill is overdue, signing entity."""

    view_permission = OPERATE_TERMS
    manage_permission = OPERATE_TERMS
    changeable = True
    group = BILLING
    icon = "account_balance_wallet"
    form = PartnerAccountForm
    list_display = ("partner", "balance", "term_days", "signing_entity")
    list_select_related = ("account",)
    list_filter = ("signing_entity",)
    search_fields = ("account__name", "account__full_name")
    ordering = ("account__name",)
    fields = ("partner", "balance", "term_days", "signing_entity", "seen")
    readonly_fields = ("partner", "balance")
    actions_list = ("open_account",)
    partner = owner_column(gettext_lazy("Account"))

    def write(self, actor: Actor, form: Any, row: Any) -> PartnerAccount:
        """Set them."""
        data = form.cleaned_data
        return partner_accounts.set_terms(actor, row.account_id, values=data, seen=data["seen"])

    @action(description=gettext_lazy("Open Account by Name"), permissions=["manage"])
    def open_account(self, request: HttpRequest) -> HttpResponse:
        """Open the account of a partner that has none yet; it then stands in the list."""
        return self.ask(
            request,
            partner_accounts.open_account,
            title=_("Open Account by Name"),
            consequence=_("An account with the usual terms is opened where there is none yet."),
            back=reverse(self.list_route),
            form_class=AccountForm,
        )


class TopUpAccountForm(forms.ModelForm):
    """A new bank account."""


@admin.register(TopUpAccount, site=site)
class TopUpAccountAdmin(PortalModelAdmin):
    """Where partners transfer to; the newest of a signing entity and currency is shown (05-REP-07)."""

    view_permission = OPERATE_TERMS
    manage_permission = OPERATE_TERMS
    addable = True
    group = BILLING
    icon = "account_balance"
    form = TopUpAccountForm
    list_display = ("signing_entity", "currency", "payee", "bank", "bank_account", "valid_from")
    list_filter = ("currency", "signing_entity")
    search_fields = ("payee", "bank", "bank_account")
    ordering = ("signing_entity", "currency", "-valid_from")
    fields = partner_accounts.TOP_UP_FIELDS

    def write(self, actor: Actor, form: Any, row: Any) -> TopUpAccount:
        """Add it."""
        return partner_accounts.add_top_up_account(actor, values=form.cleaned_data)
