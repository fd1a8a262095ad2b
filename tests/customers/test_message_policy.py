"""The partner's template decides what is sent to its customers (01-BAS-11)."""

from __future__ import annotations

import pytest

from accounts.models import Account, CustomerNotificationRule
from customers.models import Association
from notifications import catalogue, queries
from notifications.models import NoticeDelivery
from notifications.policies import Channels
from notifications.services import notify
from partner_center import clock
from partner_center.actors import Actor
from tests.cast import Cast

RULE = "account_restriction"


def channels(cast: Cast) -> Channels:
    return queries.channels_of(cast.harborline.pk, catalogue.get(f"customer.{RULE}"))


@pytest.fixture
def template(cast: Cast) -> None:
    """Tidemark has switched e-mail off for frozen accounts, and templates on."""
    Account.objects.filter(pk=cast.tidemark.pk).update(templates_on_behalf=True)
    CustomerNotificationRule.objects.create(
        account=cast.tidemark, category="finance", type_code=RULE, email=False, sms=True
    )


@pytest.mark.requirement("01-BAS-11")
@pytest.mark.usefixtures("template")
def test_deselected_channel_is_not_sent(cast: Cast) -> None:
    assert channels(cast) == Channels(email=False, sms=True)
    notify(
        Actor.system("test", cast.harborline.pk),
        account_id=cast.harborline.pk,
        type=f"customer.{RULE}",
        key="frozen",
        template="recipients_changed",
        context={"type": "x"},
    )
    assert not NoticeDelivery.objects.filter(channel="email").exists()
    other = queries.channels_of(cast.harborline.pk, catalogue.get("customer.order"))
    assert other == Channels(email=True, sms=True)


@pytest.mark.requirement("01-BAS-11")
@pytest.mark.usefixtures("template")
def test_template_governs_live_reseller_customers_while_it_is_on(cast: Cast) -> None:
    Account.objects.filter(pk=cast.tidemark.pk).update(templates_on_behalf=False)
    assert channels(cast) == Channels(email=True, sms=True)
    Account.objects.filter(pk=cast.tidemark.pk).update(templates_on_behalf=True)
    association = Association.objects.filter(customer=cast.harborline)
    association.update(model="referral")
    assert channels(cast) == Channels(email=True, sms=True)
    association.update(model="reseller", ended_at=clock.now())
    assert channels(cast) == Channels(email=True, sms=True)
