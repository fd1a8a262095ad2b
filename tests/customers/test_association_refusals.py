"""Every refusal of an association: what the customer reads, what the partner reads, and no more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import OperationalError

from accounts.choices import AccountStage, Contract, EnterpriseAccounting
from accounts.models import Account, AgreementSignature, EnterpriseMember, PartnerTerms, User
from customers.choices import AssociationModel, FailureCause, InvitationStatus
from customers.models import (
    Association,
    AssociationRequest,
    OnBehalfAuthorization,
    PreRegistration,
    ReferralExclusion,
)
from customers.signals import association_completed
from notifications.models import Notice
from partner_center import clock

from ..cast import Cast
from . import landing

pytestmark = pytest.mark.django_db
REFERRAL, RESELLER = AssociationModel.REFERRAL, AssociationModel.RESELLER


def _fact(**facts: object) -> Callable[[Cast, User], None]:
    return lambda cast, user: landing.standing(user, **facts)


def _terms(**terms: object) -> Callable[[Cast, User], None]:
    def grant(cast: Cast, user: User) -> None:
        PartnerTerms.objects.update_or_create(account=cast.tidemark, defaults=terms)

    return grant


def _member(accounting: EnterpriseAccounting) -> Callable[[Cast, User], None]:
    def join(cast: Cast, user: User) -> None:
        EnterpriseMember.objects.create(
            account=cast.quarry, member=user.account, accounting=accounting, joined_at=clock.now()
        )

    return join


def _master(cast: Cast, user: User) -> None:
    member = landing.account("branch@newport.example").account
    EnterpriseMember.objects.create(
        account=user.account,
        member=member,
        accounting=EnterpriseAccounting.INDEPENDENT,
        joined_at=clock.now(),
    )


def _partner(cast: Cast, user: User) -> None:
    Account.objects.filter(pk=user.account_id).update(partner_kind="csp")


def _associated(cast: Cast, user: User) -> None:
    Association.objects.create(
        account=cast.northgate, customer=user.account, associated_at=clock.now()
    )


def _associated_here(cast: Cast, user: User) -> None:
    Association.objects.create(
        account=cast.tidemark, customer=user.account, associated_at=clock.now()
    )


def _reserved(cast: Cast, user: User) -> None:
    PreRegistration.objects.update(status="expired")
    landing.preregistered(cast, partner=cast.northgate)


def _long_ago(cast: Cast, user: User) -> None:
    past = clock.now() - timedelta(days=7, minutes=1)
    Account.objects.filter(pk=user.account_id).update(registered_at=past)


def _referral(*more: Callable[[Cast, User], None]) -> Callable[[Cast, User], None]:
    def grant(cast: Cast, user: User) -> None:
        _terms(may_refer=True)(cast, user)
        for step in more:
            step(cast, user)

    return grant


def _excluded(cast: Cast, user: User) -> None:
    ReferralExclusion.objects.create(partner_country="PH", customer_country="PH")


#: Name → model of the invitation, how the account becomes so, every cause that is shown.
CASES: dict[str, tuple[AssociationModel, Callable[[Cast, User], None], list[FailureCause]]] = {
    "mainland": (RESELLER, _fact(on_mainland_site=True), [FailureCause.MAINLAND_SITE]),
    "prepaid partner": (RESELLER, _terms(is_prepaid=True), [FailureCause.PREPAID_PARTNER]),
    "reserved": (RESELLER, _reserved, [FailureCause.RESERVED]),
    "partner": (RESELLER, _partner, [FailureCause.IS_PARTNER]),
    "other partner": (RESELLER, _associated, [FailureCause.OTHER_PARTNER]),
    "this partner": (RESELLER, _associated_here, [FailureCause.OTHER_PARTNER]),
    **{
        f"contract {contract}": (
            RESELLER,
            _fact(contract=contract),
            [FailureCause.SPECIAL_CONTRACT],
        )
        for contract in Contract.values
        if contract
    },
    "internal": (RESELLER, _fact(is_internal=True), [FailureCause.INTERNAL]),
    "unified master": (
        RESELLER,
        _fact(is_enterprise_master=True),
        [FailureCause.ENTERPRISE_MASTER],
    ),
    "independent members": (RESELLER, _master, [FailureCause.ENTERPRISE_MASTER]),
    "unified member": (
        RESELLER,
        _member(EnterpriseAccounting.UNIFIED),
        [FailureCause.ENTERPRISE_MEMBER],
    ),
    "independent member": (
        RESELLER,
        _member(EnterpriseAccounting.INDEPENDENT),
        [FailureCause.ENTERPRISE_MEMBER],
    ),
    "no referral": (REFERRAL, _terms(may_refer=False), [FailureCause.NO_REFERRAL_TERMS]),
    "referral excluded by terms": (
        REFERRAL,
        _terms(may_refer=True, referral_excluded=["PH"]),
        [FailureCause.NO_REFERRAL_TERMS],
    ),
    "referral excluded by country": (
        REFERRAL,
        _referral(_excluded),
        [FailureCause.NO_REFERRAL_COUNTRY],
    ),
    "consumption": (RESELLER, _fact(has_cash_spend=True), [FailureCause.CONSUMPTION]),
    "balance": (
        RESELLER,
        _fact(balance=Decimal(5), uninvoiced=Decimal(1)),
        [FailureCause.BALANCE],
    ),
    "long ago": (RESELLER, _long_ago, [FailureCause.REGISTERED_LONG_AGO]),
    "overdue": (RESELLER, _fact(overdue=Decimal("0.01")), [FailureCause.OVERDUE]),
    "credit overdue": (
        RESELLER,
        _fact(overdue=Decimal(3), has_credit_bill_run=True),
        [FailureCause.OVERDUE, FailureCause.CREDIT_OVERDUE],
    ),
    "service contract": (
        RESELLER,
        _fact(has_service_contract=True),
        [FailureCause.SERVICE_CONTRACT],
    ),
    "reserved instances": (
        RESELLER,
        _fact(has_reserved_instances=True),
        [FailureCause.RESERVED_INSTANCE],
    ),
    "referral unified member": (
        REFERRAL,
        _referral(_member(EnterpriseAccounting.UNIFIED)),
        [FailureCause.ENTERPRISE_MEMBER],
    ),
    "referral overdue": (
        REFERRAL,
        _referral(_fact(overdue=Decimal(1))),
        [FailureCause.OVERDUE],
    ),
}
#: What the customer reads, letter for letter.
SENTENCES = {
    FailureCause.MAINLAND_SITE: "The account is registered on the Chinese mainland site.",
    FailureCause.PREPAID_PARTNER: (
        "Prepaid partners cannot develop customers in the Reseller model."
    ),
    FailureCause.RESERVED: "The customer has been registered by another partner.",
    FailureCause.IS_PARTNER: "The customer is already a partner or is applying to be one.",
    FailureCause.OTHER_PARTNER: "The customer is already associated with another partner.",
    FailureCause.SPECIAL_CONTRACT: "The customer has a special contract.",
    FailureCause.INTERNAL: "The customer uses an operator-internal account.",
    FailureCause.ENTERPRISE_MASTER: "The customer has an enterprise master account.",
    FailureCause.ENTERPRISE_MEMBER: "It must first be disassociated from the master.",
    FailureCause.NO_REFERRAL_TERMS: "The partner’s signed relationship does not allow the Referral",
    FailureCause.NO_REFERRAL_COUNTRY: "The partner’s country of registration does not allow the",
    FailureCause.CONSUMPTION: "The customer has a consumption record.",
    FailureCause.BALANCE: "the outstanding invoice amount is above the limit.",
    FailureCause.REGISTERED_LONG_AGO: "The customer registered longer ago than the limit.",
    FailureCause.OVERDUE: "The customer has an overdue payment.",
    FailureCause.CREDIT_OVERDUE: "The bill run of the customer’s credit account exists",
    FailureCause.SERVICE_CONTRACT: "The customer has a professional-service contract.",
    FailureCause.RESERVED_INSTANCE: "The customer holds valid reserved instances.",
}


def _untouched(user: User) -> tuple[object, ...]:
    """Everything that an association would change."""
    account = Account.objects.get(pk=user.account_id)
    return (
        list(Association.objects.values()),
        list(PreRegistration.objects.values()),
        AgreementSignature.objects.filter(account=account).count(),
        OnBehalfAuthorization.objects.count(),
        AssociationRequest.objects.count(),
        (account.stage, str(account.service_country), account.wants_marketing),
    )


@pytest.mark.requirement(
    "08-CSA-17",
    "08-CSA-18",
    "08-CSA-19",
    "08-X-01",
    "04-D-38",
    "04-AF06",
    "04-AF07",
    "04-AF08",
    "04-AF09",
    "04-AF10",
    "04-AF11",
    "04-AF12",
    "04-AF13",
    "04-AF14",
    "04-AF15",
    "04-AF16",
    "04-AF17",
    "04-AF18",
    "04-AF19",
    "04-AF20",
)
@pytest.mark.parametrize("case", CASES)
def test_a_refused_association_says_why_to_both_sides_and_changes_nothing(
    case: str, cast: Cast
) -> None:
    model, become, causes = CASES[case]
    user = landing.account()
    token = landing.invited(cast, model=model)
    become(cast, user)
    client = landing.browser(user)
    landing.tick(client, token, letter=True)
    before = _untouched(user)
    answer = landing.enable(client, token)
    assert answer.status_code == 422
    text = answer.content.decode()
    for cause in causes:
        assert SENTENCES[cause] in text, cause
    assert _untouched(user) == before
    kept = landing.record()
    assert (kept.status, kept.causes, kept.customer_id) == (
        InvitationStatus.FAILED,
        [str(cause) for cause in causes],
        user.account_id,
    )
    notice = Notice.objects.get(account=cast.tidemark)
    assert all(SENTENCES[cause] in notice.body for cause in causes)


def test_every_cause_of_an_account_has_a_case() -> None:
    shown = {cause for _model, _become, causes in CASES.values() for cause in causes}
    about_the_link = {
        FailureCause.BUSY,
        FailureCause.NO_LINK,
        FailureCause.LINK_EXPIRED,
        FailureCause.CODE_USED,
        FailureCause.LINK_USED,
    }
    assert shown == set(FailureCause) - about_the_link == set(SENTENCES)


@pytest.mark.requirement("08-CSA-17", "08-CSA-18", "08-X-01")
@pytest.mark.parametrize(
    "become",
    [
        _fact(has_service_contract=True),
        _fact(has_reserved_instances=True),
        _member(EnterpriseAccounting.INDEPENDENT),
        _master,
        _terms(is_prepaid=True, may_refer=True),
    ],
)
def test_what_only_the_reseller_model_refuses_is_no_matter_in_referral(
    cast: Cast, become: Callable[[Cast, User], None]
) -> None:
    _terms(may_refer=True)(cast, cast.mara)
    user = landing.account()
    token = landing.invited(cast, model=REFERRAL)
    become(cast, user)
    association = landing.accept(cast.actor(user), token, instructions="")
    assert association.model == REFERRAL


@pytest.mark.requirement("08-CSA-17", "08-X-28")
def test_seven_days_to_the_minute_and_resources_without_cash_are_let_in(cast: Cast) -> None:
    user = landing.account()
    token = landing.invited(cast)
    Account.objects.filter(pk=user.account_id).update(
        registered_at=clock.now() - timedelta(days=6, hours=23, minutes=58)
    )
    landing.standing(user, has_resources=True)
    assert landing.accept(cast.actor(user), token)


@pytest.mark.requirement("08-CSA-19")
def test_all_causes_are_shown_together_with_their_remedies(cast: Cast) -> None:
    user = landing.account()
    token = landing.invited(cast)
    landing.standing(user, overdue=Decimal(2), has_cash_spend=True, is_internal=True)
    client = landing.browser(user)
    landing.tick(client, token)
    text = landing.enable(client, token).content.decode()
    for words in (
        "The customer uses an operator-internal account.",
        "The customer has a consumption record.",
        "The customer has an overdue payment.",
        "Top up your account and repay what is overdue, then ask for a review.",
    ):
        assert words in text
    assert "Ask the operator to review</a>" not in text, "AF11 can never be waived"


@pytest.mark.requirement("08-CSA-19")
def test_the_check_right_after_login_shows_and_keeps_the_causes(cast: Cast) -> None:
    user = landing.account()
    token = landing.invited(cast)
    landing.standing(user, has_reserved_instances=True)
    client = landing.browser(user)
    landing.tick(client, token)
    page = client.get(f"/invitation/{token}/associate")
    text = page.content.decode()
    assert "The customer holds valid reserved instances." in text
    assert "Unsubscribe from your reserved instances first." in text
    assert f'hx-post="/invitation/{token}/check"' in text
    assert landing.record().status == InvitationStatus.INVITED, "reading changes nothing"
    silent = client.post(f"/invitation/{token}/check", headers={"HX-Request": "true"})
    assert silent.status_code == 204
    assert (landing.record().status, landing.record().causes) == ("failed", ["CSA18B"])
    client.post(f"/invitation/{token}/check")
    assert Notice.objects.filter(account=cast.tidemark).count() == 1, "told once"


@pytest.mark.requirement("08-CSA-19")
def test_who_puts_it_right_comes_in_with_the_same_invitation(cast: Cast) -> None:
    user = landing.account()
    token = landing.invited(cast)
    landing.standing(user, has_reserved_instances=True)
    client = landing.browser(user)
    landing.tick(client, token)
    landing.enable(client, token)
    landing.standing(user, has_reserved_instances=False)
    assert client.post(f"/invitation/{token}/check")["Location"].endswith("/associate")
    assert landing.enable(client, token)["Location"].endswith("/done")
    kept = landing.record()
    assert (kept.status, kept.causes) == (InvitationStatus.ASSOCIATED, [])


@pytest.mark.requirement("08-X-03", "08-X-28")
def test_an_approved_manual_review_waives_what_it_was_about(cast: Cast) -> None:
    user = landing.account()
    token = landing.invited(cast)
    _long_ago(cast, user)
    PreRegistration.objects.update(reasons=["long_ago"], reviewed_at=clock.now())
    assert landing.accept(cast.actor(user), token)


@pytest.mark.requirement("04-AF01")
def test_a_database_that_gives_up_is_a_busy_system(cast: Cast) -> None:
    user = landing.account(stage=AccountStage.REGISTERED)
    token = landing.invited(cast)
    client = landing.browser(user)
    landing.tick(client, token)
    before = _untouched(user)

    def give_up(**_more: object) -> None:
        raise OperationalError("deadlock detected")

    association_completed.connect(give_up)
    try:
        answer = landing.enable(client, token)
    finally:
        association_completed.disconnect(give_up)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "The system is busy. Try again later." in text
    assert "Try again in a few minutes." in text
    assert _untouched(user) == before
    assert landing.record().causes == ["AF01"]
    assert landing.enable(client, token)["Location"].endswith("/done")
