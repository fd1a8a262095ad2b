"""The customer's console: configuration, confirmation, pay page, resources, renewals (08 §10.5)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, RoleAssignment
from budgets.choices import HoldOwner, Strength
from budgets.services import holds
from catalog.choices import Period
from catalog.models import ListPrice
from orders.models import CustomerOrder
from orders.services import renewing
from partner_center import clock
from resources.models import CloudResource

from ..goods import LONG_AGO

pytestmark = pytest.mark.django_db

EVS = "hws.service.type.ebs"


@pytest.fixture
def hana(shop) -> Client:
    client = Client()
    client.force_login(shop.cast.hana)
    return client


def raw(answer) -> str:
    return " ".join(answer.content.decode().split())


def text(answer) -> str:
    """The words of a page, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", "", answer.content.decode()).split())


def chosen(shop, **more) -> dict[str, object]:
    product = shop.goods.disk_by_term
    return {
        "mode": "period",
        "region": shop.goods.region.pk,
        "zone": "AZ1",
        "product": product.pk,
        "size": 40,
        "name": "volume-3138",
        "duration": "month:3",
        "quantity": 2,
        "share": "on",
        "tag": "team=payments",
    } | more


@pytest.mark.requirement("08-BUY-01", "08-BUY-02", "08-BUY-03", "08-BUY-04", "08-BUY-05")
def test_from_all_products_to_the_paid_order(shop, hana) -> None:
    assert "Elastic Volume Service" in text(hana.get(reverse("console:products")))
    product = text(hana.get(reverse("console:product", args=[EVS])))
    assert "Disk by term" in product and "$0.10 USD" in product
    first = hana.get(reverse("console:buy", args=[EVS]))
    assert first.context["form"]["mode"].value() == "period", "Yearly/Monthly is the default"
    assert "$1.00 USD" in text(first), "10 GB for a month"
    live = hana.get(
        reverse("console:buy", args=[EVS]), chosen(shop), headers={"HX-Request": "true"}
    )
    assert "$24.00 USD" in text(live) and "<html" not in raw(live)
    confirm = reverse("console:confirm", args=[EVS])
    page = text(hana.get(confirm, chosen(shop)))
    for word in (
        "Usage Duration",
        "Subtotal",
        "3 months",
        "volume-3138",
        "40 GB",
        "Enabled",
        "team=payments",
    ):
        assert word in page, word
    query = hana.get(confirm, chosen(shop)).request["QUERY_STRING"]
    refused = hana.post(f"{confirm}?{query}", {})
    assert refused.status_code == 422 and "Service Level Agreement" in text(refused)
    assert not CustomerOrder.objects.exists()
    placed = hana.post(f"{confirm}?{query}", {"agrees": "on"})
    order = CustomerOrder.objects.get()
    assert placed["Location"] == reverse("console:pay", args=[order.pk])
    pay = text(hana.get(placed["Location"]))
    assert "settled by your partner Tidemark Cloud" in pay and "not the money owed" in pay
    assert "Partner discount" not in pay
    assert "waiting to be paid by the partner" in text(hana.get(reverse("console:orders")))
    hana.post(placed["Location"], {"discount": ""})
    assert CloudResource.objects.filter(account=shop.cast.harborline).count() == 2
    assert "volume-3138-0001" in text(hana.get(reverse("console:resources")))
    details = text(hana.get(reverse("console:order", args=[order.pk])))
    assert "Monthly settlement by the partner" in details and "not the money owed" in details


def test_what_is_wrong_comes_back_with_everything_that_was_typed(shop, hana) -> None:
    answer = hana.get(reverse("console:confirm", args=[EVS]), chosen(shop, size=5))
    assert answer.status_code == 422
    assert "from 10 to 32768 GB" in text(answer)
    assert 'value="volume-3138"' in raw(answer) and 'value="5"' in raw(answer)
    gone = hana.get(reverse("console:buy", args=[EVS]), chosen(shop, mode="x", product="0"))
    assert gone.status_code == 200, "what is not offered any more gives way to what is"
    assert hana.get(reverse("console:buy", args=["no.such"])).status_code == 404


@pytest.mark.requirement("08-BUY-05", "04-ORD-01")
def test_pay_per_use_is_provisioned_at_once(shop, hana) -> None:
    use = chosen(shop, mode="usage", product=shop.goods.disk_by_use.pk, quantity=1)
    confirm = reverse("console:confirm", args=[EVS])
    query = hana.get(confirm, use).request["QUERY_STRING"]
    answer = hana.post(f"{confirm}?{query}", {"agrees": "on"})
    assert answer["Location"] == f"{reverse('console:resources')}?view=usage"
    assert CloudResource.objects.get().mode == "usage"


