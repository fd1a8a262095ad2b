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
def test_a_frozen_customer_reads_why_and_may_unsubscribe(shop, hana) -> None:
    host = shop.buy(shop.goods.host_by_term)
    holds.place(
        shop.cast.actor(shop.cast.mara),
        [shop.association],
        owner=HoldOwner.PARTNER,
        strength=Strength.RESOURCES,
        reason="Overspending",
        moment=clock.now(),
    )
    page = text(hana.get(reverse("console:resources")))
    assert "Frozen" in page and "account and resources are frozen" in page
    assert "released and data is deleted on" in page
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


def test_a_change_that_gives_back_is_shown_before_it_is_done(shop, hana) -> None:
    shop.clock("2026-11-01 10:00")
    host, usual = shop.buy(shop.goods.host_by_term), shop.goods.host_by_term
    small = type(usual).objects.create(
        code="host-small",
        name="Small host",
        mode=usual.mode,
        service_type=usual.service_type,
        resource_type=usual.resource_type,
    )
    small.prices.create(period="month", unit_price=20, valid_from=LONG_AGO)
    ask = reverse("console:change", args=[host.pk])
    shown = hana.post(ask, {"product": small.pk})
    assert shown.status_code == 200 and "$30.00 USD" in text(shown)
    host.refresh_from_db()
    assert host.product == usual
    assert hana.post(ask, {"product": small.pk, "confirmed": "1"}).status_code == 302
    host.refresh_from_db()
    assert host.product == small


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
