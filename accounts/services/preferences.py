"""Language, time zone, payment currency, and each user's own theme (01-BAS-08 to BAS-10)."""

from __future__ import annotations

from django.db import transaction

import audit.services
from partner_center import clock
from partner_center.actors import Actor
from partner_center.clock import BillingCycle
from partner_center.refusals import NotFound
from partner_center.stale import fingerprint_of, refuse_stale

from .. import locks, rules
from ..choices import Theme
from ..models import Account, AccountCurrency, User
from ..permissions import MANAGE_PREFERENCES, OWN_PROFILE
from ..queries import information
from ..refusals import AlreadySo

#: The fields that one form of the page shows and its fingerprint covers.
NOTIFICATION_FIELDS = ("language", "time_zone")


@transaction.atomic(durable=True)
def set_notification_preferences(
    actor: Actor, *, language: str, time_zone: str, seen: str
) -> Account:
    """Set language and time zone (an IANA name) of e-mails and SMS (01-BAS-08, BAS-09).

    Raises NotFound where the tab does not exist, Stale.
    """
    actor.require(MANAGE_PREFERENCES)
    if not rules.has_preferences(actor.audience, actor.partner_kind):
        raise NotFound
    account = locks.lock_account(actor.account_id)
    refuse_stale(seen, fingerprint_of(account, NOTIFICATION_FIELDS))
    before = {"language": account.language, "time_zone": account.time_zone}
    after = {"language": language, "time_zone": time_zone}
    if before != after:
        account.language, account.time_zone = language, time_zone
        account.save(update_fields=["language", "time_zone"])
        audit.services.record(
            actor, "accounts.preferences.set", account, before=before, after=after
        )
    return account


@transaction.atomic(durable=True)
def set_currency(actor: Actor, *, currency: str) -> AccountCurrency:
    """Set the payment currency from the next billing cycle on (01-BAS-10).

    The first choice of an account holds at once, there being nothing to change. Raises NotFound,
    AlreadySo when this currency is set already.
    """
    actor.require(MANAGE_PREFERENCES)
    if not rules.has_currency(actor.audience, actor.partner_kind):
        raise NotFound
    account = locks.lock_account(actor.account_id)
    moment = clock.now()
    current = BillingCycle.of(moment)
    latest = information.latest_currency(account.pk)
    if latest and latest.currency == currency:
        raise AlreadySo
    chosen = AccountCurrency.objects.create(
        account=account,
        currency=currency,
        from_cycle=str(current.next() if latest else current),
        set_by_id=actor.user_id,
        set_at=moment,
    )
    audit.services.record(
        actor,
        "accounts.currency.set",
        account,
        before={"currency": latest.currency, "from": latest.from_cycle} if latest else None,
        after={"currency": currency, "from": chosen.from_cycle},
    )
    return chosen


@transaction.atomic(durable=True)
def set_theme(actor: Actor, *, theme: Theme) -> None:
    """Set the user's own colours of the portal."""
    actor.require(OWN_PROFILE)
    user = locks.lock_user(actor.user_id or 0)
    before = user.theme
    if before == theme:
        return
    User.objects.filter(pk=user.pk).update(theme=theme)
    audit.services.record(
        actor, "accounts.theme.set", user, before={"theme": before}, after={"theme": theme}
    )
