"""Budgets and freezing are the same for every kind of partner (04; 06 §9.2.3.1; 07 §9.3.3.1, 001)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from html import unescape

import pytest
from django.urls import reverse

from accounts.models import Account, PartnerTerms
from budgets.choices import AdjustmentSource, BudgetType, ExhaustionAction, Strength
from budgets.models import Budget, BudgetAdjustment
from budgets.queries import usage
from budgets.services import alerting, pending, setting
from budgets.services.setting import Wish
from customers.choices import AssociationModel
from customers.models import Association
from customers.services.association_messages import tell_associated
from metering.models import MonthlySpend
from notifications.models import Notice
from partner_center import clock
from tests.orders import partner

from ..accounts import steps
from ..accounts.organization import signed_in
from ..cast import _account
from ..customers.management import grant_on_behalf
from .conftest import associate, release_all, state_of
from .spending import budget, spend
from .variants import (
    LIST,
    PERMISSIONS,
    QUOTA,
    RESELLERS,
    SET,
    Side,
    each,
    page_of,
    said,
    sets,
    sides,
    words,
)

pytestmark = pytest.mark.django_db


#: What Set Budget says to everybody (04 "On-page notes to carry", 06 and 07 the same).
NOTES = (
    "Monthly Budget One-Time Budget",
    "Account freezing upon monthly budget exhaustion. Manual: Manual Freezing. Automatic: Restrict",
    "Account freezing upon one-time budget exhaustion. Manual: Manual Freezing. Automatic: Restrict",
    "Manual Freezing",
    "Restrict Purchase and Freeze Resources (which may interrupt customer services)",
    "I have read and agree to the Agreement for Partners to Manage Customer Budgets",
    "Synchronously unrestrict purchases",
    "The customer account has been frozen. Unfreeze the account to allow the customer to buy resources.",
    "Unfreeze Now",
    "(calculated based on the list prices) of the customer in the month. The budget will restore",
    "from the month in which it is set. The budget will not restore in the following month.",
    "when your customer uses 75%, 90%, or 100% of the budget of its type",
    "of yearly/monthly and pay-per-use resources and reserved instances, and some of the provisioned",
    "and reserved instances, but not the purchase of pay-per-use resources",
    "freeze the account to prevent the customer from purchasing pay-per-use resources",
    "Having no budget will not prevent the customer from purchasing pay-per-use resources",
    "To avoid additional charges, restrict purchases and freeze the resources.",
    "increase the budget and then unfreeze the account of the customer to clear the alert",
    "or the action you configured for budget exhaustion, and disputes arising out of it",
    "The customer expenditure is an estimate and may be delayed by hours.",
    "will not exempt you from the corresponding responsibility",
    "Adjustment Records",
    "Set Recipients",
)


@pytest.mark.requirement(
    "04-ONE-05", "04-ONE-12", "04-ONE-14", "04-ONE-15", "04-OTB-02", "04-OTB-06", "04-BUD-05",
    "06-DMB-01", "06-DMB-02", "06-DMB-04", "06-DOB-01", "06-DOB-03", "06-DOB-04",
    "07-RBUD-03", "07-RBUD-06", "07-RBUD-07", "07-RBUD-08", "07-RBUD-09", "07-RBUD-18",
    "07-RONE-05", "07-ROTB-07", "07-ROTB-08", "07-ROTB-14", "07-ROTB-17", "07-ROTB-19", "07-RDF-11",
    "05-BIL-14", "06-DBL-05",
)  # fmt: skip
def test_set_budget_says_the_same_to_every_kind_of_partner(world, goods) -> None:
    provider = Side(world.cast.mara, world.tidemarks, LIST)
    for side, client in each(world, [provider, *sides(world)]):
        association = side.association
        Budget.objects.all().delete()
        MonthlySpend.objects.all().delete()
        spend(goods, association, "12.123456789")
        got = client.get(page_of(association))
        text, html = words(got), got.content.decode()
        assert [note for note in NOTES if note not in text] == [], side
        assert "Monthly Budget (USD) 0.00 Current Estimate (USD) -- " in text
        assert "One-Time Budget (USD) -- Total Expenditure (USD) 12.12345678 " in text
        assert '<div class="pc-stats-part" data-pc-with="type=one_time" hidden>' in html
        assert association.customer.full_name not in text
        assert association.customer.full_name in words(
            client.post(page_of(association), {"field": "name"})
        )
        is_distributor = side.user == world.cast.dina
        assert (f'href="{PERMISSIONS}"' in html) == is_distributor
        assert ("grant or withdraw its permission under" in text) == is_distributor
        recipients = re.search(r'href="([^"]+)"[^>]*>(?:(?!</a>).)*Set Recipients', html, re.S)
        assert recipients and "Partner budget" in words(client.get(unescape(recipients[1])))

    budget(world, side.user, association, "100")
    text = words(client.get(page_of(association)))
    assert "Monthly Budget (USD) 100.00 Current Estimate (USD) 12.12345678 " in text
    budget(world, side.user, association, "50", kind="one_time")
    got = client.get(page_of(association))
    assert "One-Time Budget (USD) 50.00 Total Expenditure (USD) 12.12345678 " in words(got)
    assert "Monthly Budget (USD) -- Current Estimate (USD) -- " in words(got)
    assert 'data-pc-with="type=monthly" hidden>' in got.content.decode()


@pytest.mark.requirement(
    "04-BFM-01", "04-ONE-08", "06-DMB-01", "06-DMB-03", "06-DMB-06", "06-DOB-01",
    "06-DOB-04", "06-DOB-05", "07-RTM-05", "07-RBUD-01", "07-RBUD-02", "07-RBUD-09", "07-RBUD-15",
    "07-RONE-01", "07-RONE-04", "07-ROTB-03", "07-ROTB-09", "07-ROTB-10", "07-ROTB-11",
    "07-ROTB-12", "07-ROTB-13",
)  # fmt: skip
def test_distributor_and_reseller_set_both_types_and_unfreeze(world) -> None:
    """Default freeze → monthly with the box → both frozen → one-time with the agreement and the box."""
    for side, client in each(world, sides(world)):
        association, address = side.association, page_of(side.association)
        if side.user == world.cast.leo:
            world.freeze(side.user, association)
        assert state_of(association) == "account"
        done = sets(client, address, type="monthly", action="manual", unfreezes="on")
        assert done["Location"] == side.page
        assert said(done) == (
            "The monthly budget has been set successfully. The account is unfrozen successfully."
        )
        assert state_of(association) == "normal"

        world.freeze(side.user, association, Strength.RESOURCES)
        text = words(client.get(address))
        assert "Synchronously unrestrict purchases and unfreeze resources" in text
        strongest = {"type": "one_time", "action": "restrict_freeze", "amount": "60.00"}
        unread = sets(client, address, **strongest)
        assert unread.status_code == 422 and "Read and agree" in words(unread)
        done = sets(client, address, **strongest, agreement="on", unfreezes="on")
        assert said(done) == (
            "The one-time budget has been set successfully. The account and resources are unfrozen."
        )
        assert state_of(association) == "normal"

        one = Budget.objects.get(pk=association.pk)
        assert (one.type, one.amount, one.action) == ("one_time", 60, "restrict_freeze")
        records = BudgetAdjustment.objects.filter(association=association).order_by("-pk")[:2]
        assert [(row.type_after, row.after, row.agreement) for row in records] == [
            ("one_time", 60, "1.0"),
            ("monthly", 100, ""),
        ]
        assert records[0].at <= clock.now() and records[0].actor_name
        is_distributors = side.page == RESELLERS
        assert (records[0].source == AdjustmentSource.DISTRIBUTOR) == is_distributors
        listed = words(client.get(reverse("budgets:adjustments", args=[association.pk])))
        assert "One-Time Budget Monthly Budget 100.00 60.00 Manual Freezing Restrict" in listed


@pytest.mark.requirement(
    "06-DMB-03", "06-DOB-04", "07-RBUD-02", "07-RBUD-14", "07-RONE-04", "07-ROTB-18"
)
def test_several_customers_and_the_code(world) -> None:
    """A batch replaces what was set; with Verify It's You a reseller is asked for a code."""
    other = associate(world.cast, world.cast.lagoon, _account("corals").account)
    for side, client in each(world, sides(world)):
        ids = [str(side.association.pk), str(other.pk)]
        address = client.post(side.page, {"batch": "budget", "ids": ids}).url
        budget(world, side.user, side.association, "70")
        done = words(sets(client, address, type="one_time", amount="30.00"))
        assert SET["one_time"] in done and done.count("Set") >= 2
        found = Budget.objects.filter(pk__in=ids).values_list("type", "amount", "action")
        assert list(found) == [("one_time", Decimal("30.00"), "manual")] * 2

    leo, address = signed_in(world.cast.leo), page_of(world.lagoons)
    Account.objects.filter(pk=world.cast.lagoon.pk).update(verifies=True)
    for kind in ("monthly", "one_time"):
        assert sets(leo, address, type=kind, amount="80.00").status_code == 428
        code = steps.code_sent_to(world.cast.leo.email)
        done = sets(leo, address, type=kind, amount="80.00", verification_code=code)
        assert said(done) == SET[kind]
        assert BudgetAdjustment.objects.latest("pk").code_verified


