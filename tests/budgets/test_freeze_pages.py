"""Freezing on the pages: dialogs, batch, records, details, and what the customer reads."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Account
from budgets.choices import FreezeAction, HoldOwner, Strength
from budgets.models import FreezeHold, FreezeRecord
from budgets.refusals import BudgetInsufficient
from budgets.rules import freezing as rules
from budgets.rules.matrix import Operation
from budgets.services import pending
from budgets.views.freezing import impacts
from customers.choices import AssociationModel
from customers.models import Association
from customers.tables.management import CustomerTable
from notifications.models import Notice
from orders.services import telling
from partner_center import clock
from partner_center.actors import Actor
from tests.orders import partner

from ..accounts import steps
from ..accounts.organization import signed_in
from .conftest import live_owners, records_of, release_all, state_of
from .spending import budget, spend

pytestmark = pytest.mark.django_db
LIST = reverse("customers:list")
RECORDS = reverse("budgets:freeze-records")


def address(action: str, association) -> str:
    return reverse(f"budgets:{action}", args=[association.pk])


def words(response) -> str:
    """What is read on the page, in one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def fields(response, reason: str = "Overspending") -> dict[str, str]:
    """The form as it comes, with a reason."""
    form = response.context["form"]
    return {name: form[name].value() for name in ("customers", "seen")} | {"reason": reason}


def does(client: Client, action: str, association, reason: str = "Overspending", **more: str):
    where = address(action, association)
    return client.post(where, fields(client.get(where), reason) | more, follow=True)


@pytest.fixture
def mara(world) -> Client:
    return signed_in(world.cast.mara)


@pytest.mark.requirement("04-UNF-01", "04-FRZ-01", "04-D-16")
def test_operations_are_offered_in_the_states_that_they_are_for() -> None:
    offered = {
        state: [action.value for action in rules.OF_PARTNERS if rules.may_act(action, state)]
        for state in ("normal", "account", "resources")
    }
    assert offered == {
        "normal": ["freeze_account", "freeze_resources"],
        "account": ["freeze_resources", "unfreeze_account"],
        "resources": ["unfreeze_resources"],
    }


@pytest.mark.requirement("04-FRZ-06", "04-FRZ-07")
def test_the_page_of_impacts_is_the_matrix(world, mara) -> None:
    found = {row.words: (row.normal, row.account, row.resources) for row in impacts()}
    assert len(found) == len(Operation)
    assert {words for words, row in found.items() if row[1]} == {
        "Unsubscribe from yearly/monthly products",
        "Rename resources",
        "View resource information",
    }
    assert [words for words, row in found.items() if row[2]] == [
        "Unsubscribe from yearly/monthly products"
    ]
    assert all(row[0] for row in found.values())
    text = words(mara.get(reverse("budgets:impacts")))
    assert "Rename resources Possible Possible Refused" in text
    assert "Running pay-per-use resources incur fees Yes Yes No" in text
    assert "within 15 days" in text


@pytest.mark.requirement(
    "04-FRZ-02", "04-FRZ-03", "04-FRZ-05", "04-FRZ-08", "04-UNF-02", "04-UNF-03", "04-UNF-06"
)
@pytest.mark.requirement("04-FRZ-01", "04-CUD-03", "04-BFM-14", "06-DFZ-04")
def test_freeze_and_unfreeze_through_the_dialogs(world, goods, mara) -> None:
    """Default freeze → both frozen → Normal → account frozen → Normal, each said and recorded."""
    association, mara_user = world.tidemarks, world.cast.mara
    partner.resource(association.customer_id, goods.host_by_use, "web")
    budget(world, mara_user, association, "100")
    spend(goods, association, "30.123456789")
    text = words(mara.get(reverse("customers:details", args=[association.pk])))
    assert (
        "Account Freezing/Unfreezing Freeze Account and Resources Unfreeze Account Freeze" in text
    )
    assert "Frozen by default at association, since" in text and "You can release it." in text

    page = mara.get(address("freeze_resources", association))
    text = words(page)
    for part in (
        "Account frozen Account and resources frozen",
        "Account Name Customer Budget (USD) Total Expenditure (USD)",
        "100.00 30.12 345678 1 running",
        "1 running resource becomes unusable",
        "Unfreeze before",
        "Freeze Account and Resources Notes",
        "Impacts of Account Freeze",
        "Unfreezing may fail if your own account has been frozen.",
        "Restrict Purchase and Freeze Resources",
    ):
        assert part in text
    assert association.customer.full_name not in text
    assert 'maxlength="256"' in page.content.decode()
    assert live_owners(association) == ["default"], "looking freezes nothing"

    for reason, said in (("", "1 to 256"), ("   ", "1 to 256"), ("x" * 257, "1 to 256")):
        refused = does(mara, "freeze_resources", association, reason)
        assert refused.status_code == 422 and said in words(refused)
    assert refused.context["form"]["reason"].value() == "x" * 257, "nothing typed is lost"
    assert len(records_of(association)) == 1

    for action, said, after in (
        ("freeze_resources", "The account and resources are frozen.", "resources"),
        ("unfreeze_resources", "The account and resources are unfrozen.", "normal"),
        ("freeze_account", "The account is frozen.", "account"),
        ("unfreeze_account", "The account is unfrozen successfully.", "normal"),
    ):
        done = does(mara, action, association, f"Because of {action}")
        assert said in words(done) and done.redirect_chain[-1][0] == LIST
        assert state_of(association) == after
    shown = words(mara.get(RECORDS, {"customer": association.customer.name}))
    for action in rules.OF_PARTNERS:
        assert f"Because of {action.value}" in shown
    assert "Automatically Frozen" in CustomerTable.base_columns["automatically_frozen"].verbose_name
    told = Notice.objects.filter(account=association.customer_id, type="account_restriction")
    assert told.count() == 5, "the customer is told of every change, and of the default freeze"
    details = mara.get(f"{address('freeze_account', association)}?from=details")
    assert details.context["cancel_url"] == reverse("customers:details", args=[association.pk])


