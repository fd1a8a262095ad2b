"""Budgets on the pages around Set Budget: lists, exports, details, quota tab, grants."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from budgets.choices import HoldOwner
from customers.choices import AssociationModel
from customers.models import Association
from customers.views.management import CustomerListView
from partner_center.lists.exporter import ListExporter
from resellers.models import ResellerAssociation, ResellerBudgetGrant

from ..accounts.organization import signed_in
from .conftest import code_for
from .spending import budget, check, spend
from .test_set_page import LIST, page, words

pytestmark = pytest.mark.django_db
RESELLERS = reverse("customers:resellers")
COLUMNS = ["monthly_budget", "one_time_budget", "budget_usage", "current_estimate"]


def _exported(actor, **params) -> dict[str, tuple]:
    exporter = ListExporter("x", "x", "", CustomerListView.definition())
    source = exporter.source(actor, {"columns": ["name", *COLUMNS]} | params)
    values = {f"v{n}": column.value for n, column in enumerate(source.columns)}
    rows = source.queryset.annotate(**values).values_list(*values)
    return {name: figures for name, _masked, *figures in rows}


@pytest.mark.requirement("04-CUS-04", "04-CUS-10", "04-BFM-03", "07-RCUS-06", "06-DCU-04")
def test_lists_show_budget_and_usage_of_each_customer(world, goods) -> None:
    """Never set, in use (monthly), used up (one-time), withdrawn; figures in files are the same."""
    mara, association = signed_in(world.cast.mara), world.tidemarks
    other = Association.objects.get(customer=world.cast.harborline)
    name, actor = association.customer.name, world.cast.actor(world.cast.mara)
    spend(goods, association, "89.999999999")
    spend(goods, other, "120")

    def row() -> str:
        text = words(mara.get(LIST, {"q": name}))
        return text[text.index(f"{name} ") :]

    assert [None if x is None else float(x) for x in _exported(actor)[name]] == [
        0,
        None,
        None,
        None,
    ]
    assert "0.00 -- -- no budget" in row()
    budget(world, world.cast.mara, association, "100")
    budget(world, world.cast.mara, other, "100", kind="one_time", action="restrict")
    assert "100.00 -- 89%" in row() and "89% of the budget used" in mara.get(LIST).content.decode()
    figures = _exported(actor)
    assert [str(x) for x in figures[name][:3]] == ["100.00", "None", "89"]
    assert figures[name][3] > 89 and figures[other.customer.name][3] is None
    assert [str(x) for x in figures[other.customer.name][:3]] == ["None", "100.00", "120"]

    for query, expected in (
        ({"usage": "75"}, {name, other.customer.name}),
        ({"usage": "90"}, {other.customer.name}),
        ({"usage": "100"}, {other.customer.name}),
        ({"usage": "none"}, set()),
        ({"automatic": "yes"}, set()),
    ):
        html = mara.get(LIST, query).content.decode()
        shown = {each for each in (name, other.customer.name) if f">{each}</a>" in html}
        assert shown == expected, query
    check()
    for query, ordered in (
        ({"view": "exceeding"}, [name]),
        ({"view": "used_up"}, [other.customer.name]),
        ({"view": "no_budget"}, []),
        ({"sort": "-budget_usage"}, [other.customer.name, name]),
        ({"sort": "-one_time_budget"}, [other.customer.name, name]),
        ({"sort": "-monthly_budget"}, [name, other.customer.name]),
    ):
        rows = mara.get(LIST, query).context["rows"]
        found = [row.label for row in rows if row.label in (name, other.customer.name)]
        assert found == ordered, query
    spend(goods, other, "-30")  # told once does not mean used up for ever
    assert not mara.get(LIST, {"view": "used_up"}).context["rows"]
    world.hold(other, HoldOwner.BUDGET)
    html = mara.get(LIST, {"automatic": "yes"}).content.decode()
    assert f">{other.customer.name}</a>" in html and f">{name}</a>" not in html

    budget(world, world.cast.mara, other, "0", kind="one_time")
    assert [str(x) for x in _exported(actor)[other.customer.name][:3]] == ["None", "0.00", "None"]
    Association.objects.filter(pk=association.pk).update(model=AssociationModel.REFERRAL)
    assert _exported(actor)[name][0] is None


@pytest.mark.requirement(
    "06-PRM-04", "06-DCU-07", "07-RCUS-07", "07-RCUS-03", "04-BUD-02", "04-BFM-13"
)
def test_set_budget_is_offered_to_whoever_controls_the_customer(world) -> None:
    mara, dina, leo = map(signed_in, (world.cast.mara, world.cast.dina, world.cast.leo))
    jun = signed_in(world.cast.jun)

    def offers(client, address, association) -> list[bool]:
        html = client.get(address).content.decode()
        details = client.get(reverse("customers:details", args=[association.pk])).content.decode()
        return [page(association) in html, 'value="budget"' in html, page(association) in details]

    assert offers(mara, LIST, world.tidemarks) == [True] * 3
    assert not any(offers(jun, LIST, Association.objects.get(customer=world.cast.harborline)))
    assert offers(dina, RESELLERS, world.lagoons) == [True] * 3
    assert offers(leo, LIST, world.lagoons) == [False] * 3
    world.authorize()
    assert offers(leo, LIST, world.lagoons) == [True] * 3
    # No reseller leaves the distributor anything to decide: the batch button has gone, too.
    assert offers(dina, RESELLERS, world.lagoons) == [False] * 3
    world.withdraw()
    assert offers(leo, LIST, world.lagoons) == [False] * 3


@pytest.mark.requirement("04-CUD-04", "04-CUD-01", "07-RCUS-13")
def test_details_have_the_card_and_the_mode(world, goods) -> None:
    mara, association = signed_in(world.cast.mara), world.tidemarks
    address = reverse("customers:details", args=[association.pk])
    text = words(mara.get(address))
    assert "Current Estimate (USD) -- Monthly Budget (USD) 0.00" in text
    assert not re.search(r"(Manual|Automatic) ", text.split("Account Name")[0])
    spend(goods, association, "30")
    budget(world, world.cast.mara, association, "40", kind="one_time", action="restrict")
    html = mara.get(address).content.decode()
    assert (
        '<span class="pc-chip">Automatic</span>' in html
        and f"{page(association)}?from=details" in html
    )
    text = words(mara.get(address))
    assert "Total Expenditure (USD) 30.00 Budget Usage 75% One-Time Budget (USD) 40.00" in text
    assert "View Details" in text
    budget(world, world.cast.mara, association, "40")
    html = mara.get(address).content.decode()
    assert '<span class="pc-chip">Manual</span>' in html
    assert "Current Estimate (USD) 30.00 Monthly Budget (USD) 40.00" in words(mara.get(address))


@pytest.mark.requirement(
    "04-BFM-12", "04-ONE-04", "06-PRM-09", "07-RBUD-11", "07-RBUD-13", "04-D-40"
)
def test_the_quota_tab_shows_what_is_granted_and_allocated(world) -> None:
    address, leo = reverse("information:budget-quota"), signed_in(world.cast.leo)
    assert "contact your associated distributor" in words(leo.get(address)).lower()
    world.authorize(monthly_quota="1000")
    budget(world, world.cast.leo, world.lagoons, "250.50")
    text = words(leo.get(address))
    assert "Allocated/Total 25% $250.50 USD / $1,000.00 USD" in text
    assert "Quota available $749.50 USD" in text and "View/Set Customer Budget" in text
    assert "one-time budget quota" not in text
    assert "Budget Quota" in words(leo.get(reverse("information:account")))
    for user in (world.cast.mara, world.cast.dina):
        assert signed_in(user).get(address).status_code == 404


@pytest.mark.requirement("06-PRM-13", "04-D-40")
def test_a_quota_below_what_is_allocated_is_refused_beside_the_field(world) -> None:
    world.authorize(monthly_quota="1000")
    budget(world, world.cast.leo, world.lagoons, "300")
    under = ResellerAssociation.objects.get(reseller=world.cast.lagoon, ended_at=None)
    address, dina = reverse("resellers:permissions", args=[under.pk]), signed_in(world.cast.dina)
    seen = dina.get(address).context["form"]["seen"].value()
    code = code_for(world.cast.actor(world.cast.dina), "resellers.set_budget_grant")
    entered = {"authorize": "on", "seen": seen, "verification_code": code}
    for quotas in ({"monthly_quota": "299.99"}, {"one_time_quota": "500"}):
        answer = dina.post(address, entered | quotas)
        assert answer.status_code == 422
        assert "already allocated $300.00" in answer.context["form"].errors["monthly_quota"][0]
    assert ResellerBudgetGrant.objects.count() == 1
    assert dina.post(address, entered | {"monthly_quota": "300"}).status_code == 302