@pytest.mark.requirement(
    "07-RBUD-12", "07-RBUD-17", "07-RONE-03", "07-ROTB-02", "07-ROTB-03", "07-ROTB-06"
)
def test_two_quotas_of_a_reseller_and_their_withdrawal(world) -> None:
    """Independent pools, shown under Budget Quota; after the withdrawal the budget stays, unmanaged."""
    leo, dina = signed_in(world.cast.leo), signed_in(world.cast.dina)
    address = page_of(world.lagoons)
    for quotas, types in (
        ({"monthly_quota": "90"}, ["monthly"]),
        ({"one_time_quota": "40"}, ["one_time"]),
        ({"monthly_quota": "90", "one_time_quota": "40"}, ["monthly", "one_time"]),
    ):
        world.withdraw()
        world.authorize(**quotas)
        assert list(leo.get(address).context["form"].offered) == types
    for kind, amount, left in (
        ("monthly", "90.01", "$90.00"),
        ("monthly", "90.00", ""),
        ("one_time", "40.01", "$40.00"),
        ("one_time", "40.00", ""),
    ):
        done = sets(leo, address, type=kind, amount=amount)
        assert (done.status_code == 422) == bool(left), (kind, amount)
        assert not left or f"the quota that is available is {left}" in words(done)
    text = words(leo.get(QUOTA))
    for part in (
        "Monthly Budget The monthly budget quota is the maximum budget you can set for your customers",
        "of the customers in the month. This budget quota will restore in the following month.",
        "Allocated/Total 0% $0.00 USD / $90.00 USD",
        "This budget quota will not restore in the following month.",
        "Allocated/Total 100% $40.00 USD / $40.00 USD",
    ):
        assert part in text, part

    world.withdraw()
    rows = leo.get(LIST).content.decode()
    assert leo.get(address).status_code == 403 and address not in rows
    assert reverse("budgets:unfreeze_account", args=[world.lagoons.pk]) not in rows
    assert 'value="budget"' not in rows and 'value="freeze"' not in rows
    assert Budget.objects.get(pk=world.lagoons.pk).amount == 40
    done = sets(dina, address, type="monthly", amount="5000.00")
    assert said(done) == SET["monthly"]