@pytest.mark.requirement("04-UNF-04", "04-BFM-08", "07-RUFZ-03", "07-RUFZ-04", "04-D-53")
def test_an_unfreeze_says_what_it_does_not_end(world, goods, mara) -> None:
    association = world.tidemarks
    budget(world, world.cast.mara, association, "50", action="restrict_freeze")
    spend(goods, association, "80")
    pending.check_pending()
    text = words(mara.get(address("unfreeze_resources", association)))
    assert "frozen upon budget exhaustion" in text and "frozen again next hour" in text
    assert "Increase the budget" in text and "at the next check of the budget" in text
    assert re.search(r"F\*+ F\*+ Yes 50\.00 80\.00|Yes 50\.00 80\.00", text)
    does(mara, "unfreeze_resources", association)
    assert state_of(association) == "normal"
    pending.check_pending()
    spend(goods, association, "1")

    release_all(world, association)
    budget(world, world.cast.mara, association, "500")
    world.hold(association, HoldOwner.DEFAULT)
    world.operator_hold(association)
    text = words(mara.get(address("unfreeze_account", association)))
    assert "stays frozen afterwards. Held by: Operator" in text
    done = words(does(mara, "unfreeze_account", association))
    assert "stays frozen: the operator has frozen it too" in done
    text = words(mara.get(address("unfreeze_account", association)))
    assert "is frozen by the operator" in text and "Reason" not in text

    release_all(world, association)
    world.hold(association, HoldOwner.QUOTA)
    refused = mara.get(address("unfreeze_account", association))
    assert "your account is frozen" in words(refused)
    assert "form" in refused.context and "Cancel" not in words(refused)


@pytest.mark.requirement("04-FRZ-04", "04-BFM-16")
def test_stale_forged_and_unverified_answers_change_nothing(world, mara) -> None:
    association, where = world.tidemarks, address("unfreeze_account", world.tidemarks)
    data = fields(mara.get(where))
    world.hold(association, HoldOwner.BUDGET)
    assert mara.post(where, data).status_code == 409
    assert mara.post(where, fields(mara.get(where)) | {"customers": "1,x"}).status_code == 422
    theirs = {"customers": str(world.meridians.pk)}
    assert mara.post(where, fields(mara.get(where)) | theirs).status_code == 404
    assert mara.get(address("freeze_account", association)).status_code == 409
    assert mara.get(address("freeze_account", world.meridians)).status_code == 404
    before = FreezeRecord.objects.count()

    Account.objects.filter(pk=world.cast.tidemark.pk).update(verifies=True)
    data = fields(mara.get(where), "Paid & settled")
    asked = mara.post(where, data)
    assert asked.status_code == 428 and "Paid &amp; settled" in asked.content.decode()
    assert FreezeRecord.objects.count() == before
    code = steps.code_sent_to(world.cast.mara.email)
    done = mara.post(where, data | {"verification_code": code})
    assert done.status_code == 302 and FreezeRecord.objects.latest("pk").code_verified


