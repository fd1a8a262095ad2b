"""Reserving potential customers: what is asked, what stands against it, how it ends (04 §8.2.2.1)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.choices import Contract, SystemRole
from accounts.models import PartnerTerms, User
from accounts.services import members
from audit.models import OperationRecord
from customers.choices import (
    FailureCause,
    InvitationStatus,
    PreRegistrationReason,
    PreRegistrationStatus,
)
from customers.models import Association, Invitation, PreRegistration
from customers.queries import preregistrations as queries
from customers.refusals import (
    AlreadyPreregistered,
    CannotBeDeleted,
    CannotPreregister,
    DevelopmentOff,
    LimitReached,
    OwnContactMissing,
    ReferralOff,
)
from customers.services import operating
from customers.services import preregistrations as services
from outbox.models import Delivery
from partner_center import clock
from partner_center.refusals import NotFound, NotPermitted

from ..accounts.organization import new_member
from ..cast import _account
from . import development
from .development import EMAIL, ask_review, at, grant, prospect, reserve

pytestmark = pytest.mark.django_db
Reason = PreRegistrationReason
DAY = timedelta(days=1)


@pytest.fixture
def mara(cast):
    return cast.actor(cast.mara)


@pytest.fixture
def nora(cast):
    return cast.actor(cast.nora)


def _mails() -> list[str]:
    return list(Delivery.objects.filter(template="customer_invitation").values_list("target"))


# --- Reserving --------------------------------------------------------------------------------


@pytest.mark.requirement("04-PRE-01", "04-PRE-05", "07-RPRE-06", "07-RPRE-10")
def test_a_reservation_holds_for_15_days(mara, monkeypatch) -> None:
    moment = clock.now()
    at(monkeypatch, moment)
    row = reserve(mara, remarks="Met at the fair")
    assert row.status == PreRegistrationStatus.REGISTERED
    assert (row.registered_at, row.expires_at) == (moment, moment + 15 * DAY)
    record = OperationRecord.objects.get(action="customers.preregistration.created")
    assert record.account_id == mara.account_id and record.after["email"] == EMAIL
    assert "Reef Hotels" not in record.target_name


@pytest.mark.requirement("04-PRE-13", "04-PRE-11", "07-RPRE-02", "06-DPR-02")
def test_the_invitation_leaves_at_once_if_it_is_wanted(mara) -> None:
    reserve(mara, "one@reef-hotels.example")
    assert _mails() == []
    row = reserve(mara, EMAIL, wants_invitation=True)
    assert _mails() == [(EMAIL,)]
    invitation = row.invitations.get()
    assert invitation.status == InvitationStatus.INVITED
    assert invitation.expires_at == row.registered_at + 7 * DAY


@pytest.mark.requirement("04-PRE-05", "04-PRE-01", "07-RPRE-01", "07-RPRE-06")
@pytest.mark.parametrize("written", [EMAIL, EMAIL.upper()])
def test_no_other_partner_reserves_the_same_customer(written, mara, nora) -> None:
    reserve(mara)
    with pytest.raises(CannotPreregister) as refused:
        reserve(nora, written)
    assert refused.value.reasons == (Reason.RESERVED,)
    assert "preregistered by another partner" in refused.value.sentence
    assert not refused.value.may_be_reviewed
    assert PreRegistration.objects.count() == 1


@pytest.mark.requirement("04-PRE-05")
def test_the_same_partner_does_not_reserve_twice(mara) -> None:
    reserve(mara)
    with pytest.raises(AlreadyPreregistered) as refused:
        reserve(mara, EMAIL.upper())
    assert refused.value.field == "email" and "already preregistered" in refused.value.sentence
    assert PreRegistration.objects.count() == 1


@pytest.mark.requirement("04-PRE-05")
def test_a_reservation_that_is_over_frees_the_address_before_any_job(
    mara, nora, monkeypatch
) -> None:
    mine = reserve(mara, wants_invitation=True)
    at(monkeypatch, mine.expires_at - timedelta(seconds=1))
    with pytest.raises(CannotPreregister):
        reserve(nora)
    at(monkeypatch, mine.expires_at)
    theirs = reserve(nora, EMAIL.upper())
    mine.refresh_from_db()
    assert mine.status == PreRegistrationStatus.EXPIRED
    assert mine.invitations.get().status == InvitationStatus.EXPIRED
    assert theirs.status == PreRegistrationStatus.REGISTERED


def test_a_partner_reserves_again_what_it_lost(mara, monkeypatch) -> None:
    first = reserve(mara)
    at(monkeypatch, first.expires_at)
    assert reserve(mara).pk != first.pk


@pytest.mark.requirement("04-PRE-07", "07-RPRE-08", "06-DPR-03")
def test_what_is_known_of_the_customer_is_found_by_its_address_in_any_case(mara) -> None:
    prospect(on_mainland_site=True)
    with pytest.raises(CannotPreregister) as refused:
        reserve(mara, EMAIL.upper())
    assert refused.value.reasons == (Reason.MAINLAND_SITE,)
    assert reserve(mara, "other@reef-hotels.example")


# --- What stands against it -------------------------------------------------------------------

#: Reason → how the customer comes to have it, what the partner reads, whether it can be reviewed.
AGAINST = {
    Reason.MAINLAND_SITE: ({"on_mainland_site": True}, "Chinese mainland site", False),
    Reason.CONTRACT: ({"contract": Contract.DIRECT}, "signed a contract", False),
    Reason.CASH: ({"has_cash_spend": True}, "is not followed up by", False),
    Reason.ENTERPRISE: ({"is_enterprise_master": True}, "unified accounting model", False),
    Reason.REGISTERED_LONG_AGO: (
        {"age": 7 * DAY + timedelta(seconds=1)},
        "registered more than 7 days ago",
        True,
    ),
    Reason.CASH_FOLLOWED_UP: (
        {"has_cash_spend": True, "followed_by_direct_sales": True},
        "is followed up by",
        True,
    ),
    Reason.OTHER_COUNTRY: ({"country": "SG"}, "registered in a country other", True),
    Reason.ONLINE_SALES: ({"with_online_sales": True}, "online sales team", True),
}


@pytest.mark.requirement(
    "04-PRE-02", "04-PRE-03", "04-PRE-14", "07-RPRE-03", "07-RPRE-04", "07-RPRE-11"
)
@pytest.mark.parametrize("reason", AGAINST)
def test_every_reason_is_named_and_nothing_is_changed(reason, mara, cast) -> None:
    facts, words, reviewable = AGAINST[reason]
    prospect(**facts)
    with pytest.raises(CannotPreregister) as refused:
        reserve(mara)
    assert refused.value.reasons == (reason,)
    assert words in refused.value.sentence
    assert "cannot be directly preregistered" in refused.value.sentence
    assert refused.value.may_be_reviewed is reviewable
    assert not PreRegistration.objects.exists() and not _mails()


@pytest.mark.requirement("04-PRE-02", "07-RPRE-03")
@pytest.mark.parametrize("partner", ["tidemark", "northgate"])
def test_a_customer_of_any_partner_is_refused(partner, mara, cast) -> None:
    account = prospect()
    Association.objects.create(
        account=getattr(cast, partner), customer=account, associated_at=clock.now()
    )
    with pytest.raises(CannotPreregister) as refused:
        reserve(mara)
    assert refused.value.reasons == (Reason.ASSOCIATED,)
    assert "associated with a partner" in refused.value.sentence
    assert not refused.value.may_be_reviewed and not PreRegistration.objects.exists()


@pytest.mark.requirement("04-PRE-02")
def test_a_member_of_an_enterprise_in_unified_accounting_is_refused(mara, cast) -> None:
    development.join_unified(prospect(), cast.delta)
    with pytest.raises(CannotPreregister) as refused:
        reserve(mara)
    assert refused.value.reasons == (Reason.ENTERPRISE,)


def test_every_reason_is_tested() -> None:
    assert {*AGAINST, Reason.RESERVED, Reason.ASSOCIATED} == set(Reason)


@pytest.mark.requirement("04-PRE-03")
def test_seven_days_exactly_are_not_too_old(mara, monkeypatch) -> None:
    account = prospect()
    at(monkeypatch, account.registered_at + 7 * DAY)
    assert reserve(mara)


@pytest.mark.requirement("04-PRE-14")
def test_one_reason_of_the_hard_ones_is_enough_against_a_review(mara) -> None:
    prospect(country="SG", on_mainland_site=True)
    for call in (reserve, ask_review):
        with pytest.raises(CannotPreregister) as refused:
            call(mara)
        assert refused.value.reasons == (Reason.MAINLAND_SITE, Reason.OTHER_COUNTRY)
        assert not refused.value.may_be_reviewed
    assert not PreRegistration.objects.exists()


# --- What is wrong with the partner -----------------------------------------------------------


@pytest.mark.requirement("04-PRE-06", "07-RPRE-07")
def test_without_own_mobile_or_email_nothing_is_reserved(mara, cast) -> None:
    User.objects.filter(pk=cast.mara.pk).update(mobile="", email="")
    with pytest.raises(OwnContactMissing) as refused:
        reserve(mara)
    assert "Account Management > Basic Information" in refused.value.sentence
    assert not PreRegistration.objects.exists()
    User.objects.filter(pk=cast.mara.pk).update(mobile="+639170000001")
    assert reserve(mara)


@pytest.mark.requirement("04-PRE-12", "06-DPR-01")
def test_a_distributor_needs_the_customer_development_permission(cast) -> None:
    dina = cast.actor(cast.dina)
    with pytest.raises(DevelopmentOff) as refused:
        reserve(dina)
    assert "Contact your ecosystem manager" in refused.value.sentence
    assert not PreRegistration.objects.exists()
    grant(cast.meridian, may_develop=True)
    assert reserve(dina)


@pytest.mark.requirement("04-PRE-12", "07-RPRE-01")
def test_referral_is_for_those_who_were_granted_it_and_never_for_resellers(cast, mara) -> None:
    leo = cast.actor(cast.leo)
    grant(cast.lagoon, may_refer=True)
    for actor in (mara, leo):
        with pytest.raises(ReferralOff) as refused:
            reserve(actor, model=development.REFERRAL)
        assert refused.value.field == "model" and "Reseller model only" in refused.value.sentence
    assert not PreRegistration.objects.exists()
    PartnerTerms.objects.create(account=cast.tidemark, may_refer=True)
    assert reserve(mara, model=development.REFERRAL).model == development.REFERRAL
    assert reserve(leo, "guest@reef-hotels.example").model == "reseller"


def _fill(cast, count: int, **values) -> None:
    moment = clock.now()
    PreRegistration.objects.bulk_create(
        PreRegistration(
            account=cast.tidemark,
            customer_name="Filler",
            email=f"filler{number}@reef-hotels.example",
            mobile="+639175550142",
            created_by=cast.mara,
            created_at=moment,
            **{
                "status": PreRegistrationStatus.REGISTERED,
                "registered_at": moment,
                "expires_at": moment + 15 * DAY,
            }
            | values,
        )
        for number in range(count)
    )


@pytest.mark.requirement("04-PRE-04", "07-RPRE-05")
def test_the_hundredth_is_the_last(cast, mara) -> None:
    prospect(country="SG")
    ask_review(mara)  # pending ones count too
    _fill(cast, 98)
    reserve(mara, "hundredth@reef-hotels.example")
    with pytest.raises(LimitReached) as refused:
        reserve(mara, "next@reef-hotels.example")
    assert "limit of 100" in refused.value.sentence and "Delete one" in refused.value.sentence
    assert PreRegistration.objects.count() == 100
    services.delete(mara, [PreRegistration.objects.get(email="hundredth@reef-hotels.example").pk])
    assert reserve(mara, "next@reef-hotels.example")


@pytest.mark.requirement("04-PRE-04")
def test_what_is_over_or_decided_does_not_count(cast, mara, monkeypatch) -> None:
    _fill(cast, 100)
    at(monkeypatch, clock.now() + 15 * DAY)  # over, though no job has run
    assert reserve(mara)


def test_nobody_reserves_without_the_permission(cast) -> None:
    for user in (cast.felix, cast.ivy, cast.hana):
        with pytest.raises(NotPermitted):
            reserve(cast.actor(user))
    assert not PreRegistration.objects.exists()


# --- Who sees it ------------------------------------------------------------------------------


@pytest.mark.requirement("04-PRE-12")
def test_managers_see_their_own_and_directors_those_of_their_managers(cast, mara) -> None:
    jun, rosa = cast.actor(cast.jun), cast.actor(cast.rosa)
    rows = [reserve(a, f"{a.user_id}@reef-hotels.example") for a in (jun, rosa, mara)]
    assert [row.manager_id for row in rows] == [cast.jun.pk, cast.rosa.pk, None]
    seen = {
        actor.user_id: set(queries.list_preregistrations(actor).values_list("pk", flat=True))
        for actor in (jun, rosa, mara)
    }
    assert seen[jun.user_id] == {rows[0].pk}
    assert seen[rosa.user_id] == {rows[0].pk, rows[1].pk}
    assert seen[mara.user_id] == {row.pk for row in rows}
    with pytest.raises(NotFound):
        services.delete(jun, [rows[1].pk])
    assert not PreRegistration.objects.filter(deleted_at__isnull=False).exists()


def test_a_deleted_managers_reservations_belong_to_nobody(cast, mara) -> None:
    manager = new_member(mara, SystemRole.MANAGER)
    row = reserve(cast.actor(manager))
    members.delete_member(mara, manager.pk)
    row.refresh_from_db()
    assert row.manager_id is None and row.status == PreRegistrationStatus.REGISTERED


# --- How it ends ------------------------------------------------------------------------------


@pytest.mark.requirement("04-PRE-09", "07-RPRE-14")
def test_deleting_voids_frees_and_withdraws(mara, nora) -> None:
    row = reserve(mara, wants_invitation=True)
    services.delete(mara, [row.pk])
    row.refresh_from_db()
    assert row.status == PreRegistrationStatus.DELETED and row.deleted_at
    assert row.invitations.get().status == InvitationStatus.WITHDRAWN
    assert not queries.list_preregistrations(mara).exists()
    assert reserve(nora)
    with pytest.raises(NotFound):
        services.delete(mara, [row.pk])


@pytest.mark.requirement("04-PRE-09", "07-RPRE-14")
@pytest.mark.parametrize(
    "status", [PreRegistrationStatus.PENDING_REVIEW, PreRegistrationStatus.ASSOCIATED]
)
def test_one_row_that_stays_refuses_the_whole_batch(status, mara) -> None:
    free, stays = reserve(mara), reserve(mara, "stay@reef-hotels.example")
    PreRegistration.objects.filter(pk=stays.pk).update(status=status, customer_name="Old Quay")
    with pytest.raises(CannotBeDeleted) as refused:
        services.delete(mara, [free.pk, stays.pk])
    assert "O**** Q**** (st****@reef-hotels.example)" in refused.value.sentence
    assert "R****" not in refused.value.sentence
    assert not PreRegistration.objects.filter(deleted_at__isnull=False).exists()


def test_another_partners_row_is_missing(mara, nora) -> None:
    mine, theirs = reserve(mara), reserve(nora, "theirs@reef-hotels.example")
    with pytest.raises(NotFound):
        services.delete(mara, [mine.pk, theirs.pk])
    assert not PreRegistration.objects.filter(deleted_at__isnull=False).exists()


@pytest.mark.requirement("04-PRE-05")
def test_the_job_expires_what_is_over_and_its_invitations(mara, nora, monkeypatch) -> None:
    over, later = reserve(mara, wants_invitation=True), reserve(nora, "b@reef-hotels.example")
    PreRegistration.objects.filter(pk=later.pk).update(expires_at=over.expires_at + DAY)
    assert services.expire_due(over.expires_at) == 1
    assert services.expire_due(over.expires_at) == 0
    over.refresh_from_db()
    later.refresh_from_db()
    assert (over.status, later.status) == ("expired", "registered")
    assert over.invitations.get().status == InvitationStatus.EXPIRED
    record = OperationRecord.objects.get(action="customers.preregistration.expired")
    assert record.account_id == mara.account_id
    assert record.after == {"preregistrations": [over.pk]}


@pytest.mark.requirement("04-PRE-05")
def test_a_killed_job_is_finished_by_the_next(cast, mara, monkeypatch) -> None:
    _fill(cast, 5)
    moment = clock.now() + 15 * DAY
    monkeypatch.setattr(services, "BATCH", 2)

    class KilledError(Exception):
        pass

    real, calls = services.reserving.expire, []

    def killed(keys, when) -> None:
        calls.append(keys)
        if len(calls) == 2:
            raise KilledError
        real(keys, when)

    monkeypatch.setattr(services.reserving, "expire", killed)
    with pytest.raises(KilledError):
        services.expire_due(moment)
    assert PreRegistration.objects.filter(status="expired").count() == 2
    assert services.expire_due(moment) == 3
    assert OperationRecord.objects.filter(action="customers.preregistration.expired").count() == 3


@pytest.mark.requirement("04-PRE-11", "06-DPR-04")
def test_whoever_associates_closes_its_own_reservation(cast, mara) -> None:
    row = reserve(mara)
    customer = prospect()
    operating.associate(cast.actor(cast.olga), partner_id=cast.tidemark.pk, customer_id=customer.pk)
    row.refresh_from_db()
    assert (row.status, row.customer_id) == (PreRegistrationStatus.ASSOCIATED, customer.pk)


def test_an_associated_distributors_customer_is_its_own(cast) -> None:
    grant(cast.meridian, may_develop=True)
    customer = _account("reef-hotels").account
    operating.associate(cast.actor(cast.olga), partner_id=cast.meridian.pk, customer_id=customer.pk)
    assert Association.objects.get(customer=customer).distributor_id is None


def test_nothing_is_waived_without_a_review(mara) -> None:
    assert queries.waived_causes(None) == queries.waived_causes(reserve(mara)) == frozenset()
    assert FailureCause.CONSUMPTION not in queries.waived_causes(
        PreRegistration(status="rejected", reviewed_at=clock.now())
    )
    assert not Invitation.objects.exists()
