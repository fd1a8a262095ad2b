"""Partner discounts: who may grant what, what the customer sees, when they end (04 §8.3.1.8)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import partial

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Account, PartnerTerms, User
from customers.choices import AssociationModel, DiscountState
from customers.models import Association, DiscountRecord, PartnerDiscount
from customers.queries import discounts as reads
from customers.refusals import (
    DiscountForReseller,
    NoDiscount,
    NoDiscountCountry,
    NoDiscountTerms,
    WrongDiscount,
)
from customers.rules.discounts import EXCLUDED_COUNTRIES, state_on
from customers.services import discounts
from customers.services.discounts import Setting
from notifications.models import Notice
from outbox.models import Delivery
from partner_center.refusals import CodeRequired, NotFound, NotPermitted

from ..accounts.organization import at_once, signed_in

pytestmark = pytest.mark.django_db

#: 12:00 on 22 April 2024, GMT+08:00.
NOW = datetime(2024, 4, 22, 4, tzinfo=UTC)
TODAY = date(2024, 4, 22)
SETTING = Setting(16, TODAY, date(2024, 6, 20))


@pytest.fixture
def referral(cast, monkeypatch) -> Association:
    """Harborline in the Referral model of Tidemark, which may grant discounts; it is 22 April."""
    monkeypatch.setattr("partner_center.clock.now", lambda: NOW)
    PartnerTerms.objects.create(account=cast.tidemark, may_refer=True, may_discount=True)
    found = Association.objects.get(customer=cast.harborline)
    Association.objects.filter(pk=found.pk).update(model=AssociationModel.REFERRAL)
    found.refresh_from_db()
    return found


def _set(cast, association, setting=SETTING, user=None):
    actor = cast.actor(user or cast.mara)
    return discounts.set_discounts(actor, [association.pk], setting=setting)


def _records() -> list[tuple[str, int]]:
    return list(DiscountRecord.objects.order_by("pk").values_list("action", "percent"))


@pytest.mark.requirement("04-DSC-04", "04-DSC-06", "04-DSC-08")
def test_a_granted_discount_is_recorded_and_the_customer_is_told(cast, referral) -> None:
    assert _set(cast, referral) == 1
    found = PartnerDiscount.objects.get(closed_at=None)
    assert (found.percent, found.starts_on, found.ends_on) == (16, TODAY, date(2024, 6, 20))
    assert _records() == [("created", 16)]
    notice = Notice.objects.get(account=cast.harborline)
    assert notice.title == "Tidemark Cloud has granted you a discount of 16%"
    assert Delivery.objects.filter(account=cast.harborline, channel="email").exists()


@pytest.mark.requirement("04-DSC-01", "08-CSN-11")
def test_a_customer_of_the_reseller_model_gets_none(cast, referral) -> None:
    delta = Association.objects.get(customer=cast.delta)
    with pytest.raises(DiscountForReseller, match="delta-fisheries is associated in the Reseller"):
        discounts.set_discounts(cast.actor(cast.mara), [referral.pk, delta.pk], setting=SETTING)
    assert not PartnerDiscount.objects.exists()  # all or nothing


@pytest.mark.requirement("04-DSC-02")
def test_without_the_operators_permission_there_are_no_discounts(cast, referral) -> None:
    PartnerTerms.objects.update(may_discount=False)
    with pytest.raises(NoDiscountTerms, match="the operator has not granted you this permission"):
        _set(cast, referral)
    assert not reads.may_set(cast.actor(cast.mara))
    client = signed_in(cast.mara)
    answer = client.get(reverse("discounts:set", args=[referral.pk]))
    assert answer.status_code == 403
    assert not PartnerDiscount.objects.exists()


@pytest.mark.requirement("04-DSC-03")
@pytest.mark.parametrize("country", sorted(EXCLUDED_COUNTRIES))
def test_partners_of_these_areas_cannot_set_discounts(cast, referral, country) -> None:
    Account.objects.filter(pk=cast.tidemark.pk).update(service_country=country)
    with pytest.raises(NoDiscountCountry):
        _set(cast, referral)
    assert not PartnerDiscount.objects.exists()


@pytest.mark.requirement("04-DSC-03")
def test_the_excluded_areas_are_those_of_the_list() -> None:
    assert len(EXCLUDED_COUNTRIES) == 29
    assert {"CL", "BR", "GF", "LC"} <= EXCLUDED_COUNTRIES
    assert not {"PH", "SG", "CU", "US"} & EXCLUDED_COUNTRIES


@pytest.mark.requirement("04-DSC-05", "04-DSC-07")
@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        (Setting(26, TODAY, TODAY), "Enter a whole percentage from 0 to 25."),
        (Setting(-1, TODAY, TODAY), "Enter a whole percentage from 0 to 25."),
        (Setting(5, date(2024, 4, 21), TODAY), "The discount cannot start before today"),
        (Setting(5, date(2024, 5, 2), date(2024, 5, 1)), "The end date must be neither before"),
    ],
)
def test_a_wrong_discount_is_refused_with_its_reason(cast, referral, setting, sentence) -> None:
    with pytest.raises(WrongDiscount, match=sentence):
        _set(cast, referral, setting)
    assert not PartnerDiscount.objects.exists()
    assert _records() == []


def test_the_operators_maximum_holds(cast, referral) -> None:
    PartnerTerms.objects.update(max_discount=10)
    with pytest.raises(WrongDiscount, match="from 0 to 10"):
        _set(cast, referral, Setting(11, TODAY, TODAY))
    _set(cast, referral, Setting(10, TODAY, TODAY))
    assert _records() == [("created", 10)]


@pytest.mark.requirement("04-DSC-07")
def test_a_discount_in_effect_keeps_its_start_and_zero_deletes_it(cast, referral) -> None:
    _set(cast, referral)
    with pytest.raises(WrongDiscount, match="only the percentage and the end date can change"):
        _set(cast, referral, Setting(16, date(2024, 4, 23), date(2024, 6, 20)))
    _set(cast, referral, Setting(20, TODAY, date(2024, 7, 1)))
    assert PartnerDiscount.objects.get(closed_at=None).percent == 20
    _set(cast, referral, Setting(0, TODAY, TODAY))
    assert not PartnerDiscount.objects.filter(closed_at=None).exists()
    assert _records() == [("created", 16), ("modified", 20), ("deleted", 20)]
    with pytest.raises(NoDiscount):
        _set(cast, referral, Setting(0, TODAY, TODAY))


@pytest.mark.requirement("04-DSC-07")
def test_the_page_keeps_the_start_of_a_discount_in_effect(cast, referral) -> None:
    client, address = signed_in(cast.mara), reverse("discounts:set", args=[referral.pk])
    assert "Create Discount" in client.get(address).content.decode()
    _set(cast, referral)
    page = client.get(address).content.decode()
    assert "Create Discount" not in page and "its start stays" in page
    typed = {"percent": "9", "starts_on": "2024-05-01", "ends_on": "2024-07-01", "confirmed": "1"}
    assert client.post(address, typed).status_code == 302
    found = PartnerDiscount.objects.get(closed_at=None)
    assert (found.percent, found.starts_on, found.ends_on) == (9, TODAY, date(2024, 7, 1))


def test_a_discount_that_waits_may_start_on_another_day(cast, referral) -> None:
    _set(cast, referral, Setting(5, date(2024, 5, 1), date(2024, 5, 31)))
    _set(cast, referral, Setting(5, date(2024, 5, 2), date(2024, 5, 31)))
    assert PartnerDiscount.objects.get(closed_at=None).starts_on == date(2024, 5, 2)


@pytest.mark.requirement("08-CSN-02")
@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2024, 4, 21), DiscountState.NOT_EFFECTIVE),
        (TODAY, DiscountState.EFFECTIVE),
        (date(2024, 6, 20), DiscountState.EFFECTIVE),
        (date(2024, 6, 21), DiscountState.EXPIRED),
    ],
)
def test_both_days_belong_to_the_discount(day, state) -> None:
    assert state_on(SETTING.starts_on, SETTING.ends_on, day) == state


@pytest.mark.requirement("04-DSC-06")
def test_an_ended_discount_expires_once_and_both_sides_are_told(cast, referral) -> None:
    _set(cast, referral)
    last = datetime(2024, 6, 20, 15, 59, 59, tzinfo=UTC)  # the last second of the last day
    assert discounts.expire(last) == 0
    first = datetime(2024, 6, 20, 16, tzinfo=UTC)
    assert discounts.expire(first) == 1
    assert discounts.expire(first) == 0
    assert _records() == [("created", 16), ("expired", 16)]
    told = Notice.objects.filter(key__startswith="discount_expired")
    assert {notice.account_id for notice in told} == {cast.tidemark.pk, cast.harborline.pk}


def test_who_may_grant(cast, referral) -> None:
    for user in (cast.jun, cast.felix, cast.ivy):
        with pytest.raises(NotPermitted):
            _set(cast, referral, user=user)
    PartnerTerms.objects.create(account=cast.northgate, may_discount=True)
    with pytest.raises(NotFound):
        _set(cast, referral, user=cast.nora)
    assert not PartnerDiscount.objects.exists()


@pytest.mark.requirement("04-DSC-05", "08-AXO-03")
def test_the_page_asks_once_more_and_then_for_the_code(cast, referral) -> None:
    client = signed_in(cast.mara)
    address = reverse("discounts:set", args=[referral.pk])
    typed = {"percent": "16", "starts_on": "2024-04-22", "ends_on": "2024-06-20"}
    asked = client.post(address, typed)
    assert "Set this discount for 1 customer?" in asked.content.decode()
    assert "Yes" in asked.content.decode()
    assert not PartnerDiscount.objects.exists()
    Account.objects.filter(pk=cast.tidemark.pk).update(verifies=True)
    with pytest.raises(CodeRequired):
        _set(cast, referral)
    Account.objects.filter(pk=cast.tidemark.pk).update(verifies=False)
    answer = client.post(f"{address}?from=details", typed | {"confirmed": "1"})
    details = reverse("customers:details", args=[referral.pk])
    assert answer["Location"] == details, "where the operation was chosen"
    assert f'href="{address}?from=details"' in client.get(details).content.decode()
    assert PartnerDiscount.objects.get().percent == 16
    page = client.get(reverse("discounts:records")).content.decode()
    assert "16%" in page
    assert "All products" in page


def test_a_refused_form_keeps_what_was_typed(cast, referral) -> None:
    client = signed_in(cast.mara)
    address = reverse("discounts:set", args=[referral.pk])
    answer = client.post(
        address,
        {"percent": "7", "starts_on": "2024-01-01", "ends_on": "2024-06-20", "confirmed": "1"},
    )
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "The discount cannot start before today (GMT+08:00)." in html
    assert 'value="7"' in html
    assert 'value="2024-01-01"' in html


@pytest.mark.requirement("04-DSC-09", "08-CSN-04", "08-CSN-05", "08-CSN-06")
def test_the_page_says_what_discounts_apply_to(cast, referral) -> None:
    client = signed_in(cast.mara)
    form = client.get(reverse("discounts:set", args=[referral.pk])).content.decode()
    assert "may affect your rewards" in form
    scope = client.get(reverse("discounts:scope")).content.decode()
    for words in ("one-year reserved instances", "Direct Connect", "Spot ECSs and KooGallery"):
        assert words in scope


@pytest.mark.requirement("08-CSN-01", "08-CSN-02")
def test_the_customer_sees_its_own_discounts_and_nobody_elses(cast, referral) -> None:
    _set(cast, referral)
    html = signed_in(cast.hana).get(reverse("discounts:mine")).content.decode()
    for words in ("General discount", "16%", "Apr 22, 2024", "Jun 20, 2024", "Effective"):
        assert words in html
    assert "Tidemark Cloud" in html
    other = Client()
    other.force_login(User.objects.get(account=cast.delta))
    assert "No partner discounts" in other.get(reverse("discounts:mine")).content.decode()


def test_the_books_of_discounts_refuse_changes(cast, referral) -> None:
    _set(cast, referral)
    with pytest.raises(DatabaseError), transaction.atomic():
        DiscountRecord.objects.update(percent=1)


@pytest.mark.django_db(transaction=True)
def test_two_settings_at_the_same_instant_leave_one_discount(cast, referral) -> None:
    actor = cast.actor(cast.mara)
    at_once(
        *(
            partial(
                discounts.set_discounts,
                actor,
                [referral.pk],
                setting=Setting(percent, TODAY, date(2024, 5, 1)),
            )
            for percent in (5, 6)
        )
    )
    assert PartnerDiscount.objects.filter(closed_at=None).count() == 1
    assert len(_records()) == 2