@pytest.mark.requirement("08-CSN-03", "08-CSN-09")
def test_the_pay_page_offers_one_discount_at_most(shop, hana) -> None:
    shop.refer(percent=10)
    order = shop.order(shop.goods.host_by_term)
    address = reverse("console:pay", args=[order.pk])
    page = text(hana.get(address))
    assert "Partner discount" in page and "$45.00 USD" in page
    CustomerOrder.objects.filter(pk=order.pk).update(
        discount_kind="adjustment", discount_amount=5, amount=45
    )
    adjusted = text(hana.get(address))
    assert "no other discount can be used" in adjusted
    refused = hana.post(address, {"discount": "partner"})
    assert refused.status_code == 422
    assert hana.post(address, {"discount": "adjustment"}).status_code == 302
    order.refresh_from_db()
    assert (order.status, order.amount) == ("completed", 45)


@pytest.mark.requirement("04-RM-04", "08-CSA-14")
def test_a_frozen_customer_reads_why_and_may_unsubscribe(shop, hana, settings) -> None:
    host = shop.buy(shop.goods.host_by_term)
    assert "frozen" not in text(hana.get(reverse("home"))).lower()
    for day, strength in enumerate((Strength.ACCOUNT, Strength.RESOURCES), start=1):
        holds.place(
            shop.cast.actor(shop.cast.mara),
            [shop.association],
            owner=HoldOwner.PARTNER,
            strength=strength,
            reason="Overspending",
            moment=shop.clock(f"2030-01-0{day} 10:00"),
        )
        told = {
            "account": "Your account is frozen",
            "resources": "Account and resources are frozen",
        }
        for name in ("home", "console:products", "console:orders", "console:renewals"):
            page = text(hana.get(reverse(name)))
            assert f"{told[strength]} since Jan 0{day}, 2030" in page, name
            assert "Contact Tidemark Cloud to have it unfrozen" in page, name
            assert ("released and data is deleted on" in page) == (strength == "resources"), name
    page = text(hana.get(reverse("console:resources")))
    assert "Frozen" in page and "Jan 17, 2030" in page and "you can only unsubscribe" in page
    settings.FREEZE_PAY_PER_USE_ONLY = True
    assert "Yearly/monthly resources stay in service." in text(hana.get(reverse("home")))
    settings.FREEZE_PAY_PER_USE_ONLY = False
    assert "restricted by your partner" in text(hana.get(reverse("console:buy", args=[EVS])))
    stop = hana.post(reverse("console:stop", args=[host.pk]))
    assert stop.status_code == 422 and "frozen" in text(stop)
    assert hana.get(reverse("console:resource", args=[host.pk])).status_code == 422
    ask = reverse("console:unsubscribe", args=[host.pk])
    assert "Given back now" in text(hana.get(ask))
    hana.post(ask, {"extent": "resource", "reason_type": "5", "reason": "Moving"})
    host.refresh_from_db()
    assert host.status == "released"


def test_every_deed_has_its_dialog(shop, hana) -> None:
    shop.clock("2026-11-29 10:00")
    host, disk = shop.buy(shop.goods.host_by_term), shop.use(shop.goods.disk_by_use, size=10)

    def post(deed: str, resource, **data) -> None:
        address = reverse(f"console:{deed}", args=[resource.pk])
        assert hana.get(address).status_code == 200, deed
        answer = hana.post(address, data)
        assert answer.status_code == 302, (deed, text(answer))
        resource.refresh_from_db()

    post("stop", host)
    post("start", host)
    post("restart", host)
    post("rename", host, name="shop")
    assert host.name == "shop"
    post("auto-renew", host, period="year", times=2)
    assert (host.expiry_policy, host.auto_renewals_left) == ("renew", 2)
    post("auto-renew-off", host)
    post("on-expiry", host)
    post("not-on-expiry", host)
    assert host.expiry_policy == "retain"
    post("change", disk, product=disk.product_id, size=20)
    assert disk.size == 20
    post("to-period", disk, duration="month:1")
    post("renew", host, duration="month:2")
    assert CustomerOrder.objects.filter(status="pending").count() == 2
    for order in CustomerOrder.objects.filter(status="pending"):
        hana.post(reverse("console:cancel", args=[order.pk]))
    post("to-usage", host)
    post("delete", host)
    assert host.status == "released"
    assert hana.post(reverse("console:rules"), {"deduction_days": "3", "expiry_day": "-1"})
    assert "last day of a month" in text(hana.get(reverse("console:renewals")))
    wrong = hana.post(reverse("console:rules"), {"deduction_days": "9", "expiry_day": "0"})
    assert wrong.status_code == 422


