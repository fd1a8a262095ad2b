"""The account check before a disassociation: every item, on both pages, and the three months."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import AccountCurrency, AccountStanding, EnterpriseMember
from budgets.choices import Strength
from budgets.models import FreezeHold
from budgets.services import freezing
from customers import account_checks
from customers.choices import RequestStatus, Side
from customers.models import Association, AssociationRequest
from customers.refusals import CheckFailed
from customers.rules.disassociation import CheckItem, LeavingFacts, check_items, next_request_on
from customers.services import disassociation as services
from partner_center import clock

from ..cast import Cast
from .leaving import (
    LEAVE,
    asked,
    association_of,
    client_of,
    local,
    may_leave,
    partner_page,
)

pytestmark = pytest.mark.django_db


def _standing(**values: object):
    def spoil(cast: Cast) -> None:
        AccountStanding.objects.create(account=cast.harborline, **values)

    return spoil


def _independent_member(cast: Cast) -> None:
    EnterpriseMember.objects.create(
        account=cast.harborline, member=cast.delta, accounting="independent", joined_at=clock.now()
    )


def _member_of_master(cast: Cast) -> None:
    EnterpriseMember.objects.create(
        account=cast.delta, member=cast.harborline, accounting="unified", joined_at=clock.now()
    )


def _no_currency(cast: Cast) -> None:
    """Currencies are a book that is never emptied: the customer has simply not chosen one."""


MASTER = "All independent accounting members must be disassociated from the account first."
INSTANCES = "Unsubscribe from the reserved instances and partner support plan products first."
CUSTOMER_ITEMS = {
    "orders": (
        _standing(has_orders_for_partner=True),
        "Cancel the orders, or contact your partner",
    ),
    "master": (_independent_member, MASTER),
    "member": (_member_of_master, "Disassociate from the enterprise master first."),
    "arrears": (
        _standing(overdue=Decimal("0.01")),
        "Contact your partner to raise the budget or credit",
    ),
    "instance": (_standing(has_reserved_instances=True), INSTANCES),
    "plan": (_standing(has_support_plan=True), INSTANCES),
    "currency": (_no_currency, "Set the payment currency of your account first."),
    "contract": (
        _standing(has_commerce_contract=True),
        "Contact your partner, who must handle the contract offline first.",
    ),
}
PARTNER_ITEMS = {
    "master": (_independent_member, MASTER),
    "instance": (_standing(has_reserved_instances=True), INSTANCES),
    "plan": (_standing(has_support_plan=True), INSTANCES),
}


@pytest.mark.requirement(
    "08-CSD-03",
    "08-CSD-04",
    "08-CSD-05",
    "08-CSD-06",
    "08-CSD-07",
    "08-CSD-08",
    "08-CSD-09",
)
@pytest.mark.parametrize("name", CUSTOMER_ITEMS)
def test_what_keeps_a_customer_from_leaving(name: str, cast: Cast) -> None:
    spoil, advice = CUSTOMER_ITEMS[name]
    if name != "currency":
        may_leave(cast.harborline)
    spoil(cast)
    association = association_of(cast.harborline)
    client = client_of(cast.hana)
    page = client.get(LEAVE).content.decode()
    assert advice in page and page.count("Failed") == 1 and "Check again" in page
    assert '<button class="btn btn-danger" disabled>' in page
    refused = client.post(LEAVE, {"association": association.pk, "understood": "on"})
    assert refused.status_code == 428, "the code comes before everything"
    assert not AssociationRequest.objects.exists()


@pytest.mark.requirement("08-CSD-03")
@pytest.mark.parametrize("name", CUSTOMER_ITEMS)
def test_a_forged_request_of_the_customer_is_refused_with_the_sentence(
    name: str, cast: Cast
) -> None:
    spoil, advice = CUSTOMER_ITEMS[name]
    if name != "currency":
        may_leave(cast.harborline)
    spoil(cast)
    job = replace(cast.actor(cast.hana), is_system=True)
    with pytest.raises(CheckFailed, match=advice[:20]):
        services.request_by_customer(job, association_id=association_of(cast.harborline).pk)
    assert not AssociationRequest.objects.exists()


@pytest.mark.requirement(
    "04-ASC-03", "04-ASC-05", "04-ASC-06", "07-RASC-04", "07-RASC-06", "07-RASC-07"
)
@pytest.mark.parametrize("name", PARTNER_ITEMS)
@pytest.mark.parametrize("who", ["mara", "leo"], ids=["provider", "reseller"])
def test_what_keeps_a_partner_from_leaving(name: str, who: str, cast: Cast) -> None:
    spoil, advice = PARTNER_ITEMS[name]
    spoil(cast)
    user = getattr(cast, who)
    association = association_of(cast.harborline)
    Association.objects.filter(pk=association.pk).update(account=user.account)
    client, url = client_of(user), partner_page(association)
    page = client.get(url).content.decode()
    assert advice in page and page.count("Failed") == 1 and "Check again" in page
    assert '<button class="btn btn-danger" disabled>' in page
    refused = client.post(url, {"understood": "on", "reason": "Contract ends"})
    assert refused.status_code == 422 and advice in refused.content.decode()
    assert not AssociationRequest.objects.exists()


@pytest.mark.requirement("08-CSD-03", "08-CSD-08")
def test_the_customer_fixes_and_checks_again(cast: Cast) -> None:
    client = client_of(cast.hana)
    page = client.get(LEAVE).content.decode()
    assert "Failed" in page and 'href="/partner-information/preferences"' in page
    assert client.post("/partner-information/preferences/currency", {"currency": "PHP"})
    page = client.get(LEAVE).content.decode()
    assert "Failed" not in page and "The account has passed the check." in page
    assert AccountCurrency.objects.get(account=cast.harborline).currency == "PHP"


@pytest.mark.requirement("04-ASC-04", "07-RASC-05")
def test_a_check_that_a_higher_floor_adds_is_asked(cast: Cast) -> None:
    seen: list[tuple[Association, Side]] = []

    def frozen(association: Association, side: Side) -> list[CheckItem]:
        seen.append((association, side))
        if side == Side.CUSTOMER:
            return []
        return [CheckItem("frozen", "Not manually frozen", False, "Unfreeze the customer first.")]

    association = may_leave(cast.harborline)
    url = partner_page(association)
    account_checks.add(frozen)
    account_checks.add(frozen)
    try:
        page = client_of(cast.mara).get(url).content.decode()
        refused = client_of(cast.mara).post(url, {"understood": "on", "reason": "Contract ends"})
        own_page = client_of(cast.hana).get(LEAVE).content.decode()
    finally:
        account_checks.remove(frozen)
    assert page.count("Unfreeze the customer first.") == 1
    assert refused.status_code == 422 and not AssociationRequest.objects.exists()
    assert "has passed the check" in own_page, "08 X-27: the customer may ask while frozen"
    assert {(a.pk, side) for a, side in seen} == {
        (association.pk, Side.PARTNER),
        (association.pk, Side.CUSTOMER),
    }


@pytest.mark.requirement("04-ASC-04", "07-RASC-05")
def test_a_manual_freeze_keeps_the_partner_but_not_the_customer(cast: Cast) -> None:
    association = may_leave(cast.harborline)
    url, words = partner_page(association), "Unfreeze the customer account first."
    mara = cast.actor(cast.mara)
    freezing.freeze(
        mara, association_ids=[association.pk], strength=Strength.ACCOUNT, reason="Unpaid"
    )
    assert words in client_of(cast.mara).get(url).content.decode()
    refused = client_of(cast.mara).post(url, {"understood": "on", "reason": "Contract ends"})
    assert refused.status_code == 422 and words in refused.content.decode()
    assert not AssociationRequest.objects.exists()
    own = client_of(cast.hana)
    assert "has passed the check" in own.get(LEAVE).content.decode(), "08 X-27"
    assert "Account frozen" in own.get(reverse("my_partner:page")).content.decode()
    services.agree(mara, asked(association).pk)
    assert not FreezeHold.objects.filter(association=association, released_at=None).exists()


@pytest.mark.requirement("04-ASC-02", "08-CSD-02")
@pytest.mark.parametrize(
    ("submitted", "again"),
    [
        (local(2026, 1, 15), date(2026, 4, 15)),
        (local(2026, 11, 30), date(2027, 2, 28)),
        (local(2027, 11, 30), date(2028, 2, 29)),
        (local(2026, 5, 31), date(2026, 8, 31)),
        (local(2026, 8, 31), date(2026, 11, 30)),
        (local(2026, 12, 31, 23, 59), date(2027, 3, 31)),
        # In GMT+08:00 the next day has begun.
        (datetime.fromisoformat("2026-01-31T16:00:00+00:00"), date(2026, 5, 1)),
        (datetime.fromisoformat("2026-01-31T15:59:59+00:00"), date(2026, 4, 30)),
    ],
)
def test_three_calendar_months(submitted: datetime, again: date) -> None:
    assert next_request_on(submitted) == again
    facts = LeavingFacts(last_request=submitted)
    day_before = date.fromordinal(again.toordinal() - 1)
    for side in Side.CUSTOMER, Side.PARTNER:
        early, late = (check_items(facts, side, day)[0] for day in (day_before, again))
        assert (early.passed, late.passed) == (False, True)
        assert f"{again:%b %d, %Y} (GMT+08:00)" in str(early.advice)


@pytest.mark.requirement("04-ASC-02", "08-CSD-02", "07-RASC-02", "07-RASC-03", "07-RDIS-02")
@pytest.mark.parametrize("status", ["completed", "rejected", "canceled"])
def test_the_page_opens_again_at_midnight_whatever_became_of_the_request(
    status: str, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    association = may_leave(cast.harborline)
    asked(association, status=RequestStatus(status), at=local(2026, 11, 30))
    asked(association, Side.PARTNER, status=RequestStatus(status), at=local(2026, 12, 1))
    words = "The next one is possible on %s (GMT+08:00)."
    pages = (
        (cast.hana, LEAVE, "Feb 28, 2027", local(2027, 2, 28, 0)),
        (cast.mara, partner_page(association), "Mar 01, 2027", local(2027, 3, 1, 0)),
    )
    for user, url, day, midnight in pages:
        client = client_of(user)
        monkeypatch.setattr(clock, "now", lambda at=midnight: at - timedelta(seconds=1))
        assert words % day in client.get(url).content.decode()
        monkeypatch.setattr(clock, "now", lambda at=midnight: at)
        assert "has passed the check" in client.get(url).content.decode()


@pytest.mark.requirement("04-ASC-02", "08-CSD-02", "07-RASC-02")
def test_the_sides_count_each_for_itself_and_each_pair_too(cast: Cast) -> None:
    association = may_leave(cast.harborline)
    asked(association, Side.PARTNER, status=RequestStatus.REJECTED)
    assert "has passed the check" in client_of(cast.hana).get(LEAVE).content.decode()
    page = client_of(cast.mara).get(partner_page(association)).content.decode()
    assert "Only one disassociation request can be submitted within three months." in page
    delta = association_of(cast.delta)
    assert "has passed" in client_of(cast.mara).get(partner_page(delta)).content.decode()


@pytest.mark.requirement("08-CSD-02")
@pytest.mark.parametrize("initiator", [Side.CUSTOMER, Side.PARTNER])
def test_a_request_that_waits_blocks_both_sides(initiator: Side, cast: Cast) -> None:
    association = may_leave(cast.harborline)
    asked(association, initiator, at=local(2020, 1, 1))
    words = "The existing request must be processed or withdrawn first."
    for user, url in ((cast.hana, LEAVE), (cast.mara, partner_page(association))):
        assert words in client_of(user).get(url).content.decode()
    answer = client_of(cast.mara).post(
        partner_page(association), {"understood": "on", "reason": "Contract ends"}
    )
    assert answer.status_code == 422 and words in answer.content.decode()
    assert AssociationRequest.objects.count() == 1
