"""Set Budget: the page, its preview, the confirmation and what is refused."""

from __future__ import annotations

import re
from decimal import Decimal
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Account
from budgets.choices import AdjustmentSource, FreezeStatus, Strength
from budgets.models import Budget, BudgetAdjustment
from customers.choices import AssociationModel
from customers.models import Association

from ..accounts.organization import signed_in
from .conftest import release_all, state_of
from .spending import budget, spend

pytestmark = pytest.mark.django_db
LIST = "/sales/customers"


def page(association) -> str:
    return reverse("budgets:set", args=[association.pk])


def words(response) -> str:
    """What is read on the page, in one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def fields(client: Client, address: str, **changes: str) -> dict[str, str]:
    """The form as it comes, with what somebody enters."""
    form = client.get(address).context["form"]
    found = {name: form[name].value() for name in ("type", "action", "seen", "agreed_version")}
    return found | {"amount": "100.00"} | changes


def sends(client: Client, association, **changes: str):
    address = page(association)
    return client.post(address, fields(client, address, **changes))


def sets(client: Client, association, **changes: str):
    return sends(client, association, confirmed="1", **changes)


@pytest.fixture
def mara(world) -> Client:
    return signed_in(world.cast.mara)


@pytest.mark.requirement("04-BUD-03", "04-OTB-01", "04-ONE-07", "04-BUD-06", "04-BUD-11")
def test_the_page_says_what_is_set_and_offers_what_fits(world, goods, mara) -> None:
    association = world.tidemarks
    first = mara.get(page(association))
    assert first.context["form"]["amount"].value() is None
    text = words(first)
    assert "Monthly Budget (USD) 0.00 Current Estimate (USD) --" in text
    assert "Synchronously unrestrict purchases" in text
    assert "purchases and unfreeze resources" not in text
    for note in (
        "75%, 90%, or 100%",
        "will not exempt you",
        "Set Recipients",
        "Adjustment Records",
    ):
        assert note in text
    assert association.customer.full_name not in text

    spend(goods, association, "30.123456789")
    budget(world, world.cast.mara, association, "150")
    assert "Monthly Budget (USD) 150.00 Current Estimate (USD) 30.12345678 " in words(
        mara.get(page(association))
    )
    world.freeze(world.cast.mara, association, Strength.RESOURCES)
    text = words(mara.get(page(association)))
    assert "Synchronously unrestrict purchases and unfreeze resources" in text

    release_all(world, association)
    budget(world, world.cast.mara, association, "40", kind="one_time")
    text = words(mara.get(page(association)))
    assert "One-Time Budget (USD) 40.00 Total Expenditure (USD) 30.12345678 " in text
    assert "Synchronously" not in text


@pytest.mark.requirement("04-ONE-09", "04-BUD-03")
def test_the_masked_name_is_shown_in_full_once(world, mara) -> None:
    name = world.tidemarks.customer.full_name
    shown = mara.post(page(world.tidemarks), {"field": "name"})
    assert name in words(shown)
    fragment = mara.post(page(world.tidemarks), {"field": "name"}, headers={"HX-Request": "true"})
    assert name in words(fragment) and b"<html" not in fragment.content
    assert mara.post(page(world.tidemarks), {"field": "password"}).status_code == 404


@pytest.mark.requirement("04-BUD-04", "04-BUD-06", "04-BUD-08", "04-OTB-04", "04-RMX-01")
@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("monthly", "The monthly budget has been set successfully."),
        ("one_time", "The one-time budget has been set successfully."),
    ],
)
def test_a_budget_is_previewed_confirmed_and_set(world, mara, kind, said) -> None:
    association = world.tidemarks
    asked = sends(mara, association, type=kind, unfreezes="on")
    assert asked.status_code == 200 and "What changes when you confirm" in words(asked)
    assert not Budget.objects.exists() and state_of(association) == FreezeStatus.ACCOUNT

    done = mara.post(
        page(association) + "?from=details",
        fields(mara, page(association), type=kind, unfreezes="on", confirmed="1"),
        follow=True,
    )
    assert done.redirect_chain == [(reverse("customers:details", args=[association.pk]), 302)]
    assert said in words(done) and "unfrozen successfully" in words(done)
    assert Budget.objects.get().amount == Decimal("100.00")
    assert state_of(association) == FreezeStatus.NORMAL
    record = BudgetAdjustment.objects.get()
    assert (record.source, record.unfrozen) == (AdjustmentSource.SINGLE, True)


@pytest.mark.requirement("04-BUD-04", "04-D-12")
def test_what_was_previewed_is_set_at_once_while_something_is_left(world, goods, mara) -> None:
    association = world.tidemarks
    spend(goods, association, "60")
    for amount, at_once in (("100.00", True), ("60.00", False), ("0.00", False)):
        entered = fields(mara, page(association), amount=amount)
        preview = mara.post(page(association), entered | {"preview": "1"})
        digest = preview.context["previews"].digest
        answer = mara.post(page(association), entered | {"previewed": digest})
        assert (answer.status_code == 302) == at_once, amount
    assert Budget.objects.get().amount == Decimal("100.00")
    answer = sends(mara, association, amount="200.00", previewed="of something else")
    assert answer.status_code == 200 and Budget.objects.get().amount == Decimal("100.00")


@pytest.mark.requirement("04-D-12", "04-D-11")
def test_what_leaves_nothing_is_asked_with_its_consequence(world, goods, mara) -> None:
    association = world.tidemarks
    release_all(world, association)
    spend(goods, association, "120")
    budget(world, world.cast.mara, association, "1000")
    for changes, said in (
        ({"amount": "0"}, "The budget is withdrawn: prepaid purchases are blocked"),
        ({}, "The usage will be 120%: prepaid purchases are blocked at once."),
        ({"action": "restrict"}, "The account is frozen at the next evaluation"),
    ):
        text = words(sends(mara, association, **changes))
        assert said in text, changes
        assert "Buy yearly/monthly products" in text
    text = words(sends(mara, association, action="restrict"))
    assert "Account frozen" in text and "Buy pay-per-use and spot products" in text
    assert Budget.objects.get().amount == Decimal(1000)
    done = mara.post(
        page(association), fields(mara, page(association), amount="0", confirmed="1"), follow=True
    )
    assert "The budget has been withdrawn." in words(done)


@pytest.mark.requirement("04-BUD-07", "04-ONE-13")
def test_verify_its_you_asks_for_a_code_and_loses_nothing(world, mara) -> None:
    Account.objects.filter(pk=world.cast.tidemark.pk).update(verifies=True)
    asked = sets(mara, world.tidemarks)
    assert asked.status_code == 428
    assert '<textarea name="amount" hidden>\n100.00</textarea>' in asked.content.decode()
    assert not Budget.objects.exists()


@pytest.mark.requirement("04-D-11", "04-ONE-06", "04-BUD-01")
@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        *(
            ({"amount": amount}, "amount", "from 0.00 to 2,147,483,647.00")
            for amount in ("", "-1", "1.001", "2147483647.01", "ten", "NaN", "1e400")
        ),
        ({"type": "weekly"}, "type", "Select a valid choice"),
        ({"action": "nothing"}, "action", "Select a valid choice"),
        ({"action": "restrict_freeze"}, "agreement", "Read and agree"),
    ],
)
def test_wrong_input_is_refused_beside_the_field(world, mara, changes, field, said) -> None:
    answer = sets(mara, world.tidemarks, **changes)
    assert answer.status_code == 422
    assert said in answer.context["form"].errors[field][0]
    assert not Budget.objects.exists()
    if "amount" in changes:
        assert answer.context["form"]["amount"].value() == changes["amount"]
        preview = sends(mara, world.tidemarks, preview="1", **changes)
        assert preview.status_code == 200 and "enter an amount" in words(preview)


@pytest.mark.requirement("04-BUD-01", "06-PRM-04", "04-ONE-01", "07-RCUS-07")
def test_who_may_not_is_refused_and_who_is_foreign_finds_nothing(world, mara) -> None:
    dina, leo = signed_in(world.cast.dina), signed_in(world.cast.leo)
    jun, lagoons = signed_in(world.cast.jun), world.lagoons
    cases = [
        (mara, world.meridians, 404),
        (signed_in(world.cast.olga), world.tidemarks, 404),
        (jun, world.tidemarks, 403),
        (leo, lagoons, 403),
        (dina, lagoons, 200),
    ]
    for client, association, status in cases:
        assert client.get(page(association)).status_code == status
        posted = client.post(page(association), {"amount": "1", "confirmed": "1"})
        assert posted.status_code == (422 if status == 200 else status)
    world.authorize(monthly_quota="10")
    assert dina.get(page(lagoons)).status_code == 403
    assert leo.get(page(lagoons)).status_code == 200
    Association.objects.filter(pk=world.tidemarks.pk).update(model=AssociationModel.REFERRAL)
    assert mara.get(page(world.tidemarks)).status_code == 422
    assert not Budget.objects.exists()


@pytest.mark.requirement("04-BUD-10", "04-OTB-05", "04-ONE-03", "07-ROTB-01", "07-RBUD-10")
def test_a_reseller_sees_its_quota_and_the_types_it_was_given(world) -> None:
    world.authorize(monthly_quota="1000")
    leo, association = signed_in(world.cast.leo), world.lagoons
    budget(world, world.cast.leo, association, "300")
    got = leo.get(page(association))
    assert list(got.context["form"].offered) == ["monthly"]
    # What this customer has already is free for it again.
    assert "Available quota: $1,000.00 USD" in words(got)
    assert "contact your distributor to set a one-time budget quota" in words(got)
    answer = sets(leo, association, amount="1000.01")
    assert "the quota that is available is $1,000.00" in answer.context["form"].errors["amount"][0]
    assert sets(leo, association, type="one_time").status_code == 422
    assert Budget.objects.get().amount == Decimal(300)


def test_a_page_that_is_out_of_date_changes_nothing(world, mara) -> None:
    entered = fields(mara, page(world.tidemarks)) | {"confirmed": "1"}
    budget(world, world.cast.mara, world.tidemarks, "5")
    assert mara.post(page(world.tidemarks), entered).status_code == 409
    assert Budget.objects.get().amount == Decimal(5)


@pytest.mark.requirement("04-BFM-15", "04-D-14", "04-BUD-02")
def test_a_batch_sets_all_and_says_what_became_of_each(world, goods, mara) -> None:
    other = Association.objects.get(customer=world.cast.harborline)
    world.operator_hold(other)
    chosen = {"batch": "budget", "ids": [str(world.tidemarks.pk), str(other.pk)]}
    address = mara.post(LIST, chosen).url
    assert "budgets of 2 customers" in words(mara.get(address))
    entered = fields(mara, address, unfreezes="on")
    asked = mara.post(address, entered | {"previewed": "1"})
    assert "Customers 2 Unfrozen 1" in words(asked) and not Budget.objects.exists()
    done = words(mara.post(address, entered | {"confirmed": "1"}))
    assert "The monthly budget has been set successfully." in done
    assert "Set and unfrozen" in done
    assert "stays frozen: the operator has frozen it too" in done
    assert {row.amount for row in Budget.objects.all()} == {Decimal("100.00")}
    sources = BudgetAdjustment.objects.values_list("source", flat=True)
    assert set(sources) == {AdjustmentSource.BATCH}
    assert mara.get(reverse("budgets:set-batch")).status_code == 404


@pytest.mark.requirement("04-BFM-15", "04-BUD-01", "06-PRM-04")
def test_a_batch_names_those_whose_budget_is_not_its_to_set(world, mara) -> None:
    other = Association.objects.get(customer=world.cast.harborline)
    Association.objects.filter(pk=other.pk).update(model=AssociationModel.REFERRAL)
    chosen = {"batch": "budget", "ids": [str(world.tidemarks.pk), str(other.pk)]}
    address = mara.post(LIST, chosen).url
    left_out = f"{other.customer.name} Not in the Reseller model"
    asked = words(mara.get(address))
    assert "replaces the budget of 1 customer." in asked and left_out in asked
    entered = fields(mara, address) | {"confirmed": "1"}
    done = words(mara.post(address, entered))
    assert f"{other.customer.name} Not set Not in the Reseller model" in done
    assert [row.association for row in Budget.objects.all()] == [world.tidemarks]
    Association.objects.filter(pk=world.tidemarks.pk).update(model=AssociationModel.REFERRAL)
    for answer in (mara.get(address), mara.post(address, entered)):
        assert "none of the chosen customers is yours to set" in words(answer)
    world.authorize(monthly_quota="10")
    dina = signed_in(world.cast.dina)
    assert "Freeze/Unfreeze" not in words(dina.get(reverse("customers:resellers")))


@pytest.mark.requirement("04-ONE-06")
def test_the_agreement_is_read_in_a_dialog_and_its_version_kept(world, mara) -> None:
    shown = mara.get(reverse("budgets:agreement"), headers={"HX-Request": "true"})
    assert "Version 1.0" in words(shown)
    sets(mara, world.tidemarks, action="restrict_freeze", agreement="on")
    assert BudgetAdjustment.objects.get().agreement == "1.0"


@pytest.mark.requirement("04-BUD-08", "04-ONE-09", "04-BFM-14", "04-D-12")
def test_adjustment_records_list_every_change(world, mara) -> None:
    association = world.tidemarks
    budget(world, world.cast.mara, association, "100")
    budget(world, world.cast.mara, association, "50", kind="one_time", action="restrict")
    text = words(mara.get(reverse("budgets:adjustments", args=[association.pk])))
    for each in (
        "One-Time Budget Monthly Budget 100.00 50.00 Manual Freezing Restrict Purchase No Single",
        "Monthly Budget -- 100.00 -- Manual Freezing No Single",
    ):
        assert each in text
    foreign = reverse("budgets:adjustments", args=[world.meridians.pk])
    assert mara.get(foreign).status_code == 404
