"""Account Standing and Partner Terms in the operator's admin: what is kept, granted, taken."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import Account, AccountStanding, PartnerTerms, Role, RoleAssignment, User
from accounts.queries import standing as queries
from accounts.refusals.standing import PlatformTaken
from accounts.services import creation
from accounts.services import standing as services
from audit.models import OperationRecord
from customers.choices import AssociationModel, FailureCause
from customers.queries import facts
from customers.rules import eligibility
from notifications.models import Message, Notice
from outbox.models import Delivery
from partner_center import clock
from partner_center.refusals import NotPermitted, Refusal, Stale
from partner_center.stale import fingerprint_of
from tests.cast import PASSWORD, Cast

from .organization import at_once

pytestmark = pytest.mark.django_db
STANDING, TERMS = "accountstanding", "partnerterms"


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def client(cast: Cast) -> Client:
    """Olga, main user of the operator."""
    return _client(cast.olga)


def _staff(cast: Cast, *held: str) -> User:
    user = creation.create_user(
        account=cast.operator,
        username="o.staff",
        password=PASSWORD,
        email="staff@operator.example",
        moment=clock.now(),
    )
    role = Role.objects.create(
        account=cast.operator, name="Staff", permissions=list(held), created_at=clock.now()
    )
    RoleAssignment.objects.create(
        account=cast.operator, user=user, role=role, assigned_at=clock.now()
    )
    return user


def _url(model: str, account: Account) -> str:
    return reverse(f"admin:accounts_{model}_change", args=[account.pk])


def _shown(client: Client, model: str, account: Account) -> dict[str, Any]:
    """What the form of the page would send, unchanged."""
    form = client.get(_url(model, account)).context["adminform"].form
    sent: dict[str, Any] = {}
    for name in form.fields:
        value = form[name].value()
        if value is not None and value is not False:
            sent[name] = "on" if value is True else value
    return sent


def _terms_seen(account: Account) -> str:
    return fingerprint_of(queries.terms_of(account.pk), services.TERMS_FIELDS)


def _grant(cast: Cast, account: Account, **values: Any) -> PartnerTerms:
    return services.set_terms(
        cast.actor(cast.olga), account.pk, values=values, seen=_terms_seen(account)
    )


# --- Pages ------------------------------------------------------------------------------------


def test_the_account_page_leads_to_both_and_customers_have_no_terms(
    client: Client, cast: Cast
) -> None:
    page = reverse("admin:accounts_account_change", args=[cast.tidemark.pk])
    for name, model in (("standing", STANDING), ("terms", TERMS)):
        step = f"{page.removesuffix('change/')}{name}/"
        assert step in client.get(page).content.decode()
        assert client.get(step)["Location"] == _url(model, cast.tidemark)
    customer = reverse("admin:accounts_account_change", args=[cast.delta.pk])
    assert "/terms/" not in client.get(customer).content.decode()


def test_every_field_can_be_kept_and_the_first_change_writes_the_row(
    client: Client, cast: Cast
) -> None:
    sent = _shown(client, STANDING, cast.delta)
    assert set(sent) >= {"level", "overdue", "balance", "uninvoiced", "seen"}
    assert client.post(_url(STANDING, cast.delta), sent).status_code == 302
    assert not AccountStanding.objects.exists()  # nothing was changed
    flags = [
        f.name for f in AccountStanding._meta.fields if f.get_internal_type() == "BooleanField"
    ]
    changed = {
        **sent,
        **dict.fromkeys(flags, "on"),
        "level": "V3",
        "contract": "telemarketing",
        "watchlist": "yellow",
        "overdue": "10.5",
        "balance": "3",
        "uninvoiced": "7",
    }
    answer = client.post(_url(STANDING, cast.delta), changed)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    kept = AccountStanding.objects.get(pk=cast.delta.pk)
    assert all(getattr(kept, name) for name in flags) and len(flags) == 15
    assert (kept.level, kept.contract, kept.watchlist) == ("V3", "telemarketing", "yellow")
    assert str(kept.overdue) == "10.50000000"
    assert _shown(client, STANDING, cast.delta)["overdue"] == "10.5"
    AccountStanding.objects.filter(pk=cast.delta.pk).update(overdue=0)
    assert _shown(client, STANDING, cast.delta)["overdue"] == "0", "not 0E-8"
    record = OperationRecord.objects.get(action="accounts.standing.set")
    assert (record.account, record.door) == (cast.delta, "admin")
    assert record.before["level"] == "V0" and record.after["level"] == "V3"
    assert (
        "delta-fisheries"
        in client.get(
            reverse("admin:accounts_accountstanding_changelist") + "?q=delta"
        ).content.decode()
    )


def test_an_account_is_opened_by_its_name(client: Client, cast: Cast) -> None:
    url = reverse("admin:accounts_accountstanding_open_account")
    assert client.get(url).status_code == 200
    found = client.post(url, {"account": "Delta-Fisheries"})
    assert found["Location"] == _url(STANDING, cast.delta)
    unknown = client.post(url, {"account": "nobody"})
    assert unknown.status_code == 422 and "no account of this name" in unknown.content.decode()
    missing = reverse("admin:accounts_accountstanding_change", args=[999_999])
    assert client.get(missing).status_code == 302


def test_amounts_below_zero_are_refused(client: Client, cast: Cast) -> None:
    sent = _shown(client, STANDING, cast.delta) | {"overdue": "-1"}
    assert client.post(_url(STANDING, cast.delta), sent).status_code == 422
    assert not AccountStanding.objects.exists()


def test_a_stale_page_changes_nothing(client: Client, cast: Cast) -> None:
    for model, account in ((STANDING, cast.delta), (TERMS, cast.tidemark)):
        first, second = _shown(client, model, account), _shown(client, model, account)
        change = {STANDING: {"is_internal": "on"}, TERMS: {"is_test": "on"}}[model]
        assert client.post(_url(model, account), first | change).status_code == 302
        late = client.post(_url(model, account), second)
        assert late.status_code == 422
        assert "Somebody changed this while you were working on it" in late.content.decode()
    assert AccountStanding.objects.get().is_internal and PartnerTerms.objects.get().is_test


def test_who_may_look_may_not_change_and_others_see_nothing(cast: Cast) -> None:
    viewer = _staff(cast, "accounts.view_standing")
    client = _client(viewer)
    for model, account in ((STANDING, cast.delta), (TERMS, cast.tidemark)):
        assert client.get(_url(model, account)).status_code == 200
        refused = client.post(_url(model, account), {"seen": ""})
        assert refused.status_code == 403
        assert "Keep the standing of accounts" in refused.content.decode()
    for service in (services.set_standing, services.set_terms):
        with pytest.raises(NotPermitted):
            service(cast.actor(viewer), cast.tidemark.pk, values={}, seen="")
    assert not AccountStanding.objects.exists() and not PartnerTerms.objects.exists()
    role = Role.objects.get(account=cast.operator)
    Role.objects.filter(pk=role.pk).update(permissions=["accounts.view_members"])
    assert client.get(_url(TERMS, cast.tidemark)).status_code == 403


# --- Grants -----------------------------------------------------------------------------------


def _causes(cast: Cast, model: AssociationModel) -> list[FailureCause]:
    return eligibility.association_causes(
        eligibility.CustomerFacts(),
        facts.partner_facts(cast.tidemark, customer_country="PH"),
        model,
        clock.now(),
    )


@pytest.mark.requirement("04-TM-03")
def test_referral_is_off_until_it_is_granted_and_again_when_it_is_taken(
    client: Client, cast: Cast
) -> None:
    assert _causes(cast, AssociationModel.REFERRAL) == [FailureCause.NO_REFERRAL_TERMS]
    sent = _shown(client, TERMS, cast.tidemark) | {"may_refer": "on"}
    assert client.post(_url(TERMS, cast.tidemark), sent).status_code == 302
    assert _causes(cast, AssociationModel.REFERRAL) == []
    notice = Notice.objects.get(account=cast.tidemark)
    assert notice.title == "Your permissions were changed"
    assert "Granted: Referral model" in notice.body and "Taken back" not in notice.body
    assert cast.mara in [message.user for message in Message.objects.filter(notice=notice)]
    assert Delivery.objects.filter(target="accounts@tidemark-cloud.example").exists()
    taken = _shown(client, TERMS, cast.tidemark)
    del taken["may_refer"]
    assert client.post(_url(TERMS, cast.tidemark), taken).status_code == 302
    assert _causes(cast, AssociationModel.REFERRAL) == [FailureCause.NO_REFERRAL_TERMS]
    assert "Taken back: Referral model" in Notice.objects.latest("id").body
    records = OperationRecord.objects.filter(action="accounts.terms.set").order_by("id")
    assert [(r.before, r.after) for r in records] == [
        ({"may_refer": False}, {"may_refer": True}),
        ({"may_refer": True}, {"may_refer": False}),
    ]
    assert {record.account_id for record in records} == {cast.tidemark.pk}


@pytest.mark.requirement("04-DSC-02", "04-DSC-05")
def test_discounts_are_granted_up_to_a_maximum(client: Client, cast: Cast) -> None:
    assert not queries.terms_of(cast.tidemark.pk).may_discount
    sent = _shown(client, TERMS, cast.tidemark) | {"may_discount": "on"}
    too_much = client.post(_url(TERMS, cast.tidemark), sent | {"max_discount": "26"})
    assert too_much.status_code == 422 and not PartnerTerms.objects.exists()
    sent |= {"max_discount": "16"}
    assert (
        client.post(_url(TERMS, cast.tidemark), sent | {"estimated_rebate": "101"}).status_code
        == 422
    )
    sent |= {"estimated_rebate": "18"}
    assert client.post(_url(TERMS, cast.tidemark), sent).status_code == 302
    terms = queries.terms_of(cast.tidemark.pk)
    assert (terms.may_discount, terms.max_discount, terms.estimated_rebate) == (True, 16, 18)
    notice = Notice.objects.get()
    assert "Set discounts for customers" in notice.body
    assert notice.facts == [["Maximum discount (%)", "16"], ["Estimated rebate (%)", "18"]]


@pytest.mark.requirement("06-DPR-01")
def test_customer_development_is_granted_to_distributors_only(cast: Cast) -> None:
    assert not queries.terms_of(cast.meridian.pk).may_develop
    _grant(cast, cast.meridian, may_develop=True)
    assert queries.terms_of(cast.meridian.pk).may_develop
    assert "may_develop" in cast.actor(cast.dina).grants
    assert "Customer development" in Notice.objects.get(account=cast.meridian).body
    with pytest.raises(Refusal, match="Only distributors need this permission"):
        _grant(cast, cast.tidemark, may_develop=True)
    assert not PartnerTerms.objects.filter(account=cast.tidemark).exists()


@pytest.mark.requirement("07-RDF-07")
def test_resellers_get_no_referral_and_customers_no_terms(cast: Cast) -> None:
    with pytest.raises(Refusal, match="Resellers have no Referral model"):
        _grant(cast, cast.lagoon, may_refer=True)
    with pytest.raises(Refusal, match="is not a partner"):
        _grant(cast, cast.delta, may_refer=True)
    assert not PartnerTerms.objects.exists() and not Notice.objects.exists()


def test_countries_and_platform_are_kept(client: Client, cast: Cast) -> None:
    sent = _shown(client, TERMS, cast.tidemark) | {
        "referral_excluded": ["DE", "FR"],
        "reseller_countries": ["PH"],
        "platform_id": "TIDEMARK",
        "may_disassociate": "on",
    }
    assert client.post(_url(TERMS, cast.tidemark), sent).status_code == 302
    terms = PartnerTerms.objects.get()
    assert (terms.referral_excluded, terms.reseller_countries) == (["DE", "FR"], ["PH"])
    other = _shown(client, TERMS, cast.northgate) | {"platform_id": "TIDEMARK"}
    assert client.post(_url(TERMS, cast.northgate), other).status_code == 422
    assert not PartnerTerms.objects.filter(account=cast.northgate).exists()


@pytest.mark.requirement("08-AXO-02")
def test_terms_are_a_critical_operation(client: Client, cast: Cast) -> None:
    Account.objects.filter(pk=cast.operator.pk).update(verifies=True)
    sent = _shown(client, TERMS, cast.tidemark) | {"may_refer": "on"}
    assert client.post(_url(TERMS, cast.tidemark), sent).status_code == 428
    assert not PartnerTerms.objects.exists()
    standing = _shown(client, STANDING, cast.delta) | {"is_internal": "on"}
    assert client.post(_url(STANDING, cast.delta), standing).status_code == 302


def test_what_a_partner_need_not_know_is_not_told(cast: Cast) -> None:
    _grant(cast, cast.tidemark, is_prepaid=True)
    assert not Notice.objects.exists()
    assert "is_prepaid" in cast.actor(cast.mara).grants


def test_grants_are_known_without_a_query_of_their_own(cast: Cast) -> None:
    defaults = cast.actor(cast.mara).grants
    assert defaults == {"may_disassociate"} and cast.actor(cast.hana).grants == frozenset()
    client = _client(cast.mara)
    client.get("/")
    with connection.execute_wrapper(_only_with_account):
        client.get(reverse("access_keys:list"))


def _only_with_account(execute: Any, sql: str, *rest: Any) -> Any:
    assert not sql.startswith('SELECT "accounts_partnerterms"'), sql
    return execute(sql, *rest)


@pytest.mark.django_db(transaction=True)
def test_of_two_changes_at_the_same_instant_one_is_refused(cast: Cast) -> None:
    olga, seen = cast.actor(cast.olga), _terms_seen(cast.tidemark)

    def change(**values: Any) -> Any:
        return services.set_terms(olga, cast.tidemark.pk, values=values, seen=seen)

    outcomes = at_once(lambda: change(may_refer=True), lambda: change(may_discount=True))
    assert [type(o) for o in outcomes if isinstance(o, Refusal)] == [Stale]
    assert Notice.objects.count() == OperationRecord.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_platform_id_given_to_two_partners_at_once_stays_with_one(cast: Cast) -> None:
    olga = cast.actor(cast.olga)

    def give(account: Account) -> Any:
        return services.set_terms(
            olga, account.pk, values={"platform_id": "P"}, seen=_terms_seen(account)
        )

    outcomes = at_once(lambda: give(cast.tidemark), lambda: give(cast.northgate))
    assert [type(o) for o in outcomes if isinstance(o, Refusal)] == [PlatformTaken]
    assert PartnerTerms.objects.count() == 1
