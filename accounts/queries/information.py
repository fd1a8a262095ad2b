"""Reads of partner information: the account, its currency, what it decides for its customers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from partner_center.actors import Actor
from partner_center.clock import BillingCycle
from partner_center.stale import fingerprint

from .. import customer_messages
from ..choices import CodeChannel, NotificationCategory
from ..currencies import DEFAULT_CURRENCY
from ..models import Account, AccountCurrency, CustomerNotificationRule, User


@dataclass(frozen=True)
class Channels:
    """By which channels customers receive a type of message."""

    email: bool = True
    sms: bool = True

    def allows(self, channel: CodeChannel) -> bool:
        """Whether the channel is ticked."""
        return self.email if channel == CodeChannel.EMAIL else self.sms

    def as_json(self) -> dict[str, bool]:
        """For the audit trail."""
        return {"email": self.email, "sms": self.sms}


@dataclass(frozen=True)
class CategoryRow:
    """One category of the matrix with its types, for the page."""

    category: NotificationCategory
    types: list[tuple[customer_messages.CustomerMessageType, Channels]]


def account_of(actor: Actor) -> Account:
    """The actor's own account."""
    return Account.objects.get(pk=actor.account_id)


def user_of(actor: Actor) -> User:
    """The acting user, with its account."""
    return User.objects.select_related("account").get(pk=actor.user_id)


def currency_of(account_id: int, cycle: BillingCycle) -> str:
    """The payment currency in which bills of this cycle are settled (01-BAS-10)."""
    rows = AccountCurrency.objects.filter(account_id=account_id, from_cycle__lte=str(cycle))
    found = rows.order_by("-from_cycle", "-id").values_list("currency", flat=True).first()
    return found or DEFAULT_CURRENCY


def currencies_of(account_ids: Collection[int], cycle: BillingCycle) -> dict[int, str]:
    """As :func:`currency_of`, of those who have chosen one."""
    rows = AccountCurrency.objects.filter(account__in=account_ids, from_cycle__lte=str(cycle))
    return dict(rows.order_by("from_cycle", "id").values_list("account_id", "currency"))


def latest_currency(account_id: int) -> AccountCurrency | None:
    """The newest choice, whether it holds already or only from the next cycle on."""
    return AccountCurrency.objects.filter(account_id=account_id).order_by("-id").first()


def notification_template(partner_id: int) -> dict[str, Channels]:
    """Channels of every message type by its code; both, where nothing was stored (01-BAS-11)."""
    stored = {
        rule.type_code: Channels(rule.email, rule.sms)
        for rule in CustomerNotificationRule.objects.filter(account_id=partner_id)
    }
    return {kind.code: stored.get(kind.code, Channels()) for kind in customer_messages.TYPES}


def template_matrix(template: dict[str, Channels]) -> list[CategoryRow]:
    """The template as rows of the page: categories with their types."""
    return [
        CategoryRow(
            category,
            [(kind, template[kind.code]) for kind in customer_messages.types_of(category)],
        )
        for category in NotificationCategory
    ]


def template_fingerprint(account: Account, template: dict[str, Channels]) -> str:
    """What the settings page has shown, for the stale check."""
    values: dict[str, object] = {code: ch.as_json() for code, ch in template.items()}
    return fingerprint(values | {"on_behalf": account.templates_on_behalf})


def channel_allowed(partner_id: int, type_code: str, channel: CodeChannel) -> bool:
    """Whether a reseller-model customer of this partner receives the message by this channel.

    True while the partner does not configure templates on its customers' behalf, and for message
    types that the template does not list.
    """
    if type_code not in customer_messages.BY_CODE:
        return True
    if not Account.objects.filter(pk=partner_id, templates_on_behalf=True).exists():
        return True
    rule = CustomerNotificationRule.objects.filter(account_id=partner_id, type_code=type_code)
    found = rule.first()
    return found is None or Channels(found.email, found.sms).allows(channel)


def customer_may_see_bills(partner_id: int) -> bool:
    """Whether reseller-model customers of this partner see Billing and Cost Center (01-BAS-14)."""
    return not Account.objects.filter(pk=partner_id, revokes_customer_bills=True).exists()
