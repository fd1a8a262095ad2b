"""What a partner lets its customers get by e-mail and SMS (01-BAS-11)."""

from __future__ import annotations

from accounts.models import CustomerNotificationRule
from notifications.policies import Channels

from .choices import AssociationModel
from .models import Association


def channels_for(account_id: int, rule: str) -> Channels | None:
    """The channels of one line of the partner's template; None when no template governs.

    A template governs customers of the reseller model whose partner has switched Configure Templates
    on Customers' Behalf on. A line that the partner never touched allows both.
    """
    associations = Association.objects.live().filter(
        customer_id=account_id, model=AssociationModel.RESELLER, account__templates_on_behalf=True
    )
    partner = associations.values_list("account_id", flat=True).first()
    if partner is None:
        return None
    line = CustomerNotificationRule.objects.filter(account_id=partner, type_code=rule).first()
    return Channels(line.email, line.sms) if line else Channels(email=True, sms=True)
