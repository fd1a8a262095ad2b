"""Customer Notification Settings and Customer Bill Settings (01-BAS-11 to BAS-14)."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts import customer_messages
from accounts.choices import CodeChannel, NotificationCategory
from accounts.models import Account, CustomerNotificationRule, User
from accounts.queries import information as queries
from accounts.services import codes, customer_rules
from audit.models import OperationRecord
from partner_center.refusals import CodeRequired, NotFound, NotPermitted

from ..cast import Cast
from .test_information import last_code

pytestmark = pytest.mark.django_db

ALL_TICKED = {
    f"{kind.code}.{channel}": "on" for kind in customer_messages.TYPES for channel in CodeChannel
}


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _seen(account: Account) -> str:
    fresh = Account.objects.get(pk=account.pk)
    return queries.template_fingerprint(fresh, queries.notification_template(fresh.pk))


def _ticks(account: Account, *unticked: str) -> dict[str, str]:
    ticked = {name: on for name, on in ALL_TICKED.items() if name not in unticked}
    return ticked | {"on_behalf": "on", "seen": _seen(account)}


@pytest.mark.requirement("01-BAS-11")
def test_every_category_of_the_matrix_has_types() -> None:
    assert [category.label for category in NotificationCategory] == [
        "Finance",
        "Product",
        "Security",
        "O&M",
        "Campaigns",
        "Filing",
    ]
    assert all(customer_messages.types_of(category) for category in NotificationCategory)


@pytest.mark.requirement("01-BAS-11")
def test_a_deselected_channel_is_not_sent(cast: Cast) -> None:
    url = reverse("information:notifications")
    answer = _client(cast.mara).post(url, _ticks(cast.tidemark, "campaign.sms"))
    assert answer.status_code == 302, answer.content.decode()
    tidemark, northgate = cast.tidemark.pk, cast.northgate.pk
    assert not queries.channel_allowed(tidemark, "campaign", CodeChannel.SMS)
    assert queries.channel_allowed(tidemark, "campaign", CodeChannel.EMAIL)
    assert queries.channel_allowed(tidemark, "survey", CodeChannel.SMS)
    assert queries.channel_allowed(northgate, "campaign", CodeChannel.SMS)
    record = OperationRecord.objects.get(action="accounts.notification_rules.set")
    assert record.after == {"on_behalf": True, "campaign": {"email": True, "sms": False}}
    assert CustomerNotificationRule.objects.count() == 1


@pytest.mark.requirement("01-BAS-11")
def test_the_template_holds_only_while_it_is_switched_on(cast: Cast) -> None:
    url = reverse("information:notifications")
    client = _client(cast.mara)
    client.post(url, _ticks(cast.tidemark, "campaign.sms"))
    off = _ticks(cast.tidemark, "campaign.sms")
    del off["on_behalf"]
    assert client.post(url, off).status_code == 302
    assert queries.channel_allowed(cast.tidemark.pk, "campaign", CodeChannel.SMS)
    template = queries.notification_template(cast.tidemark.pk)
    assert not template["campaign"].sms


@pytest.mark.requirement("01-BAS-11")
def test_a_stale_template_is_refused(cast: Cast) -> None:
    data = _ticks(cast.tidemark, "campaign.sms")
    url = reverse("information:notifications")
    client = _client(cast.mara)
    client.post(url, _ticks(cast.tidemark, "survey.sms"))
    answer = client.post(url, data)
    assert answer.status_code == 409
    assert queries.channel_allowed(cast.tidemark.pk, "campaign", CodeChannel.SMS)


@pytest.mark.requirement("01-BAS-13", "01-CRI-01", "08-AXO-03")
def test_both_settings_ask_for_a_code_when_the_function_is_on(cast: Cast) -> None:
    Account.objects.filter(pk=cast.tidemark.pk).update(verifies=True)
    actor = cast.actor(cast.mara)
    with pytest.raises(CodeRequired):
        customer_rules.set_notification_rules(
            actor, on_behalf=True, template={}, seen=_seen(cast.tidemark)
        )
    with pytest.raises(CodeRequired):
        customer_rules.set_bill_permission(actor, revoked=True)
    client = _client(cast.mara)
    for url, data in (
        (reverse("information:notifications"), _ticks(cast.tidemark)),
        (reverse("information:bills"), {"on": "1"}),
    ):
        assert client.post(url, data).status_code == 428
    account = Account.objects.get(pk=cast.tidemark.pk)
    assert not account.templates_on_behalf
    assert not account.revokes_customer_bills


@pytest.mark.requirement("01-BAS-13", "08-AXO-07")
def test_a_code_of_one_setting_does_not_open_the_other(cast: Cast) -> None:
    Account.objects.filter(pk=cast.tidemark.pk).update(verifies=True)
    actor = cast.actor(cast.mara)
    codes.send_to_user(actor, operation="accounts.set_bill_permission", channel=CodeChannel.EMAIL)
    code = last_code("accounts@tidemark-cloud.example")
    client = _client(cast.mara)
    wrong = _ticks(cast.tidemark) | {"verification_code": code}
    assert client.post(reverse("information:notifications"), wrong).status_code in (422, 428)
    right = {"on": "1", "verification_code": code}
    assert client.post(reverse("information:bills"), right).status_code == 302
    account = Account.objects.get(pk=cast.tidemark.pk)
    assert (account.templates_on_behalf, account.revokes_customer_bills) == (False, True)


@pytest.mark.requirement("01-BAS-14")
def test_one_switch_takes_bills_from_all_customers_and_gives_them_back(cast: Cast) -> None:
    client, url = _client(cast.mara), reverse("information:bills")
    assert client.post(url, {"on": "1"}).status_code == 302
    assert not queries.customer_may_see_bills(cast.tidemark.pk)
    assert queries.customer_may_see_bills(cast.northgate.pk)
    assert client.post(url, {"on": "1"}).status_code == 409
    assert client.post(url, {"on": "0"}).status_code == 302
    assert queries.customer_may_see_bills(cast.tidemark.pk)
    actions = OperationRecord.objects.filter(action="accounts.bill_permission.set")
    assert actions.count() == 2


@pytest.mark.requirement("01-BAS-11", "01-BAS-14")
@pytest.mark.parametrize("who", ["dina", "leo"])
def test_other_partners_have_neither_setting(cast: Cast, who: str) -> None:
    actor = cast.actor(getattr(cast, who))
    with pytest.raises(NotFound):
        customer_rules.set_bill_permission(actor, revoked=True)
    with pytest.raises(NotFound):
        customer_rules.set_notification_rules(actor, on_behalf=True, template={}, seen="")
    assert not Account.objects.get(pk=actor.account_id).revokes_customer_bills


@pytest.mark.requirement("01-BAS-14")
def test_a_member_without_the_permission_cannot_revoke(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        customer_rules.set_bill_permission(cast.actor(cast.felix), revoked=True)
    assert queries.customer_may_see_bills(cast.tidemark.pk)


@pytest.mark.requirement("01-BAS-12")
@pytest.mark.parametrize("tab", ["notifications", "bills"])
def test_view_operation_records_lists_the_changes_of_the_setting(cast: Cast, tab: str) -> None:
    customer_rules.set_bill_permission(cast.actor(cast.mara), revoked=True)
    customer_rules.set_notification_rules(
        cast.actor(cast.mara), on_behalf=True, template={}, seen=_seen(cast.tidemark)
    )
    client = _client(cast.mara)
    page = client.get(reverse(f"information:{tab}")).content.decode()
    link = re.search(r'href="([^"]+)">View Operation Records', page)
    assert link
    rows = client.get(link[1]).content.decode()
    other = "Bill permission set" if tab == "notifications" else "Notification rules set"
    own = "Notification rules set" if tab == "notifications" else "Bill permission set"
    assert own in rows
    assert other not in rows
    assert "tidemark-cloud" in rows
