"""The console says what things are and cost: prices by mode, hourly parts, names, renewals."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from catalog.rules import specs
from orders.models import CustomerOrder
from orders.services import renewing
from resources.models import CloudResource

from .test_console import EVS, chosen, text

ECS = "hws.service.type.ec2"


@pytest.fixture
def hana(shop) -> Client:
    client = Client()
    client.force_login(shop.cast.hana)
    return client


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ("usage", "General computing · 2 · 8 · Linux"),
        ("savings", "Compute savings plan"),
        ("package", "Compute savings plan"),
    ],
)
def test_specifications_are_printed_to_be_read(mode: str, words: str) -> None:
    bill = "General computing|2|8|Linux" if mode == "usage" else "1"
    assert specs.words(bill, mode, "Compute savings plan") == words


@pytest.mark.django_db
@pytest.mark.requirement("08-BUY-01", "08-BUY-02", "08-BUY-03")
def test_prices_stand_by_mode_and_say_their_unit(shop, hana) -> None:
    page = reverse("console:product", args=[ECS])
    by_term, by_use = text(hana.get(page)), text(hana.get(page, {"mode": "usage"}))
    assert "$50.00 USD / Month" in by_term and "$0.10 USD" not in by_term
    assert "$0.10 USD / Hour" in by_use and "$50.00 USD" not in by_use
    confirm = reverse("console:confirm", args=[ECS])
    use = {"mode": "usage", "product": shop.goods.host_by_use.pk, "name": "a", "quantity": 1}
    use |= {"region": shop.goods.region.pk, "zone": "AZ1"}
    assert "per Hour, at list price" in text(hana.get(confirm, use)), "not only in the table"
    reserved = shop.goods.host_reserved
    reserved.prices.update(unit_price="0.04")
    hourly = use | {"mode": "ri_upfront", "product": reserved.pk}
    assert text(hana.get(confirm, hourly)).count("0.04") == 2, "in the table and in the sum"


@pytest.mark.django_db
def test_a_proposed_name_follows_the_choice_and_a_typed_one_stays(shop, hana) -> None:
    ask = reverse("console:buy", args=[ECS])
    proposed = hana.get(ask).context["form"]["name"].value()
    again = {"mode": "ri_upfront", "name": proposed, "proposed": proposed}
    assert hana.get(ask, again).context["form"]["name"].value().startswith("ri-")
    stays = hana.get(ask, again | {"mode": "period"}).context["form"]["name"].value()
    assert stays == proposed, "what was confirmed is what is ordered"
    typed = again | {"name": "our-db"}
    assert hana.get(ask, typed).context["form"]["name"].value() == "our-db"


@pytest.mark.django_db
def test_the_form_begins_in_the_region_of_the_newest_resource(shop, hana) -> None:
    other, ask = shop.goods.other_region, reverse("console:buy", args=[EVS])
    first = hana.get(ask).context["form"]["region"].value()
    there = {shop.goods.region.pk, other.pk} - {int(first)}
    shop.buy(shop.goods.host_by_term)
    CloudResource.objects.update(region=there.pop())
    assert hana.get(ask).context["form"]["region"].value() != first
    stays = hana.get(ask, chosen(shop)).context["form"]["region"].value()
    assert stays == str(shop.goods.region.pk), "what was chosen counts"


@pytest.mark.django_db
@pytest.mark.requirement("08-BUY-08")
def test_renewals_alone_are_offered_where_some_have_not_begun(shop, hana) -> None:
    host = shop.buy(shop.goods.host_by_term)
    ask = reverse("console:unsubscribe", args=[host.pk])
    assert "Renewal period only" not in text(hana.get(ask))
    refused = hana.post(ask, {"extent": "renewal"})
    host.refresh_from_db()
    assert refused.status_code == 422 and host.status == "running", "not the whole instead"
    renewing.renew(shop.customer, [host.pk], "month", 1, pay_now=True)
    shown = text(hana.get(ask))
    assert "Renewal period only" in shown and "renewal period alone $50.00 USD" in shown
    assert hana.post(ask, {"extent": "renewal"}).status_code == 302
    host.refresh_from_db()
    assert host.status == "running"


@pytest.mark.django_db
def test_what_a_job_ordered_was_ordered_by_the_system(shop, hana) -> None:
    order = shop.order(shop.goods.host_by_term)
    address = reverse("console:order", args=[order.pk])
    assert order.ordered_by_name in text(hana.get(address))
    CustomerOrder.objects.update(source="system", ordered_by_name="orders.renew_due")
    page = text(hana.get(address))
    assert re.search(r"Ordered By ?System", page)
    assert "renew_due" not in page
