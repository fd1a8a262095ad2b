"""Payment Methods: verification, default, edit, delete, expiry, quota; nothing of a number is kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import OperationRecord
from billing import checks, gateways
from billing.choices import CardState, PaymentPurpose, PaymentState
from billing.gateways.base import Answer, Unreachable
from billing.gateways.sandbox import SandboxGateway
from billing.models import Card, PartnerAccount, Payment, SandboxDeal, StatementEntry
from billing.refusals import (
    AgreementChanged,
    CardIsThere,
    CardNotUsable,
    DefaultCard,
    NoCurrency,
    NoFinancialInformation,
    OnlineNotOffered,
)
from billing.rules import cards as rules
from billing.services import cards, paying, refunding
from billing.services.cards import NewCard
from budgets.models import ConsumptionQuota
from notifications.models import Notice
from partner_center import clock
from partner_center.refusals import NotFound, NotPermitted
from tests.cast import Cast

from . import wallet

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("05-PMT-04", "05-PMT-06")
@pytest.mark.parametrize(
    ("number", "right"),
    [
        ("4242424242424242", True),
        ("4242424242424241", False),
        ("378282246310005", True),
        ("12345678901", False),
        ("4242 4242", False),
        ("", False),
    ],
)
def test_card_numbers(number: str, right: bool) -> None:
    assert rules.is_card_number(number) is right
    assert rules.digits_of("4242 4242-4242") == "424242424242"


@pytest.mark.requirement("05-PMT-06")
def test_dates_and_id_numbers() -> None:
    assert not rules.is_over(11, 2026, date(2026, 11, 30))
    assert rules.is_over(11, 2026, date(2026, 12, 1))
    assert rules.is_id_number("rut", "8148691-0"), "the manual's example, wrong modulo 11"
    assert not rules.is_id_number("rut", "81486910")
    assert [rules.is_id_number("otro", "x" * n) for n in (4, 5, 20, 21)] == [
        False,
        True,
        True,
        False,
    ]


@pytest.mark.requirement(
    "05-PMT-02", "05-PMT-05", "05-PMT-07", "05-PMT-11", "05-PMT-13", "05-PMT-14"
)
def test_the_life_of_cards(cast: Cast) -> None:
    mara = cast.actor(cast.mara)
    wallet.set_currency(cast.tidemark)
    card = cards.add(mara, wallet.details(), NewCard("1.0"))
    assert card.state == CardState.VERIFYING, "not valid before the issuer has asked"
    with pytest.raises(CardNotUsable):
        cards.set_default(mara, card.pk)
    cards.answer_sandbox(mara, card.pk, confirmed=True)
    card = cards.go_on(mara, card.pk)
    assert (card.state, card.is_default, str(card)) == (CardState.VALID, True, "Visa 4242")
    assert cards.go_on(mara, card.pk).tests == 1, "asked again, tested once"
    quota = ConsumptionQuota.objects.get(account=cast.tidemark)
    assert quota.amount == 1000
    with pytest.raises(CardIsThere):
        cards.add(mara, wallet.details(), NewCard("1.0"))
    ConsumptionQuota.objects.filter(pk=quota.pk).update(amount=500)
    second = wallet.add(mara, wallet.SECOND)
    assert (second.state, second.is_default) == (CardState.VALID, False)
    quota.refresh_from_db()
    assert quota.amount == 500, "granted once"
    with pytest.raises(DefaultCard):
        cards.delete(mara, card.pk)
    cards.set_default(mara, second.pk)
    cards.delete(mara, card.pk)
    with pytest.raises(NotFound):
        cards.set_default(mara, card.pk)
    assert Card.objects.get(is_default=True) == second
    nora = cast.actor(cast.nora)
    for act in (cards.set_default, cards.delete, cards.go_on):
        with pytest.raises(NotFound):
            act(nora, second.pk)
    # The test charges: in no statement, given back after a day.
    tests = Payment.objects.filter(purpose=PaymentPurpose.VERIFICATION)
    assert [test.amount for test in tests] == [1, 1] and not StatementEntry.objects.exists()
    assert refunding.return_tests(clock.now()) == 0
    later = clock.now() + timedelta(days=2)
    assert (refunding.return_tests(later), refunding.return_tests(later)) == (2, 0)
    assert set(tests.values_list("state", flat=True)) == {PaymentState.REFUNDED}
    assert SandboxDeal.objects.filter(refunded=True).count() == 2
    kept = [str(row) for model in (Card, Payment, SandboxDeal) for row in model.objects.values()]
    kept += [str(row) for row in OperationRecord.objects.values("before", "after")]
    assert not [text for text in kept if wallet.GOOD in text or wallet.SECOND in text]


@pytest.mark.requirement("05-PMT-11", "05-PMT-12")
def test_the_default_card_is_one_that_can_be_charged(cast: Cast) -> None:
    mara = cast.actor(cast.mara)
    wallet.set_currency(cast.tidemark)

    def is_default(card: Card) -> bool:
        return Card.objects.get(pk=card.pk).is_default

    first, second = wallet.add(mara), wallet.add(mara, wallet.SECOND)
    Card.objects.filter(pk=first.pk).update(expires_year=2020)
    assert cards.expire_due(clock.now()) == 1
    assert (is_default(first), is_default(second)) == (False, True), "the next one takes its place"
    Card.objects.filter(pk=second.pk).update(expires_year=2020)
    assert cards.expire_due(clock.now()) == 1
    assert is_default(second), "nobody else is there"
    third = wallet.add(mara, wallet.NEARLY_EMPTY)
    assert (is_default(second), is_default(third)) == (False, True), "a valid one comes"


@pytest.mark.requirement("05-PMT-09", "05-PMT-10", "05-PMT-12")
def test_failures_edits_and_expiry(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    mara = cast.actor(cast.mara)
    wallet.set_currency(cast.tidemark)
    results = {
        wallet.add(mara, wallet.DECLINED).result,
        wallet.add(mara, wallet.REFUSES_HOLDER).result,
        wallet.add(mara, wallet.SECOND, confirmed=False).result,
    }
    assert results == {
        "The issuer declined the card.",
        "The issuer could not verify the identity of the holder.",
    }
    assert not ConsumptionQuota.objects.exists(), "no valid card, no quota"
    card = wallet.add(mara)
    same = wallet.details("", month=card.expires_month, year=card.expires_year)
    assert cards.change(mara, card.pk, same).tests == 1, "another code alone is not tested"
    assert cards.change(mara, card.pk, wallet.details("", year=2026, month=11)).tests == 2
    end = datetime(2026, 11, 30, 16, tzinfo=UTC)
    assert cards.expire_due(end - timedelta(seconds=1)) == 0
    assert (cards.expire_due(end), cards.expire_due(end)) == (1, 0)
    assert Notice.objects.filter(title="Your card Visa 4242 has expired").exists()
    with pytest.raises(CardNotUsable):
        cards.set_default(mara, card.pk)
    renewed = cards.change(mara, card.pk, wallet.details("", year=2041))
    assert (renewed.state, renewed.is_default, renewed.tests) == (CardState.VALID, True, 3)
    left_alone = cards.add(mara, wallet.details(wallet.NEARLY_EMPTY), NewCard("1.0"))
    later = clock.now() + timedelta(hours=2)
    assert (cards.end_abandoned(later), cards.end_abandoned(later)) == (1, 0)
    left_alone.refresh_from_db()
    assert left_alone.result == "The identity verification was not completed."

    # The gateway is away while the test charge is on its way: the job finds out.
    def silent(*_arguments: object) -> Answer:
        raise Unreachable

    with monkeypatch.context() as away:
        away.setattr(SandboxGateway, "charge", silent)
        waiting = wallet.add(mara, wallet.SECOND)
    assert waiting.state == CardState.VERIFYING
    assert paying.resolve_pending(clock.now()) == 0, "it may still be on its way"
    assert paying.resolve_pending(later) == 1
    waiting.refresh_from_db()
    assert (waiting.state, waiting.result) == (CardState.FAILED, paying.NEVER_SENT)


@pytest.mark.requirement("05-PMT-03", "05-PMT-04", "05-REP-13", "06-DRP-06")
def test_who_may_add_cards(cast: Cast) -> None:
    def add(user, version: str = "1.0") -> Card:
        return cards.add(cast.actor(user), wallet.details(), NewCard(version))

    with pytest.raises(NoCurrency):
        add(cast.mara)
    for account in (cast.tidemark, cast.meridian, cast.lagoon):
        wallet.set_currency(account)
    for version in ("", "0.9"):
        with pytest.raises(AgreementChanged):
            add(cast.mara, version)
    with pytest.raises(NotPermitted):
        add(cast.ivy)
    with pytest.raises(NoFinancialInformation):
        add(cast.leo)
    assert add(cast.felix).state == CardState.VERIFYING, "finance specialists may"
    assert add(cast.dina).state == CardState.VERIFYING
    PartnerAccount.objects.filter(account=cast.meridian).update(signing_entity="Elsewhere Ltd.")
    with pytest.raises(OnlineNotOffered):
        add(cast.dina)


@pytest.mark.requirement("05-PMT-01", "05-PMT-03", "05-PMT-04", "05-PMT-09")
def test_the_pages(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.mara)
    page = reverse("billing:payment-methods")
    hint = client.get(page).content.decode()
    assert reverse("information:preferences") in hint and "disabled" in hint
    wallet.set_currency(cast.tidemark)
    form = {
        "number": "4242 4242 4242 4242",
        "holder": "Mara",
        "expires": "12/40",
        "code": "123",
        "agreement": "on",
        "agreed_version": "1.0",
    }
    add = reverse("billing:card-add")
    for field, wrong in (
        ("number", "4242424242424241"),
        ("expires", "13/40"),
        ("expires", "01/20"),
        ("code", "12a"),
        ("agreement", ""),
    ):
        answer = client.post(add, form | {field: wrong})
        assert answer.status_code == 422 and f"id_{field}_error" in answer.content.decode(), field
        assert 'value="123"' not in answer.content.decode(), "a code is never sent back"
    assert not Card.objects.exists()
    answer = client.post(add, form)
    card = Card.objects.get()
    verify = reverse("billing:card-verify", args=[card.pk])
    assert answer.url == verify
    assert "3-D Secure" in client.get(verify).content.decode()
    assert client.post(verify, {"answer": "confirm"}).url == page
    assert "4242" in client.get(page).content.decode()
    refused = client.post(add, form | {"number": wallet.DECLINED})
    assert refused.url == reverse("billing:card-history")
    assert "The issuer declined the card." in client.get(refused.url).content.decode()
    cast.tidemark.__class__.objects.filter(pk=cast.tidemark.pk).update(country="CL")
    chile = form | {"number": wallet.SECOND, "id_kind": "rut", "id_number": "nonsense"}
    assert "id_id_number_error" in client.post(add, chile).content.decode()
    client.post(add, chile | {"id_number": "8148691-0"})
    assert Card.objects.get(id_kind="rut").id_number == "8148691-0"
    client.force_login(cast.leo)
    assert client.get(page).status_code == 403
    client.force_login(cast.hana)
    assert client.get(page).status_code == 404


def test_the_sandbox_is_refused_in_real_use(settings) -> None:
    settings.TESTING = settings.DEMO_MODE = False
    assert [error.id for error in checks.check_gateway()] == ["billing.E002"]
    settings.PAYMENT_GATEWAY = "nobody"
    assert [error.id for error in checks.check_gateway()] == ["billing.E001"]
    settings.PAYMENT_GATEWAY, settings.STRIPE_SECRET_KEY = "stripe", ""
    assert not checks.check_gateway() and not gateways.is_ready()
    assert [warning.id for warning in checks.check_stripe()] == ["billing.W001"]