@pytest.mark.requirement("06-PRM-04", "07-RFRZ-01", "06-DX-01", "06-DFZ-02", "04-FRZ-09")
def test_only_who_controls_the_customer_is_offered_and_heard(world) -> None:
    association, cast = world.lagoons, world.cast
    dina, leo, jun = (signed_in(user) for user in (cast.dina, cast.leo, cast.jun))
    where, details = (
        address("unfreeze_account", association),
        reverse("customers:details", args=[association.pk]),
    )
    assert "Unfreeze Account" in words(dina.get(details)).replace("Unfreeze Account and", "")
    assert where in dina.get(reverse("customers:resellers")).content.decode()
    assert where not in leo.get(LIST).content.decode()
    refused = leo.get(where)
    assert refused.status_code == 403 and "Contact your distributor" in words(refused)
    assert jun.get(where).status_code in (403, 404)

    world.authorize()
    assert where not in dina.get(reverse("customers:resellers")).content.decode()
    assert where in leo.get(LIST).content.decode()
    refused = dina.get(where)
    assert refused.status_code == 403 and "managed by the reseller" in words(refused)
    assert does(leo, "unfreeze_account", association).redirect_chain[-1][0] == LIST
    assert state_of(association) == "normal"
    theirs = reverse("budgets:resellers-freeze-records")
    assert association.customer.name in words(dina.get(theirs))
    assert association.customer.name not in words(dina.get(RECORDS))
    assert leo.get(theirs).status_code == 404
    assert association.customer.name in words(leo.get(RECORDS))


@pytest.mark.requirement("04-BFM-15", "04-UNF-02", "04-BFM-16")
def test_several_customers_at_once(world, mara) -> None:
    frozen = world.tidemarks
    normal = Association.objects.get(customer=world.cast.harborline)
    other = Association.objects.get(customer=world.cast.delta)
    Association.objects.filter(pk=other.pk).update(model=AssociationModel.REFERRAL)
    ticked = {"batch": "freeze", "ids": [frozen.pk, normal.pk, other.pk]}
    choose = mara.post(LIST, ticked, follow=True)
    assert "Unfreeze Account 1 customer" in words(choose).replace("Unfreeze Account and", "")
    urls = {each["name"]: each["url"] for each in choose.context["operations"]}

    page = mara.get(urls[FreezeAction.FREEZE_RESOURCES.label])
    text = words(page)
    assert "Normal Account frozen Account and resources frozen" in text
    assert f"1 of the chosen customers is left out {other.customer.name} Not in the" in text
    done = words(mara.post(urls[FreezeAction.FREEZE_RESOURCES.label], fields(page), follow=True))
    assert "The accounts and resources of 2 customers are frozen." in done
    assert [state_of(row) for row in (frozen, normal, other)] == [
        "resources",
        "resources",
        "normal",
    ]

    where = urls[FreezeAction.UNFREEZE_RESOURCES.label]
    data = fields(mara.get(where))
    world.unfreeze(world.cast.mara, normal, Strength.RESOURCES)
    assert mara.post(where, data).status_code == 409, "all of them, or none"
    assert state_of(frozen) == "resources"
    nothing = words(mara.get(urls[FreezeAction.UNFREEZE_ACCOUNT.label]))
    assert "None of the chosen customers is in a state" in nothing
    assert mara.get(reverse("budgets:freezing")).status_code == 404
    assert FreezeHold.objects.filter(association=frozen, released_at=None).count() == 2


@pytest.mark.requirement("08-CST-02", "04-BFM-03", "04-D-10")
def test_the_customer_reads_its_own_limit(world, goods) -> None:
    association = Association.objects.get(customer=world.cast.harborline)
    hana = signed_in(world.cast.hana)

    def reads() -> list[str]:
        return [words(hana.get(page)) for page in (reverse("home"), reverse("my_bills:bills"))]

    partner_name = association.account.title
    for text in reads():
        assert f"No budget is set for you: ask your partner {partner_name} to set one." in text
    budget(world, world.cast.mara, association, "100")
    spend(goods, association, "40")
    for text in reads():
        assert "Your budget" in text and "Monthly Budget" in text and "$60.00" in text
        assert "insufficient" not in text
    spend(goods, association, "70")
    for text in reads():
        assert f"Your budget is insufficient: ask your partner {partner_name}" in text
    Association.objects.filter(pk=association.pk).update(model=AssociationModel.REFERRAL)
    assert not any("Your budget" in text for text in reads())


@pytest.mark.requirement("04-D-07", "04-RCP-05")
def test_a_renewal_that_the_budget_refuses_is_told_to_whoever_can_raise_it(world, goods) -> None:
    """The reseller, and the distributor as long as it decides; with the way to Set Budget."""
    association, cast = world.lagoons, world.cast
    resource = partner.resource(
        association.customer_id, goods.host_by_term, "web", expires_at=clock.now()
    )
    actor = Actor.system("orders.renew_due", association.customer_id, "Reef Dive")

    def told(day: int) -> dict[int, str]:
        refusal = BudgetInsufficient("Lagoon")
        telling.tell_renewal_failed(actor, resource, refusal, date(2026, 11, day))
        found = Notice.objects.filter(type="customer_renewal_failed", key__endswith=f"-{day}")
        assert all("Increase the budget before" in notice.body for notice in found)
        return dict(found.values_list("account_id", "link"))

    where = reverse("budgets:set", args=[association.pk])
    assert told(24) == {cast.lagoon.pk: where, cast.meridian.pk: where}
    world.authorize()
    assert told(25) == {cast.lagoon.pk: where}
