"""Preferences, and the user's own theme (01-BAS-08 to BAS-10)."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Account, AccountCurrency, User
from accounts.queries import information as queries
from accounts.services import preferences
from audit.models import OperationRecord
from partner_center import clock
from partner_center.clock import BillingCycle
from partner_center.refusals import NotFound, NotPermitted
from partner_center.stale import fingerprint_of

from ..cast import Cast

pytestmark = pytest.mark.django_db


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _seen(account: Account) -> str:
    fresh = Account.objects.get(pk=account.pk)
    return fingerprint_of(fresh, preferences.NOTIFICATION_FIELDS)


@pytest.mark.requirement("01-BAS-08", "01-BAS-09")
@pytest.mark.parametrize("who", ["mara", "hana", "olga"])
def test_language_and_time_zone_are_saved(cast: Cast, who: str) -> None:
    user: User = getattr(cast, who)
    data = {"language": "en", "time_zone": "Asia/Manila", "seen": _seen(user.account)}
    answer = _client(user).post(reverse("information:preferences"), data)
    assert answer.status_code == 302, answer.content.decode()
    assert Account.objects.get(pk=user.account_id).time_zone == "Asia/Manila"
    record = OperationRecord.objects.get(action="accounts.preferences.set")
    assert record.before["time_zone"] == "Asia/Shanghai"


@pytest.mark.requirement("01-BAS-08")
def test_an_unknown_time_zone_is_refused(cast: Cast) -> None:
    data = {"language": "en", "time_zone": "Asia/Atlantis", "seen": _seen(cast.tidemark)}
    answer = _client(cast.mara).post(reverse("information:preferences"), data)
    assert answer.status_code == 422
    assert Account.objects.get(pk=cast.tidemark.pk).time_zone == "Asia/Shanghai"


def test_stale_preferences_change_nothing(cast: Cast) -> None:
    seen = _seen(cast.tidemark)
    Account.objects.filter(pk=cast.tidemark.pk).update(time_zone="Europe/Paris")
    data = {"language": "en", "time_zone": "Asia/Manila", "seen": seen}
    assert _client(cast.mara).post(reverse("information:preferences"), data).status_code == 409
    assert Account.objects.get(pk=cast.tidemark.pk).time_zone == "Europe/Paris"


@pytest.mark.requirement("01-BAS-10")
def test_a_changed_currency_takes_effect_with_the_next_cycle(cast: Cast) -> None:
    cycle = BillingCycle.of(clock.now())
    actor = cast.actor(cast.mara)
    preferences.set_currency(actor, currency="PHP")
    answer = _client(cast.mara).post(reverse("information:currency"), {"currency": "EUR"})
    assert answer.status_code == 302
    account = cast.tidemark.pk
    assert queries.currency_of(account, cycle) == "PHP"
    assert queries.currency_of(account, cycle.next()) == "EUR"
    assert queries.currency_of(account, cycle.plus(12)) == "EUR"
    page = _client(cast.mara).get(reverse("information:preferences")).content.decode()
    assert f"EUR from {cycle.next()}" in page


@pytest.mark.requirement("01-BAS-10")
def test_the_first_choice_holds_at_once_and_none_means_usd(cast: Cast) -> None:
    cycle = BillingCycle.of(clock.now())
    assert queries.currency_of(cast.tidemark.pk, cycle) == "USD"
    preferences.set_currency(cast.actor(cast.mara), currency="PHP")
    assert queries.currency_of(cast.tidemark.pk, cycle) == "PHP"
    assert queries.currency_of(cast.tidemark.pk, cycle.previous()) == "USD"


@pytest.mark.requirement("01-BAS-10")
def test_of_two_choices_in_one_cycle_the_later_holds(cast: Cast) -> None:
    cycle = BillingCycle.of(clock.now())
    actor = cast.actor(cast.mara)
    for currency in ("PHP", "EUR", "GBP"):
        preferences.set_currency(actor, currency=currency)
    assert queries.currency_of(cast.tidemark.pk, cycle.next()) == "GBP"
    assert AccountCurrency.objects.filter(account=cast.tidemark).count() == 3


def test_currencies_are_a_book(cast: Cast) -> None:
    chosen = preferences.set_currency(cast.actor(cast.mara), currency="PHP")
    rows = AccountCurrency.objects.filter(pk=chosen.pk)
    for change in (rows.delete, lambda: rows.update(currency="EUR")):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_the_same_currency_again_is_refused(cast: Cast) -> None:
    preferences.set_currency(cast.actor(cast.mara), currency="PHP")
    answer = _client(cast.mara).post(reverse("information:currency"), {"currency": "PHP"})
    assert answer.status_code == 409
    assert AccountCurrency.objects.count() == 1


@pytest.mark.requirement("01-BAS-08")
@pytest.mark.parametrize("who", ["dina", "leo", "olga"])
def test_only_providers_and_customers_choose_a_payment_currency(cast: Cast, who: str) -> None:
    with pytest.raises(NotFound):
        preferences.set_currency(cast.actor(getattr(cast, who)), currency="EUR")
    assert not AccountCurrency.objects.exists()


@pytest.mark.requirement("08-CSD-08")
def test_a_customer_sets_its_currency_in_its_account_center(cast: Cast) -> None:
    client = _client(cast.hana)
    assert "Payment Currency" in client.get(reverse("information:preferences")).content.decode()
    assert client.post(reverse("information:currency"), {"currency": "PHP"}).status_code == 302
    chosen = queries.latest_currency(cast.harborline.pk)
    assert chosen and chosen.currency == "PHP"


def test_preferences_need_their_permission(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        preferences.set_currency(cast.actor(cast.felix), currency="EUR")
    assert not AccountCurrency.objects.exists()


def test_everybody_chooses_its_own_theme(cast: Cast) -> None:
    url = reverse("accounts:theme")
    client = _client(cast.ivy)
    answer = client.post(url, {"theme": "dark", "next": "/partner-information/account"})
    assert answer["Location"] == "/partner-information/account"
    assert User.objects.get(pk=cast.ivy.pk).theme == "dark"
    assert User.objects.get(pk=cast.mara.pk).theme == "system"
    assert b'data-bs-theme="dark"' in client.get(reverse("home")).content
    assert client.post(url, {"theme": "dark", "next": "//evil.example"})["Location"] == "/"
    assert client.post(url, {"theme": "pink"}).status_code == 404
