"""What a provider decides for all its reseller-model customers (01-BAS-11 to BAS-14)."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

import audit.services
from partner_center.actors import Actor
from partner_center.critical import critical_operation
from partner_center.refusals import NotFound
from partner_center.stale import refuse_stale

from .. import customer_messages, locks, rules
from ..models import Account, CustomerNotificationRule
from ..permissions import MANAGE_CUSTOMER_RULES
from ..queries import information
from ..queries.information import Channels
from ..refusals import AlreadySo


@critical_operation(
    "accounts.set_notification_rules", _("Set customer notification receiving rules")
)
def set_notification_rules(
    actor: Actor, *, on_behalf: bool, template: Mapping[str, Channels], seen: str
) -> Account:
    """Switch the template on or off and store it whole (01-BAS-11).

    ``template`` gives the channels of each message type by its code; types that are left out keep
    theirs, also while the template is off. Raises NotFound for other partners than providers, Stale.
    """
    actor.require(MANAGE_CUSTOMER_RULES)
    _refuse_others(actor)
    account = locks.lock_account(actor.account_id)
    stored = information.notification_template(account.pk)
    refuse_stale(seen, information.template_fingerprint(account, stored))
    changed = {code: template[code] for code in template if template[code] != stored[code]}
    if account.templates_on_behalf == on_behalf and not changed:
        return account
    before: dict[str, object] = {"on_behalf": account.templates_on_behalf}
    before |= {code: stored[code].as_json() for code in changed}
    account.templates_on_behalf = on_behalf
    account.save(update_fields=["templates_on_behalf"])
    _store(account, changed)
    audit.services.record(
        actor,
        "accounts.notification_rules.set",
        account,
        before=before,
        after={"on_behalf": on_behalf} | {code: new.as_json() for code, new in changed.items()},
    )
    return account


@critical_operation("accounts.set_bill_permission", _("Configure customer bill permissions"))
def set_bill_permission(actor: Actor, *, revoked: bool) -> Account:
    """Revoke or restore the customers' view of Billing and Cost Center (01-BAS-14).

    Raises NotFound for other partners than providers, AlreadySo.
    """
    actor.require(MANAGE_CUSTOMER_RULES)
    _refuse_others(actor)
    account = locks.lock_account(actor.account_id)
    if account.revokes_customer_bills == revoked:
        raise AlreadySo
    account.revokes_customer_bills = revoked
    account.save(update_fields=["revokes_customer_bills"])
    audit.services.record(
        actor,
        "accounts.bill_permission.set",
        account,
        before={"revoked": not revoked},
        after={"revoked": revoked},
    )
    return account


def _refuse_others(actor: Actor) -> None:
    if not rules.has_customer_rules(actor.partner_kind):
        raise NotFound


def _store(account: Account, changed: Mapping[str, Channels]) -> None:
    """One statement for all changed lines, new and old."""
    CustomerNotificationRule.objects.bulk_create(
        [
            CustomerNotificationRule(
                account=account,
                category=customer_messages.BY_CODE[code].category,
                type_code=code,
                email=channels.email,
                sms=channels.sms,
            )
            for code, channels in changed.items()
        ],
        update_conflicts=True,
        unique_fields=["account", "type_code"],
        update_fields=["email", "sms"],
    )