@pytest.mark.requirement("07-RTM-07", "07-RBUD-18", "07-RCUS-10", "07-RCUS-16", "08-CSA-21")
def test_details_of_a_resellers_customer(world, goods) -> None:
    """The distributor sees budget and use; the reseller's menus and cards follow its permissions."""
    association, cast = world.lagoons, world.cast
    dina, leo = signed_in(cast.dina), signed_in(cast.leo)
    where = reverse("customers:details", args=[association.pk])
    freeze, operate = (
        reverse("budgets:freeze_resources", args=[association.pk]),
        reverse("on_behalf:operate", args=[association.pk]),
    )
    for told_of, part in (
        (association, "ask your distributor to set a budget and unfreeze it"),
        (
            world.tidemarks,
            "set a budget and unfreeze it so that the customer can buy. Resources that",
        ),
    ):
        tell_associated(cast.actor(cast.olga), told_of, freezes=True)
        told = Notice.objects.get(account=told_of.account, type="customer_associated")
        assert part in told.body and "keep incurring fees" in told.body
        assert told.link == reverse("customers:details", args=[told_of.pk])
    partner.resource(association.customer_id, goods.host_by_term, "web")
    budget(world, cast.dina, association, "100")
    spend(goods, association, "30.123456789")
    got = dina.get(where)
    text = words(got)
    assert "Current Estimate (USD) 30.12 345678 Monthly Budget (USD) 100.00" in text.replace(
        "30.12345678", "30.12 345678"
    )
    assert "30% of the budget used" in got.content.decode()
    assert "still cost. Freeze Account and Resources prevents new fees." in text
    assert freeze in got.content.decode()

    html = leo.get(where).content.decode()
    assert freeze not in html and operate not in html and page_of(association) not in html
    resources = reverse("customers:resources", args=[association.pk])
    for days, count in ((7, 0), (15, 1), (30, 1)):
        found = re.search(rf'<a href="({resources}\?expiring={days})">(\d+)</a>', html)
        assert found and int(found[2]) == count
        assert (">web<" in leo.get(found[1]).content.decode()) == bool(count)
    every = reverse("customers:resources-term", args=[association.pk])
    assert f'href="{every}"' in html and "All Resources" in html
    kinds = "Yearly/Monthly Resources Pay-per-use Resources Reserved Instance Savings Plans"
    assert kinds in words(leo.get(every))
    world.authorize()
    grant_on_behalf(cast.lagoon, cast.dina)
    html = leo.get(where).content.decode()
    assert freeze in html and operate in html and page_of(association) in html
    release_all(world, association)
    menu = words(leo.get(where))
    assert "Freezing/Unfreezing Freeze Account Freeze Account and Resources Freeze Records" in menu
    world.freeze(cast.leo, association, Strength.RESOURCES)
    menu = words(leo.get(where))
    assert "Freezing/Unfreezing Unfreeze Account and Resources Freeze Records" in menu


