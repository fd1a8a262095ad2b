"""What a partner lets its customers get by e-mail and SMS (01-BAS-11)."""

from __future__ import annotations

from collections.abc import Collection

from accounts.models import CustomerNotificationRule
from notifications.policies import Channels, Line

from .choices import AssociationModel
from .models import Association


def channels_for(lines: Collection[Line]) -> dict[Line, Channels]:
    """The channels of these lines of the partner's template; missing where no template governs.

    A template governs customers of the reseller model whose partner has switched Configure Templates
    on Customers' Behalf on. A line that the partner never touched allows both. Two queries.
    """
    associations = Association.objects.live().filter(
        customer_id__in={customer_id for customer_id, _rule in lines},
        model=AssociationModel.RESELLER,
        account__templates_on_behalf=True,
    )
    partners = dict(associations.values_list("customer_id", "account_id"))
    if not partners:
        return {}
    rules = CustomerNotificationRule.objects.filter(
        account_id__in=set(partners.values()), type_code__in={rule for _id, rule in lines}
    )
    kept = {(rule.account_id, rule.type_code): Channels(rule.email, rule.sms) for rule in rules}
    both = Channels(email=True, sms=True)
    return {
        (customer_id, rule): kept.get((partners[customer_id], rule), both)
        for customer_id, rule in lines
        if customer_id in partners
    }
