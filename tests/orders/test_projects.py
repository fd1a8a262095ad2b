"""Enterprise projects: made by customers, chosen at buying, carried by charges (08 §10.5, B.30)."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.services import enterprise
from metering.queries import api, bills, costs
from metering.queries.api import Accounts, Asked
from metering.rules.costs import Bucket
from orders.models import CustomerOrder, OrderItem
from orders.services import operating, paying, renewing
from partner_center.refusals import NotFound
from resources.models import CloudResource, EnterpriseProject, ProjectStay
from resources.queries import api as resource_queries
from resources.queries import projects as queries
from resources.refusals import ProjectNameMissing, ProjectNameTaken, ProjectsNotEnabled
from resources.services import projects

pytestmark = pytest.mark.django_db

EVS = "hws.service.type.ebs"


@pytest.fixture
def hana(shop) -> Client:
    client = Client()
    client.force_login(shop.cast.hana)
    return client


def words(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def made(shop, *names: str) -> list[EnterpriseProject]:
    enterprise.enable_projects(shop.customer)
    return [projects.create(shop.customer, name) for name in names]


def stranger(shop) -> User:
    return User.objects.get(account=shop.cast.delta, is_main=True)


@pytest.mark.requirement("08-BUY-02", "api-B.54")
def test_a_customer_makes_projects_of_its_own(shop, hana) -> None:
    page, create = reverse("enterprise:projects"), reverse("enterprise:project-create")
    refused = hana.post(create, {"name": "Shop", "description": "web shop"})
    assert refused.status_code == 422 and "enable enterprise projects first" in words(refused)
    assert 'value="Shop"' in refused.content.decode(), "nothing typed is lost"
    with pytest.raises(ProjectsNotEnabled):
        projects.create(shop.customer, "Shop")
    hana.post(reverse("enterprise:projects-enable"))
    assert hana.get(create).status_code == 200
    assert hana.post(create, {"name": " Shop ", "description": "web shop"}).status_code == 302
    project = EnterpriseProject.objects.get()
    assert (project.name, project.account) == ("Shop", shop.cast.harborline)
    for name, refusal in ((" ", ProjectNameMissing), ("x" * 65, ProjectNameMissing)):
        with pytest.raises(refusal):
            projects.create(shop.customer, name)
    for taken in ("SHOP", "Default"):
        with pytest.raises(ProjectNameTaken):
            projects.create(shop.customer, taken)
    shown = words(hana.get(page))
    assert "Shop" in shown and "web shop" in shown and "default" in shown
    modify = reverse("enterprise:project-modify", args=[project.pk])
    seen = hana.get(modify).context["form"].initial["seen"]
    assert hana.post(modify, {"name": "Store", "seen": seen}).status_code == 302
    stale = hana.post(modify, {"name": "Bazaar", "seen": seen})
    assert stale.status_code in (409, 422)
    project.refresh_from_db()
    assert project.name == "Store"
    other = Client()
    other.force_login(stranger(shop))
    assert other.get(modify).status_code == other.post(modify, {"name": "x"}).status_code == 404
    partner = Client()
    partner.force_login(shop.cast.mara)
    assert partner.post(create, {"name": "x"}).status_code == 404


@pytest.mark.requirement("08-BUY-02", "08-BUY-03")
def test_a_project_is_chosen_when_buying_and_can_be_changed(shop, hana) -> None:
    store, lab = made(shop, "Store", "Lab")
    sent = {
        "mode": "period",
        "region": shop.goods.region.pk,
        "product": shop.goods.disk_by_term.pk,
        "size": 40,
        "name": "data",
        "duration": "month:1",
        "quantity": 1,
        "project": store.pk,
    }
    confirm = reverse("console:confirm", args=[EVS])
    page = hana.get(confirm, sent)
    assert "Enterprise Project Store" in words(page)
    hana.post(f"{confirm}?{page.request['QUERY_STRING']}", {"agrees": "on"})
    assert OrderItem.objects.get().project == store
    paying.pay(shop.customer, CustomerOrder.objects.get().pk)
    disk = CloudResource.objects.get()
    assert disk.project == store
    by_use = shop.use(shop.goods.host_by_use, project_id=store.pk)
    attached = shop.use(shop.goods.disk_by_use, size=10)
    CloudResource.objects.filter(pk=attached.pk).update(parent=by_use)
    foreign = EnterpriseProject.objects.create(
        account=shop.cast.delta, name="Theirs", created_at=by_use.created_at
    )
    with pytest.raises(NotFound):
        shop.use(shop.goods.host_by_use, project_id=foreign.pk)
    with pytest.raises(NotFound):
        operating.move(shop.customer, by_use.pk, foreign.pk)
    with pytest.raises(NotFound):
        operating.move(shop.cast.actor(stranger(shop)), by_use.pk, foreign.pk)
    assert hana.get(confirm, sent | {"project": foreign.pk}).status_code == 422
    move = reverse("console:project", args=[by_use.pk])
    assert "Lab" in words(hana.get(move)) and "Theirs" not in words(hana.get(move))
    assert hana.post(move, {"project": foreign.pk}).status_code == 422
    assert hana.post(move, {"project": lab.pk}).status_code == 302
    kept = CloudResource.objects.filter(pk__in=[by_use.pk, attached.pk])
    assert {row.project for row in kept} == {lab}, "what is attached goes with it"
    resources = reverse("console:resources")
    found = hana.get(resources, {"project": lab.pk}).context["page"].object_list
    assert {row.pk for row in found} == {by_use.pk, attached.pk}
    hana.post(move, {"project": ""})
    assert not ProjectStay.objects.filter(project=lab, ended_at=None).exists()
    default = hana.get(resources, {"project": "default"}).context["page"].object_list
    assert {row.pk for row in default} == {by_use.pk, attached.pk}
    assert "Store" in words(hana.get(reverse("console:resource", args=[disk.pk])))
    (shown,) = resource_queries.term_resources(shop.customer, "", {})
    assert shown.project == store
    for key, found in ((str(store.public_id), 1), (str(lab.public_id), 0), ("0", 0), ("x", 0)):
        rows = CloudResource.objects.filter(queries.named(key), pk=disk.pk)
        assert rows.count() == found, key


@pytest.mark.requirement("api-B.29", "api-B.30", "api-B.32", "08-BUY-07")
def test_a_charge_stays_in_the_project_of_its_moment(shop, hana) -> None:
    store, lab = made(shop, "Store", "Lab")
    shop.clock("2026-11-01 10:00")
    host = shop.buy(shop.goods.host_by_term, project_id=store.pk)  # 50.00
    shop.buy(shop.goods.disk_by_term, size=100)  # 10.00, in the default project
    shop.clock("2026-11-10 10:00")
    operating.move(shop.customer, host.pk, lab.pk)
    shop.clock("2026-11-15 10:00")
    renewing.renew(shop.customer, [host.pk], "month", 2, pay_now=True)  # 100.00
    costing = {str(store.public_id): 50, str(lab.public_id): 100, "0": 10, "x": 0, "": 0}
    for key, amount in costing.items():
        asked = Asked("2026-11", Accounts("oneself"), project=key)
        assert bills.total_of(shop.customer, "2026-11", key) == amount, key
        assert sum(row["official"] for row in api.monthly_sums(shop.customer, asked)) == amount
        singles = api.resource_rows(shop.customer, asked, api.SINGLE)
        assert [row["official"] for row in singles] == ([amount] if amount else []), key
    every = api.resource_rows(shop.customer, Asked("2026-11"), api.BY_CYCLE)
    assert {(row["project_name"], row["official"]) for row in every} == {
        ("Store", Decimal(50)),
        ("Lab", Decimal(100)),
        ("default", Decimal(10)),
    }
    by_project = costs.GroupKey("dimension", "ENTERPRISE_PROJECT_ID")
    month = [Bucket("2026-11", date(2026, 11, 1), date(2026, 11, 30))]
    rows = costs.cost_rows(shop.customer, month, [by_project], [], amortized=False)
    totals = {row.values[0]: row.total[1] for row in rows}
    assert totals == {key: amount for key, amount in costing.items() if amount}
    page = words(
        hana.get(reverse("my_bills:bills"), {"cycle": "2026-11", "project": lab.public_id})
    )
    assert "100.00" in page and "160.00" in words(hana.get(reverse("my_bills:bills")))
    by_resource = reverse("my_bills:resources")
    narrowed = words(hana.get(by_resource, {"cycle": "2026-11", "project": store.public_id}))
    assert host.resource_id in narrowed and "Total Records: 1" in narrowed