@pytest.mark.requirement("04-D-07")
def test_a_change_shows_its_price_and_asks_before_it_gives_back(shop, hana) -> None:
    shop.clock("2026-11-01 10:00")
    host, usual = shop.buy(shop.goods.host_by_term), shop.goods.host_by_term
    small, big = (
        type(usual).objects.create(
            code=f"host-{price}",
            name=f"Host of {price}",
            mode=usual.mode,
            service_type=usual.service_type,
            resource_type=usual.resource_type,
        )
        for price in (20, 60)
    )
    for product, price in ((small, 20), (big, 60)):
        product.prices.create(period="month", unit_price=price, valid_from=LONG_AGO)
    ask = reverse("console:change", args=[host.pk])
    assert 'id="pc-change-price"' in raw(hana.get(ask))
    live = hana.get(ask, {"product": big.pk}, headers={"HX-Request": "true"})
    assert "Price difference$10.00 USD" in text(live) and "<html" not in raw(live)
    assert "has this specification" in text(hana.get(ask, {"product": usual.pk}))
    assert "Given back$30.00 USD" in text(hana.get(ask, {"product": small.pk}))
    for unseen in ("", "-1.00", "x"):
        shown = hana.post(ask, {"product": small.pk, "confirmed": unseen})
        assert shown.status_code == 200 and "$30.00 USD" in text(shown)
        assert "<select" not in raw(shown), "what is confirmed cannot be changed meanwhile"
    host.refresh_from_db()
    assert host.product == usual and not CustomerOrder.objects.filter(order_type="change").exists()
    assert hana.post(ask, {"product": small.pk, "confirmed": "-30.00"}).status_code == 302
    host.refresh_from_db()
    assert host.product == small
    disk = shop.use(shop.goods.disk_by_use, size=20)
    smaller = hana.get(
        reverse("console:change", args=[disk.pk]), {"product": disk.product_id, "size": 10}
    )
    assert smaller.status_code == 200 and "can only grow" in text(smaller)


@pytest.mark.requirement("08-BUY-01", "04-BFM-06")
def test_several_resources_are_renewed_and_switched_at_once(shop, hana) -> None:
    shop.clock("2026-11-01 10:00")
    host, disk = shop.buy(shop.goods.host_by_term), shop.buy(shop.goods.disk_by_term, size=100)
    instance, by_use = shop.buy(shop.goods.host_reserved), shop.use(shop.goods.host_by_use)
    page, order_all = reverse("console:renewals"), reverse("console:renew-chosen")
    assert "100 GB" not in text(hana.get(page)) and str(instance) in text(hana.get(page))
    both = {"ids": [host.pk, disk.pk]}
    asked = text(hana.post(page, both | {"batch": "renew"}))
    assert "1 month: $60.00 USD" in asked and "2 years: $1,200.00 USD" in asked
    every = hana.post(page, {"ids": [disk.pk, instance.pk, host.pk], "batch": "renew"})
    assert "1 year: $1,000.00 USD" in text(every) and "month:" not in text(every)
    ListPrice.objects.filter(product=disk.product, period=Period.YEAR).delete()
    none = hana.post(page, {"ids": [disk.pk, instance.pk], "batch": "renew"})
    assert none.status_code == 422 and "no term that all" in text(none)
    for wrong in ({"ids": []}, {"ids": [host.pk]}, {"ids": [host.pk], "duration": "month:12"}):
        assert hana.post(order_all, wrong).status_code == 422, wrong
    for missing in ([by_use.pk], [host.pk, 0], ["x"]):
        assert hana.post(order_all, {"ids": missing, "duration": "month:1"}).status_code == 404
    assert not CustomerOrder.objects.filter(order_type="renewal").exists()
    renewing.order_renewal(shop.customer, host.pk, "month", 1)
    done = hana.post(order_all, both | {"duration": "month:2"})
    assert done.status_code == 200 and "1 ordered, 1 refused" in text(done)
    orders = CustomerOrder.objects.filter(order_type="renewal").order_by("pk")
    assert [order.list_amount for order in orders] == [50, 20]
    asks = hana.post(page, both | {"batch": "auto-renew"})
    assert "without limit" in text(asks) and host.expiry_policy == "retain"
    for batch, policy in (("auto-renew", "renew"), ("auto-renew-off", "retain")):
        hana.post(page, both | {"batch": batch, "confirmed": "1"})
        policies = CloudResource.objects.filter(pk__in=both["ids"]).values_list("expiry_policy")
        assert set(policies) == {(policy,)}
    refused = text(hana.post(page, both | {"batch": "auto-renew-off", "confirmed": "1"}))
    assert refused.count("is off already") == 2