@pytest.mark.requirement(
    "04-RM-05", "04-RMX-03", "04-ONE-02", "06-DOB-04", "07-RTM-08", "07-RBUD-07"
)
def test_alerts_name_the_remedies_to_distributor_and_reseller(world, goods) -> None:
    association, cast = world.lagoons, world.cast
    release_all(world, association)
    budget(world, cast.dina, association, "100")
    spent = 0
    both = "freeze the account (restrict purchases), or freeze the account and its resources"
    for used, remedy in (
        (75, f"adjust the budget, {both}"),
        (90, f"adjust the budget, {both}"),
        (130, f"increase the budget and unfreeze the customer if it is frozen, {both}"),
    ):
        spend(goods, association, str(used - spent))
        spent = used
        pending.enqueue({association.customer_id}, clock.now())
        pending.check_pending()
        assert alerting.tell_pending() == 1
        told = Notice.objects.filter(type="partner_budget", title__contains=f"{used}%")
        assert {notice.account_id for notice in told} == {cast.lagoon.pk, cast.meridian.pk}
        assert all(remedy in notice.body for notice in told)


OCTOBER, NOVEMBER, DECEMBER, JANUARY = (
    datetime(year, month, 20, 4, tzinfo=UTC)
    for year, month in ((2026, 10), (2026, 11), (2026, 12), (2027, 1))
)
MONTHLY, ONE_TIME = BudgetType.MONTHLY, BudgetType.ONE_TIME


