"""The operator's pages of terms, coupons and adjustments."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from billing.models import (
    Adjustment,
    CommercialDiscount,
    Coupon,
    ExchangeRate,
    MarketplaceDiscount,
    TaxRule,
)
from catalog.models import Product, ServiceType
from partner_center import clock

from .conftest import Books


@pytest.mark.requirement(
    "05-CDC-04", "05-CPR-01", "05-BIL-05", "05-BIL-20", "05-BQY-18", "05-KGR-06"
)
def test_the_operator_keeps_terms(books: Books, client) -> None:
    cast, goods = books.cast, books.goods
    client.force_login(cast.olga)
    today = clock.business_date(clock.now())
    first = today.replace(day=1)
    span = {"starts_on": str(first), "ends_on": str(today + timedelta(days=400))}
    coming = span | {"starts_on": str(today + timedelta(days=30))}

    def send(page: str, values: dict[str, str], *args: int, status: int = 302) -> str:
        answer = client.post(reverse(f"admin:billing_{page}", args=args), values)
        assert answer.status_code == status, answer.content.decode()
        return answer.content.decode()

    grant = {"partner": "Tidemark-Cloud", "customer": "", "terms": "all: 25%"}
    wrong = send("commercialdiscount_grant", span | grant | {"terms": "all: x"}, status=422)
    assert "Line 1" in wrong and "all: x" in wrong
    send("commercialdiscount_grant", span | grant | {"partner": "nobody"}, status=422)
    send("commercialdiscount_grant", coming | grant)
    discount = CommercialDiscount.objects.get()
    send("commercialdiscount_change_terms", coming | {"terms": "all: 30%"}, discount.pk)
    assert (
        "all: 30%"
        in client.get(
            reverse("admin:billing_commercialdiscount_change", args=[discount.pk])
        ).content.decode()
    )
    send("commercialdiscount_cancel", {"reason": "Ended"}, discount.pk)

    shop = ServiceType.objects.create(code="shop", name="Shop", is_marketplace=True)
    Product.objects.filter(pk=goods.traffic.pk).update(service_type=shop)
    seller = {"partner": "tidemark-cloud", "seller": "Acme", "percent": "12"}
    send("marketplacediscount_grant", span | seller | {"product": str(goods.traffic.pk)})
    send("marketplacediscount_cancel", {"reason": "Ended"}, MarketplaceDiscount.objects.get().pk)

    coupon = {
        "partner": "tidemark-cloud",
        "name": "Welcome",
        "source": "poc",
        "face_value": "20",
        "customer": "delta-fisheries",
        "request_id": str(uuid4()),
        "excluded": [str(goods.host_by_use.service_type_id)],
    }
    assert "Harborline" not in send(
        "coupon_issue", span | coupon | {"customer": "quarry"}, status=422
    )
    send("coupon_issue", span | coupon)
    send("coupon_issue", span | coupon)
    send("coupon_revoke", {"reason": "Mistake"}, Coupon.objects.get().pk)

    tax = {"country": "PH", "state": "", "kind": "vat", "percent": "12"}
    send("taxrule_add", tax | {"valid_from": str(today + timedelta(days=40))})
    rule = TaxRule.objects.get()
    send("taxrule_change", {"percent": "13"}, rule.pk)
    send("taxrule_add", tax | {"valid_from": str(rule.valid_from)}, status=422)
    send("taxrule_withdraw", {}, rule.pk)
    rate = {"currency": "HKD", "rate": "7.7565", "valid_from": str(today)}
    send("exchangerate_add", rate)
    assert "a rate from this day on" in send("exchangerate_add", rate, status=422)
    assert ExchangeRate.objects.count() == 1 and not TaxRule.objects.exists()

    adjustment = {
        "customer": "harborline",
        "product": goods.host_by_use.code,
        "cycle": str(clock.BillingCycle.of(clock.now())),
        "amount": "-5.25",
        "reason": "Outage",
        "request_id": str(uuid4()),
    }
    assert "no product" in send("adjustment_post", adjustment | {"product": "x"}, status=422)
    send("adjustment_post", adjustment)
    assert Adjustment.objects.get().amount == Decimal("-5.25")
    models = ("commercialdiscount", "marketplacediscount", "coupon", "couponentry", "taxrule")
    for model in (*models, "exchangerate", "adjustment"):
        page = client.get(reverse(f"admin:billing_{model}_changelist"))
        assert page.status_code == 200, model
    for model, row in (("coupon", Coupon.objects.get()), ("adjustment", Adjustment.objects.get())):
        assert (
            client.get(reverse(f"admin:billing_{model}_change", args=[row.pk])).status_code == 200
        )
    client.force_login(cast.mara)
    assert client.get(reverse("admin:billing_coupon_changelist")).status_code == 404