def test_members_without_the_permission_buy_nothing(shop) -> None:
    role = Role.objects.create(
        account=shop.cast.harborline,
        name="Looks on",
        permissions=["resources.view_resources"],
        created_at=clock.now(),
    )
    member = shop.cast.ivy
    RoleAssignment.objects.filter(user=member).update(role=role, account=shop.cast.harborline)
    type(member).objects.filter(pk=member.pk).update(account=shop.cast.harborline)
    host = shop.buy(shop.goods.host_by_term)
    client = Client()
    client.force_login(type(member).objects.get(pk=member.pk))
    assert client.get(reverse("console:resources")).status_code == 200
    for name in ("products", "orders", "renewals", "unsubscriptions", "rules"):
        assert client.get(reverse(f"console:{name}")).status_code == 403, name
    for name in ("stop", "renew", "unsubscribe", "delete"):
        assert client.post(reverse(f"console:{name}", args=[host.pk])).status_code == 403, name


def test_an_order_that_is_too_late_says_so(shop, hana) -> None:
    order = shop.order(shop.goods.host_by_term)
    late = clock.now() - timedelta(days=1)
    CustomerOrder.objects.filter(pk=order.pk).update(pay_before=late)
    answer = hana.post(reverse("console:pay", args=[order.pk]), {"discount": ""})
    assert answer.status_code == 422 and "deadline has passed" in text(answer)


@pytest.mark.requirement("08-BUY-01", "08-BUY-02")
def test_what_is_sold_once_is_not_offered(shop, hana) -> None:
    """Consulting and the like have no term and no use, so the form could never be filled."""
    terms = ListPrice.objects.filter(product__service_type__code=EVS)
    terms.filter(period=Period.YEAR).delete()
    terms.filter(period=Period.MONTH).update(period=Period.ONE_TIME)
    page = hana.get(reverse("console:buy", args=[EVS]))
    assert [key for key, _words in page.context["form"]["mode"].field.choices] == ["usage"]
    terms.filter(product=shop.goods.disk_by_use).delete()
    assert "Elastic Volume Service" not in text(hana.get(reverse("console:products")))
    assert hana.get(reverse("console:buy", args=[EVS])).status_code == 404


@pytest.mark.requirement("08-BUY-02", "08-BUY-03")
def test_the_confirmation_says_how_long_and_for_which_unit(shop, hana) -> None:
    confirm = reverse("console:confirm", args=["hws.service.type.ec2"])
    chosen_host = chosen(shop, quantity=1) | {"name": "vm-1"}
    reserved = chosen_host | {"mode": "ri_upfront", "product": shop.goods.host_reserved.pk}
    assert "1 year" in text(hana.get(confirm, reserved))
    by_use = chosen_host | {"mode": "usage", "product": shop.goods.host_by_use.pk}
    assert "per Hour" in text(hana.get(confirm, by_use))
    query = hana.get(confirm, by_use).request["QUERY_STRING"]
    done = hana.post(f"{confirm}?{query}", {"agrees": "on"}, follow=True)
    assert "1 resource is running." in text(done)


@pytest.mark.requirement("08-BUY-02")
def test_each_product_is_asked_for_what_it_has(shop, hana) -> None:
    """Only a disk has a type of device, and only what runs somewhere has a zone."""
    ecs, goods = "hws.service.type.ec2", shop.goods

    def fields(code: str, mode: str, product) -> tuple[set[str], str]:
        page = hana.get(reverse("console:buy", args=[code]), {"mode": mode, "product": product.pk})
        form = page.context["form"]
        zone = str(form.fields["zone"].help_text) if "zone" in form.fields else ""
        return {"zone", "size", "device", "duration"} & set(form.fields), zone

    disk, of_disks = fields(EVS, "period", goods.disk_by_term)
    assert disk == {"zone", "size", "device", "duration"} and "only servers in its own" in of_disks
    host, of_hosts = fields(ecs, "usage", goods.host_by_use)
    assert host == {"zone"} and "Servers in several AZs" in of_hosts
    assert fields(ecs, "ri_upfront", goods.host_reserved) == (set(), "")
    vpc = "hws.service.type.vpc"
    assert fields(vpc, "usage", goods.traffic) == ({"zone"}, "It cannot be changed after creation.")
    assert fields(vpc, "package", goods.traffic_package) == ({"duration"}, "")