@pytest.mark.requirement(
    "04-BFM-01", "04-RM-02", "04-RM-03", "04-RMX-02", "04-ONE-15", "06-DMB-05", "06-DOB-02",
    "06-DOB-06", "07-RTM-06", "07-RONE-02", "07-ROTB-04", "07-ROTB-15", "07-ROTB-16",
)  # fmt: skip
def test_what_counts_is_list_price_by_month_or_from_the_month_of_the_switch(world, goods) -> None:
    association = world.tidemarks
    for amount, moment in (("80", OCTOBER), ("90", NOVEMBER), ("5", DECEMBER)):
        spend(goods, association, amount, at=moment)
    MonthlySpend.objects.update(discount_amount=3)
    for kind, set_at, expected in (
        (MONTHLY, NOVEMBER, {NOVEMBER: 90, DECEMBER: 5, JANUARY: 0}),
        (ONE_TIME, NOVEMBER, {NOVEMBER: 90, DECEMBER: 95, JANUARY: 95}),
        (MONTHLY, DECEMBER, {DECEMBER: 5, JANUARY: 0}),
        (ONE_TIME, DECEMBER, {DECEMBER: 5, JANUARY: 5}),
    ):
        setting.carry_out(
            world.cast.actor(world.cast.mara),
            association_ids=[association.pk],
            wish=Wish(kind, Decimal(100), ExhaustionAction.MANUAL),
            source=AdjustmentSource.SINGLE,
            moment=set_at,
        )
        assert Budget.objects.get().type == kind, "one, whatever came before"
        for moment, used in expected.items():
            assert usage.used_of([association.pk], moment) == {association.pk: used}


@pytest.mark.requirement(
    "06-DCU-05", "06-DCU-10", "06-DMB-01", "06-DMB-02", "06-DOB-01", "06-DFZ-01", "06-DUF-01"
)
def test_lists_of_a_distributor_offer_what_is_its_to_do(world) -> None:
    cast = world.cast
    PartnerTerms.objects.create(account=cast.meridian, may_discount=True)
    dina = signed_in(cast.dina)
    own, theirs = (dina.get(page).content.decode() for page in (LIST, RESELLERS))
    for button in ("budget", "freeze", "discount", "assign"):
        assert f'value="{button}"' in own, button
    for operation in ("set", "freeze_resources", "unfreeze_account"):
        assert reverse(f"budgets:{operation}", args=[world.meridians.pk]) in own
    done = sets(dina, page_of(world.meridians), unfreezes="on")
    assert said(done).startswith(SET["monthly"]) and done["Location"] == LIST
    assert state_of(world.meridians) == "normal"
    assert "Export Selected" in own and "Export Selected" in theirs
    assert 'value="discount"' not in theirs and 'value="assign"' not in theirs
    looks = ("View Orders", "View Resources", "View Expenditure")
    assert all(each in theirs for each in looks)
    absent = ("Create Discount", "Issue Coupon", "Assign Account Manager")
    assert [each for each in absent if each in theirs] == []
    mine = [page_of(world.lagoons), reverse("budgets:unfreeze_account", args=[world.lagoons.pk])]
    assert all(each in theirs for each in mine)
    world.authorize()
    theirs = dina.get(RESELLERS).content.decode()
    assert not any(each in theirs for each in mine)
    for address in mine:
        refused = dina.get(address)
        assert refused.status_code == 403 and "managed by the reseller" in words(refused)
    Association.objects.filter(pk=world.meridians.pk).update(model=AssociationModel.REFERRAL)
    assert dina.get(page_of(world.meridians)).status_code == 422
