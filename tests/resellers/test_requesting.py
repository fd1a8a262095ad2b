"""The invited account answers: landing page, registration, checks, result (01 §1.5.3.2)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from accounts.choices import AccountStage, AccountStatus, PartnerKind
from accounts.models import Account, AccountStanding, EnterpriseMember, PartnerTerms, User
from audit.models import OperationRecord
from customers.models import Association
from notifications.models import Message, Notice
from outbox.models import Delivery
from partner_center import clock
from partner_center.refusals import NotFound
from realname.choices import EnterpriseCertificate, Identity, ReviewStatus
from realname.models import RealNameApplication
from resellers.causes import REMEDY
from resellers.choices import InvitationStatus, RestrictionCause
from resellers.models import ResellerAssociation, ResellerInvitation
from resellers.queries import may_not_buy
from resellers.refusals import (
    AlreadyUnderYourDistributor,
    LinkWithoutUse,
    NothingToRetry,
    NothingToWithdraw,
    RequestUnderWay,
)
from resellers.rules import ResellerFacts, restrictions
from resellers.services import inviting, requesting
from resellers.tasks import decide_request, sweep_requests

from ..accounts import steps as registering
from ..accounts.organization import at_once, refusals
from ..cast import _account
from . import steps

pytestmark = pytest.mark.django_db

Cause = RestrictionCause


def _landing(token: str) -> str:
    return f"/reseller-invitation/{token}"


def _standing(**values):
    return lambda account: AccountStanding.objects.create(account=account, **values)


def _member_of_an_enterprise(account: Account) -> None:
    EnterpriseMember.objects.create(
        account=Account.objects.get(name="quarry"), member=account, joined_at=clock.now()
    )


def _customer_of_tidemark(account: Account) -> None:
    Association.objects.create(
        account=Account.objects.get(name="tidemark-cloud"),
        customer=account,
        associated_at=clock.now(),
    )


def _other_company_account(account: Account) -> None:
    lagoon = Account.objects.get(name="lagoon")
    Account.objects.filter(pk=account.pk).update(
        full_name=lagoon.full_name.upper(), country=lagoon.country
    )


def _kind(kind: PartnerKind):
    return lambda account: Account.objects.filter(pk=account.pk).update(partner_kind=kind)


def _in_real_name_authentication(account: Account) -> None:
    RealNameApplication.objects.create(
        account=account,
        submitted_for=account,
        submitted_by=User.objects.get(account=account),
        identity=Identity.ENTERPRISE,
        certificate=EnterpriseCertificate.BUSINESS_LICENCE,
        name="Reef Systems",
        submitted_at=clock.now(),
    )


def _authenticated(account: Account) -> None:
    _in_real_name_authentication(account)
    RealNameApplication.objects.update(status=ReviewStatus.APPROVED, reviewed_at=clock.now())


#: What is done to the account, and the cause that it must then read.
HINDRANCES = [
    (_standing(has_resources=True), Cause.RESOURCES),
    (_standing(overdue=Decimal("0.01")), Cause.ARREARS),
    (_standing(has_cash_spend=True), Cause.CONSUMPTION),
    (_kind(PartnerKind.CSP), Cause.OTHER_PROGRAM),
    (_standing(watchlist="black"), Cause.WATCHLIST),
    (_standing(watchlist="yellow"), Cause.WATCHLIST),
    (_other_company_account, Cause.COMPANY),
    (
        lambda account: Account.objects.filter(pk=account.pk).update(
            status=AccountStatus.SUSPENDED
        ),
        Cause.FROZEN,
    ),
    (_standing(is_enterprise_master=True), Cause.ENTERPRISE),
    (_member_of_an_enterprise, Cause.ENTERPRISE),
    (_standing(has_credit_account=True), Cause.CREDIT),
    (_standing(preregistered_by_operator=True), Cause.PREREGISTERED),
    (_customer_of_tidemark, Cause.OTHER_PARTNER),
    (_in_real_name_authentication, Cause.AUTHENTICATED),
    (_authenticated, Cause.AUTHENTICATED),
    (lambda account: steps.country(account, "DE"), Cause.COUNTRY),
]


@pytest.mark.requirement("01-RSL-01")
def test_the_link_greets_and_offers_both_ways(cast) -> None:
    steps.invite(cast)
    page = Client().get(_landing(steps.token_sent_to()))
    words = page.content.decode()
    assert page.status_code == 200
    assert "Dear user, Meridian has invited you to become a reseller." in words
    assert "Register and Associate" in words and "Log In and Associate" in words
    assert f"/sign-in?next={_landing(steps.token_sent_to())}" in words


def test_an_unknown_link_leads_nowhere(cast) -> None:
    for answer in (Client().get(_landing("x")), Client().post(_landing("x"))):
        assert answer.status_code == 410
        assert "Ask the distributor to send it again." in answer.content.decode()


@pytest.mark.requirement("06-RSL-08", "01-RSL-02", "06-RSL-11", "01-RSN-06")
def test_who_registers_through_the_link_becomes_a_reseller_by_itself(cast) -> None:
    steps.invite(cast, registering.EMAIL)
    browser = Client()
    token = steps.token_sent_to(registering.EMAIL)
    assert browser.post(_landing(token)).headers["Location"] == "/register"
    form = browser.get("/register").content.decode()
    assert "Meridian has invited you to become a reseller." in form
    assert f'value="{registering.EMAIL}"' in form and f"/sign-in?next={_landing(token)}" in form
    account = registering.registered(browser)
    invitation = ResellerInvitation.objects.get()
    assert (invitation.status, invitation.reseller) == (InvitationStatus.REGISTERED, account)
    assert (
        "Registered"
        in steps.signed_in(cast.dina).get("/sales/resellers/invitations").content.decode()
    )
    Account.objects.filter(pk=account.pk).update(
        stage=AccountStage.MOBILE_BOUND, service_country="PH"
    )
    done = browser.post("/register/information", registering.INFORMATION, follow=True)
    assert "Your association request was filed." in done.content.decode()
    assert "Your association is in progress." in done.content.decode()
    decide_request(invitation.pk)
    account.refresh_from_db()
    assert account.partner_kind == PartnerKind.RESELLER
    page = browser.get("/reseller-request").content.decode()
    assert "You are a reseller of Meridian." in page
    assert (
        "Newcomer Cloud Inc." in steps.signed_in(cast.dina).get("/sales/resellers").content.decode()
    )


@pytest.mark.requirement("06-RSL-08", "01-RSL-03", "01-RSL-07", "06-RSL-11", "07-RTM-01")
def test_an_existing_account_answers_and_sees_its_distributor(cast) -> None:
    user = steps.newcomer()
    Account.objects.filter(pk=cast.meridian.pk).update(
        contact_name="Dina Haddad", contact_email="dina@meridian.example"
    )
    invitation = steps.invite(cast)
    browser = steps.signed_in(user)
    landing = _landing(steps.token_sent_to())
    assert "The request is filed at once." in browser.get(landing).content.decode()
    filed = browser.post(landing, {"answer": "associate"}, follow=True).content.decode()
    assert "Your association request was filed." in filed and 'hx-trigger="every 3s"' in filed
    decide_request(invitation.pk)
    page = browser.get("/reseller-request").content.decode()
    assert "You are a reseller of Meridian." in page and "dina@meridian.example" in page
    assert "every 3s" not in page
    assert "Dina Haddad" in browser.get("/overview/distributor").content.decode()
    told = Notice.objects.get(account=user.account, type="my_distributor")
    assert told.title == "You are a reseller of Meridian"
    assert Notice.objects.get(account=cast.meridian).title == "Reef Systems is your reseller"
    assert Message.objects.filter(user=cast.dina).exists()
    actions = set(
        OperationRecord.objects.filter(account=user.account).values_list("action", flat=True)
    )
    assert {
        "resellers.invitation.requested",
        "resellers.invitation.associated",
        "accounts.partner_kind.set",
        "resellers.association.created",
    } <= actions


def test_an_account_that_is_not_complete_waits_until_it_is(cast) -> None:
    user = steps.newcomer()
    Account.objects.filter(pk=user.account_id).update(stage=AccountStage.ENABLED)
    invitation = steps.invite(cast)
    answer = steps.signed_in(user).post(_landing(steps.token_sent_to()), {"answer": "associate"})
    assert answer.headers["Location"] == "/register/continue"
    invitation.refresh_from_db()
    assert invitation.status == InvitationStatus.REGISTERED
    assert requesting.decide(invitation.pk, clock.now()) is None
    page = steps.signed_in(user).get("/reseller-request").content.decode()
    assert "filed by itself when the registration of your account is complete" in page


@pytest.mark.requirement("01-RSL-04", "01-RSL-05", "06-RSL-09", "06-RSL-03", "01-RSL-10")
@pytest.mark.parametrize(
    ("hinder", "cause"), HINDRANCES, ids=[f"{n}-{c}" for n, (_h, c) in enumerate(HINDRANCES)]
)
def test_every_hindrance_restricts_the_association(cast, hinder, cause) -> None:
    user = steps.newcomer()
    hinder(user.account)
    kind = Account.objects.get(pk=user.account_id).partner_kind
    invitation = steps.accepted(cast, user)
    assert invitation.status == InvitationStatus.RESTRICTED
    assert invitation.causes == [str(cause)]
    assert Account.objects.get(pk=user.account_id).partner_kind == kind
    assert not ResellerAssociation.objects.filter(reseller=user.account).exists()
    mail = Delivery.objects.get(target=user.account.email, template="reseller_request_restricted")
    assert str(cause.label) in mail.body and str(REMEDY[cause]) in mail.body
    assert "could not be associated with you" in Notice.objects.get(account=cast.meridian).title
    Account.objects.filter(pk=user.account_id).update(status=AccountStatus.ACTIVE)
    page = steps.signed_in(user).get("/reseller-request").content.decode()
    assert str(cause.label) in page and str(REMEDY[cause]) in page and "Try again" in page


def test_the_rule_names_every_cause_and_nothing_for_a_new_account() -> None:
    assert restrictions(ResellerFacts()) == []
    names = [f for f in ResellerFacts.__dataclass_fields__ if f != "further"]
    assert len(names) == len(Cause) and set(REMEDY) == set(Cause)
    found = [restrictions(ResellerFacts(**{name: True})) for name in names]
    assert [cause for causes in found for cause in causes] == list(Cause)
    assert restrictions(ResellerFacts(further=[Cause.FROZEN])) == [Cause.FROZEN]


@pytest.mark.requirement("01-RSL-07", "06-RSL-09", "01-RSL-08", "01-RSL-09")
def test_all_causes_stand_together_and_after_handling_them_a_retry_succeeds(cast) -> None:
    user = steps.newcomer()
    Account.objects.filter(pk=cast.meridian.pk).update(contact_name="Dina Haddad")
    _standing(has_resources=True, overdue=5)(user.account)
    invitation = steps.accepted(cast, user)
    assert invitation.causes == ["resources", "arrears"]
    browser = steps.signed_in(user)
    page = browser.get("/reseller-request").content.decode()
    assert str(Cause.RESOURCES.label) in page and str(Cause.ARREARS.label) in page
    assert "Ask Dina Haddad of Meridian" in page
    assert "you can join a development path or a partner program instead" in page
    assert "Your association with a distributor is restricted" in browser.get("/").content.decode()
    AccountStanding.objects.filter(account=user.account).update(has_resources=False, overdue=0)
    filed = browser.post("/reseller-request", {"invitation": invitation.pk}, follow=True)
    assert "Your association request was filed." in filed.content.decode()
    decide_request(invitation.pk)
    invitation.refresh_from_db()
    assert (invitation.status, invitation.causes) == (InvitationStatus.ASSOCIATED, [])
    assert ResellerAssociation.objects.get(reseller=user.account).account == cast.meridian
    again = browser.post("/reseller-request", {"invitation": invitation.pk})
    assert again.status_code == 422
    assert "the status of your request is “Associated”" in again.content.decode()


def test_nobody_retries_anothers_request(cast) -> None:
    user, stranger = steps.newcomer(), steps.newcomer("skerry")
    _standing(has_resources=True)(user.account)
    invitation = steps.accepted(cast, user)
    with pytest.raises(NotFound):
        requesting.try_again(steps.actor_of(stranger), invitation.pk)
    browser = steps.signed_in(stranger)
    for wanted in (invitation.pk, "x", ""):
        answer = browser.post("/reseller-request", {"invitation": wanted})
        assert answer.status_code == 404
    assert "has answered no invitation" in browser.get("/reseller-request").content.decode()
    fine = steps.accepted(cast, stranger, "skerry@reef.example")
    with pytest.raises(NothingToRetry):
        requesting.try_again(steps.actor_of(stranger), fine.pk)


@pytest.mark.requirement("01-RSL-06", "06-RSL-10", "06-DOV-09", "07-RTM-19")
def test_from_the_request_on_the_account_may_not_buy(cast) -> None:
    user = steps.newcomer()
    assert not may_not_buy(user.account_id)
    invitation = steps.invite(cast)
    words = "From the request on, the account cannot buy or provision cloud services for itself."
    landing = Client().get(_landing(steps.token_sent_to())).content.decode()
    assert words in landing and "Release enabled pay-per-use resources on the console" in landing
    requesting.accept(steps.actor_of(user), steps.token_sent_to())
    assert may_not_buy(user.account_id)
    requesting.decide(invitation.pk, clock.now())
    assert may_not_buy(user.account_id)
    assert may_not_buy(cast.meridian.pk) and may_not_buy(cast.lagoon.pk)
    assert not may_not_buy(cast.harborline.pk) and not may_not_buy(cast.tidemark.pk)


@pytest.mark.requirement("01-RSL-10")
def test_a_reseller_is_told_not_to_associate_again(cast) -> None:
    other = _account("halcyon", PartnerKind.DISTRIBUTOR)
    steps.invite(cast, by=other)
    browser = steps.signed_in(cast.leo)
    answer = browser.post(_landing(steps.token_sent_to()), {"answer": "associate"})
    assert answer.status_code == 422
    assert "already is a reseller of Meridian. Do not associate again." in answer.content.decode()
    with pytest.raises(AlreadyUnderYourDistributor):
        requesting.accept(cast.actor(cast.leo), steps.token_sent_to())
    assert ResellerInvitation.objects.get().status == InvitationStatus.INVITED


@pytest.mark.requirement("01-RSL-09")
def test_who_does_not_want_it_ignores_the_invitation(cast) -> None:
    user = steps.newcomer()
    invitation = steps.invite(cast)
    token = steps.token_sent_to()
    browser = steps.signed_in(user)
    assert "Become a Partner" in browser.get(_landing(token)).content.decode()
    done = browser.post(_landing(token), {"answer": "ignore"}, follow=True)
    assert done.redirect_chain[-1][0] == "/partners"
    invitation.refresh_from_db()
    assert invitation.status == InvitationStatus.IGNORED
    assert browser.get(_landing(token)).status_code == 410
    assert not may_not_buy(user.account_id)


def test_only_an_administrator_answers(cast) -> None:
    steps.invite(cast)
    landing = _landing(steps.token_sent_to())
    browser = steps.signed_in(cast.felix)
    assert (
        "Only the administrator of tidemark-cloud can answer."
        in browser.get(landing).content.decode()
    )
    assert browser.post(landing, {"answer": "associate"}).status_code == 403
    assert steps.signed_in(cast.olga).post(landing, {"answer": "associate"}).status_code == 403
    assert ResellerInvitation.objects.get().status == InvitationStatus.INVITED


def test_a_link_ends_after_seven_days_and_with_its_first_answer(cast, monkeypatch) -> None:
    first, second = steps.newcomer(), steps.newcomer("skerry")
    invitation = steps.invite(cast)
    token = steps.token_sent_to()
    with monkeypatch.context() as later:
        later.setattr(clock, "now", lambda: invitation.expires_at)
        with pytest.raises(LinkWithoutUse):
            requesting.accept(steps.actor_of(first), token)
    requesting.accept(steps.actor_of(first), token)
    assert requesting.accept(steps.actor_of(first), token).status == InvitationStatus.ASSOCIATING
    assert OperationRecord.objects.filter(action="resellers.invitation.requested").count() == 2
    with pytest.raises(LinkWithoutUse):
        requesting.accept(steps.actor_of(second), token)


def test_a_withdrawn_invitation_ends_the_registered_request(cast) -> None:
    user = steps.newcomer()
    Account.objects.filter(pk=user.account_id).update(stage=AccountStage.ENABLED)
    invitation = steps.invite(cast)
    requesting.accept(steps.actor_of(user), steps.token_sent_to())
    inviting.withdraw(cast.actor(cast.dina), invitation.pk)
    assert not may_not_buy(user.account_id)
    page = steps.signed_in(user).get("/reseller-request").content.decode()
    assert "Meridian withdrew the invitation." in page


def test_a_newcomer_whose_invitation_was_withdrawn_registers_all_the_same(cast) -> None:
    invitation = steps.invite(cast, registering.EMAIL)
    browser = Client()
    browser.post(_landing(steps.token_sent_to(registering.EMAIL)))
    inviting.withdraw(cast.actor(cast.dina), invitation.pk)
    assert "has invited you" not in browser.get("/register").content.decode()
    registering.registered(browser)
    assert (
        "This invitation cannot be used" in browser.get("/register/security-phone").content.decode()
    )
    invitation.refresh_from_db()
    assert invitation.status == InvitationStatus.WITHDRAWN and invitation.reseller is None


@pytest.mark.requirement("06-RSL-03")
def test_the_operator_can_authorize_further_regions(cast) -> None:
    user = steps.newcomer()
    steps.country(user.account, "DE")
    PartnerTerms.objects.create(account=cast.meridian, reseller_countries=["DE"])
    assert steps.accepted(cast, user).status == InvitationStatus.ASSOCIATED


def test_a_killed_worker_loses_no_request_and_decides_none_twice(cast, monkeypatch) -> None:
    user = steps.newcomer()
    invitation = steps.invite(cast)
    requesting.accept(steps.actor_of(user), steps.token_sent_to())
    assert requesting.waiting_requests(clock.now()) == []
    late = clock.now() + timedelta(seconds=31)
    assert requesting.waiting_requests(late) == [invitation.pk]

    class KilledError(Exception):
        pass

    def killed(*_args, **_kwargs) -> None:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(requesting, "_tell_distributor", killed)
        with pytest.raises(KilledError):
            requesting.decide(invitation.pk, clock.now())
    assert Account.objects.get(pk=user.account_id).partner_kind == PartnerKind.NONE
    sent: list[int] = []
    monkeypatch.setattr(decide_request, "delay", sent.append)
    monkeypatch.setattr(clock, "now", lambda: late)
    sweep_requests()
    assert sent == [invitation.pk]
    decide_request(invitation.pk)
    decide_request(invitation.pk)
    assert ResellerAssociation.objects.filter(reseller=user.account).count() == 1
    assert Notice.objects.filter(account=user.account).count() == 1


@pytest.mark.django_db(transaction=True)
def test_accept_and_withdraw_at_the_same_instant_exactly_one_wins(cast) -> None:
    user = steps.newcomer()
    invitation = steps.invite(cast)
    invitee, dina, token = steps.actor_of(user), cast.actor(cast.dina), steps.token_sent_to()
    accepted, withdrawn = at_once(
        lambda: requesting.accept(invitee, token),
        lambda: inviting.withdraw(dina, invitation.pk),
    )
    invitation.refresh_from_db()
    if invitation.status == InvitationStatus.ASSOCIATING:
        assert isinstance(withdrawn, NothingToWithdraw)
    else:
        assert invitation.status == InvitationStatus.WITHDRAWN
        assert isinstance(accepted, LinkWithoutUse) and invitation.reseller is None


@pytest.mark.requirement("07-RTM-01")
@pytest.mark.django_db(transaction=True)
def test_two_distributors_invitations_accepted_at_once_exactly_one_wins(cast) -> None:
    user, halcyon = steps.newcomer(), _account("halcyon", PartnerKind.DISTRIBUTOR)
    steps.invite(cast, "one@reef.example")
    steps.invite(cast, "two@reef.example", by=halcyon)
    actor = steps.actor_of(user)
    tokens = [steps.token_sent_to("one@reef.example"), steps.token_sent_to("two@reef.example")]
    answers = at_once(*[lambda token=token: requesting.accept(actor, token) for token in tokens])
    assert refusals(answers) == ["resellers.request.under_way"]
    for invitation_id in ResellerInvitation.objects.values_list("pk", flat=True):
        requesting.decide(invitation_id, clock.now())
    assert ResellerAssociation.objects.filter(reseller=user.account).count() == 1
    loser = ResellerInvitation.objects.get(status=InvitationStatus.INVITED)
    with pytest.raises(AlreadyUnderYourDistributor):
        requesting.accept(steps.actor_of(user), steps.token_sent_to(loser.email))


@pytest.mark.requirement("01-RSL-10")
@pytest.mark.django_db(transaction=True)
def test_two_accounts_of_one_company_decided_at_once_exactly_one_wins(cast) -> None:
    users = [steps.newcomer("reef-one"), steps.newcomer("reef-two")]
    for number, user in enumerate(users):
        Account.objects.filter(pk=user.account_id).update(full_name="Reef Systems Inc.")
        steps.invite(cast, f"{number}@reef.example")
        requesting.accept(steps.actor_of(user), steps.token_sent_to(f"{number}@reef.example"))
    keys = list(ResellerInvitation.objects.values_list("pk", flat=True))
    at_once(*[lambda pk=pk: requesting.decide(pk, clock.now()) for pk in keys])
    found = sorted(ResellerInvitation.objects.values_list("status", flat=True))
    assert found == ["associated", "restricted"]
    assert ResellerInvitation.objects.get(status="restricted").causes == ["company"]


def test_a_second_request_waits_for_the_first(cast) -> None:
    user, halcyon = steps.newcomer(), _account("halcyon", PartnerKind.DISTRIBUTOR)
    steps.invite(cast)
    requesting.accept(steps.actor_of(user), steps.token_sent_to())
    steps.invite(cast, "two@reef.example", by=halcyon)
    with pytest.raises(RequestUnderWay) as refused:
        requesting.accept(steps.actor_of(user), steps.token_sent_to("two@reef.example"))
    assert "request to become a reseller of Meridian" in refused.value.sentence
