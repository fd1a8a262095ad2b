"""Authorization of on-behalf work: who asks, who answers, what it allows (04 §8.3.1.10, 08 §10.6)."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from accounts.choices import SystemRole
from accounts.models import AgreementDocument, AgreementSignature, User
from audit.models import OperationRecord
from customers.choices import AssociationModel
from customers.models import Association, OnBehalfAuthorization
from customers.queries import authorizations as queries
from customers.refusals.authorizations import (
    AlreadyAnswered,
    AlreadyObtained,
    AlreadyPending,
    CauseMissing,
    CauseTooLong,
    DistributorFirst,
    LetterNotAccepted,
    NotInForce,
    OnlyResellerModel,
)
from customers.services import authorizations as services
from customers.services import operating
from notifications.models import Message, Notice, NoticeDelivery
from partner_center import clock
from partner_center.refusals import CodeRequired, NotFound, NotPermitted, Stale
from resellers.models import ResellerAssociation

from ..accounts.organization import at_once, new_member, refusals
from ..cast import Cast, assemble
from .authorizing import (
    accepted,
    agree,
    association_of,
    customer_of,
    permit_lagoon,
    request,
    revoke,
    with_code,
    withdraw_from_lagoon,
)

pytestmark = pytest.mark.django_db


def _next_version(code: str) -> None:
    AgreementDocument.objects.create(
        code=code, version="V1002", title="Next", body="New text", published_at=clock.now()
    )


def _may_act(cast: Cast, partner=None, customer=None) -> bool:
    return queries.may_act((partner or cast.tidemark).pk, (customer or cast.harborline).pk)


# --- The request ------------------------------------------------------------------------------


@pytest.mark.requirement("04-ATH-01", "04-ATH-02", "08-AUT-13", "08-PCL-01")
def test_the_first_request_needs_the_commitment_letter(cast) -> None:
    mara, harborline = cast.actor(cast.mara), association_of(cast.harborline)
    with pytest.raises(LetterNotAccepted) as caught:
        services.request(mara, harborline.pk)
    assert caught.value.field == "agrees"
    assert not OnBehalfAuthorization.objects.exists()
    services.request(mara, harborline.pk, agreed_version="V1001")
    signature = AgreementSignature.objects.get(account=cast.tidemark)
    assert (signature.document.code, signature.document.version, signature.user) == (
        "partner-commitment-letter",
        "V1001",
        cast.mara,
    )
    # Accepted once for the account: the next request asks for nothing, until the letter changes.
    felix = _with_permission(cast, cast.felix)
    services.request(felix, association_of(cast.delta).pk)
    assert AgreementSignature.objects.filter(account=cast.tidemark).count() == 1
    _next_version(queries.COMMITMENT_LETTER)
    assert queries.commitment_to_sign(mara).version == "V1002"


def _with_permission(cast, user):
    actor = cast.actor(user)
    return replace(actor, permissions=actor.permissions | {"customers.request_authorization"})


def test_a_letter_that_changed_while_it_was_read_is_stale(cast) -> None:
    _next_version(queries.COMMITMENT_LETTER)
    with pytest.raises(Stale):
        services.request(
            cast.actor(cast.mara), association_of(cast.harborline).pk, agreed_version="V1001"
        )
    assert not AgreementSignature.objects.filter(account=cast.tidemark).exists()


@pytest.mark.requirement("08-AUT-15", "04-ATH-03")
def test_the_customer_is_told_of_the_request(cast) -> None:
    asked = request(cast, cast.mara, association_of(cast.harborline))
    notice = Notice.objects.get(account=cast.harborline)
    assert notice.title == "Tidemark Cloud asks for your authorization"
    assert notice.link == f"/my-account/partner/authorizations/{asked.pk}"
    assert Message.objects.filter(user=cast.hana, notice=notice).exists()
    assert NoticeDelivery.objects.filter(notice=notice, channel="email").exists()
    records = OperationRecord.objects.filter(action="customers.authorization.requested")
    assert {r.account_id for r in records} == {cast.tidemark.pk, cast.harborline.pk}


@pytest.mark.requirement("08-AUT-14")
def test_a_second_request_is_refused_while_one_is_open(cast) -> None:
    harborline = association_of(cast.harborline)
    asked = request(cast, cast.mara, harborline)
    with pytest.raises(AlreadyPending, match="has not answered your earlier request"):
        request(cast, cast.mara, harborline)
    agree(cast, cast.hana, asked)
    with pytest.raises(AlreadyObtained, match="has already authorized you"):
        request(cast, cast.mara, harborline)
    assert OnBehalfAuthorization.objects.count() == 1
    with (
        pytest.raises(IntegrityError, match="authorization_one_open_per_pair"),
        transaction.atomic(),
    ):
        OnBehalfAuthorization.objects.create(
            account=cast.tidemark,
            association=harborline,
            customer=cast.harborline,
            requested_at=clock.now(),
        )


def test_only_reseller_customers_of_ones_own_within_the_scope(cast) -> None:
    harborline, delta = association_of(cast.harborline), association_of(cast.delta)
    for user in (cast.nora, cast.leo, cast.dina):
        with pytest.raises(NotFound):
            request(cast, user, harborline)
    jun = _with_permission(cast, cast.jun)
    services.request(jun, harborline.pk, agreed_version="V1001")
    with pytest.raises(NotFound):
        services.request(jun, delta.pk, agreed_version="V1001")
    for user in (cast.felix, cast.hana, cast.olga):
        with pytest.raises(NotPermitted):
            services.request(cast.actor(user), delta.pk)
    Association.objects.filter(pk=delta.pk).update(model=AssociationModel.REFERRAL)
    with pytest.raises(OnlyResellerModel):
        request(cast, cast.mara, delta)
    assert OnBehalfAuthorization.objects.count() == 1


@pytest.mark.requirement(
    "04-ATH-04", "07-RAUT-01", "07-RAUT-02", "06-OBH-06", "08-AUT-01", "08-PCL-02", "07-RAUT-03"
)
def test_a_reseller_asks_its_distributor_first_and_sees_no_letter(cast) -> None:
    reef, association = customer_of(cast, cast.lagoon)
    with pytest.raises(DistributorFirst, match="your distributor must first permit you"):
        request(cast, cast.leo, association)
    assert not Notice.objects.filter(account=reef.account, type="my_partner").exists()
    permit_lagoon(cast)
    assert queries.commitment_to_sign(cast.actor(cast.leo)) is None
    asked = services.request(cast.actor(cast.leo), association.pk)
    assert asked.account == cast.lagoon
    assert not AgreementSignature.objects.filter(account=cast.lagoon).exists()
    agree(cast, reef, asked)
    assert _may_act(cast, cast.lagoon, reef.account)


@pytest.mark.requirement("07-RAUT-04", "06-OBH-08", "08-X-21")
def test_the_distributors_withdrawal_suspends_and_a_new_grant_restores(cast) -> None:
    reef, association = customer_of(cast, cast.lagoon)
    permit_lagoon(cast)
    authorization = agree(cast, reef, request(cast, cast.leo, association))
    withdraw_from_lagoon()
    assert not _may_act(cast, cast.lagoon, reef.account)
    authorization.refresh_from_db()
    assert authorization.status == "accepted", "the customer's own status is kept"
    permit_lagoon(cast)
    assert _may_act(cast, cast.lagoon, reef.account)


@pytest.mark.requirement("06-DX-09")
def test_the_distributor_is_authorized_separately_from_its_reseller(cast) -> None:
    reef, association = customer_of(cast, cast.lagoon)
    permit_lagoon(cast)
    agree(cast, reef, request(cast, cast.leo, association))
    assert not _may_act(cast, cast.meridian, reef.account)
    with pytest.raises(LetterNotAccepted):
        services.request(cast.actor(cast.dina), association.pk)
    authorization = agree(cast, reef, request(cast, cast.dina, association))
    assert authorization.account == cast.meridian
    assert _may_act(cast, cast.meridian, reef.account)
    withdraw_from_lagoon()
    assert _may_act(cast, cast.meridian, reef.account)
    ResellerAssociation.objects.update(ended_at=clock.now())
    assert not _may_act(cast, cast.meridian, reef.account)


# --- The answer -------------------------------------------------------------------------------


@pytest.mark.requirement("08-AUT-06", "08-AUT-07", "08-AUT-09", "08-CAL-03", "04-ATH-05")
def test_agree_needs_the_tick_and_a_code_and_is_effective_at_once(cast) -> None:
    asked = request(cast, cast.mara, association_of(cast.harborline))
    hana = cast.actor(cast.hana)
    with pytest.raises(CodeRequired):  # Verify It's You is off: asked all the same
        services.agree(hana, asked.pk, agreed_version="V1001")
    coded = with_code(hana, "customers.accept_authorization")
    with pytest.raises(LetterNotAccepted):
        services.agree(coded, asked.pk, agreed_version="")
    with pytest.raises(Stale):
        services.agree(coded, asked.pk, agreed_version="V0")
    assert not _may_act(cast)
    services.agree(coded, asked.pk, agreed_version="V1001")
    asked.refresh_from_db()
    assert (asked.status, asked.effective_at, asked.expired_at) == (
        "accepted",
        asked.answered_at,
        None,
    )
    signature = asked.signature
    assert (signature.document.code, signature.user, signature.account) == (
        "customer-authorization-letter",
        cast.hana,
        cast.harborline,
    )
    assert _may_act(cast)


@pytest.mark.requirement("08-AUT-15", "08-CTS-02")
@pytest.mark.parametrize(
    ("answer", "title"),
    [
        ("accepted", "Harborline has authorized you"),
        ("rejected", "Harborline has rejected your authorization request"),
    ],
)
def test_the_partner_is_told_and_the_customer_has_a_trace(cast, answer, title) -> None:
    asked = request(cast, cast.mara, association_of(cast.harborline))
    if answer == "accepted":
        agree(cast, cast.hana, asked)
    else:
        services.reject(cast.actor(cast.hana), asked.pk)
    notice = Notice.objects.get(account=cast.tidemark, type="authorization_answered")
    assert notice.title == title
    told = set(Message.objects.filter(notice=notice).values_list("user__username", flat=True))
    assert told >= {cast.mara.username, cast.jun.username, cast.rosa.username}
    trace = OperationRecord.objects.exclude(trace_name="").get()
    assert (trace.trace_name, trace.account) == (
        "confirmCustomerAgentAuthorizationApply",
        cast.harborline,
    )
    assert trace.after == {"status": answer}


def test_account_managers_hear_of_their_own_customers_only(cast) -> None:
    asked = request(cast, cast.mara, association_of(cast.delta))
    delta = User.objects.get(account=cast.delta)
    services.reject(cast.actor(delta), asked.pk)
    told = Message.objects.filter(notice__type="authorization_answered")
    assert not told.filter(user__in=[cast.jun, cast.rosa]).exists()
    assert told.filter(user=cast.mara).exists()


@pytest.mark.requirement("08-AUT-06")
def test_a_rejected_request_is_over_and_the_partner_may_ask_again(cast) -> None:
    harborline = association_of(cast.harborline)
    asked = request(cast, cast.mara, harborline)
    services.reject(cast.actor(cast.hana), asked.pk)
    asked.refresh_from_db()
    assert (asked.status, asked.effective_at) == ("rejected", None)
    assert not _may_act(cast)
    for answer in (partial(agree, cast, cast.hana), partial(revoke, cast, cast.hana)):
        with pytest.raises((AlreadyAnswered, NotInForce)):
            answer(asked)
    with pytest.raises(AlreadyAnswered, match="already been processed"):
        services.reject(cast.actor(cast.hana), asked.pk)
    assert request(cast, cast.mara, harborline).pk != asked.pk


def test_nobody_answers_for_another_customer_or_without_the_permission(cast) -> None:
    asked = request(cast, cast.mara, association_of(cast.delta))
    hana = cast.actor(cast.hana)
    for call in (
        partial(services.reject, hana, asked.pk),
        partial(
            services.agree,
            with_code(hana, "customers.accept_authorization"),
            asked.pk,
            agreed_version="V1001",
        ),
        partial(
            services.revoke,
            with_code(hana, "customers.revoke_authorization"),
            asked.pk,
            cause="Mine",
        ),
    ):
        with pytest.raises(NotFound):
            call()
    member = new_member(cast.actor(cast.mara), SystemRole.FINANCE, username="o.other")
    for user in (cast.mara, member, cast.olga):
        with pytest.raises(NotPermitted):
            services.reject(cast.actor(user), asked.pk)
    asked.refresh_from_db()
    assert asked.status == "pending"


# --- Revoking ---------------------------------------------------------------------------------


@pytest.mark.requirement("08-AUT-10", "08-AUT-11", "04-ATH-05", "07-RAUT-04")
def test_revoking_needs_cause_and_code_ends_at_once_and_for_good(cast) -> None:
    authorization = accepted(cast)
    with pytest.raises(CodeRequired):
        services.revoke(cast.actor(cast.hana), authorization.pk, cause="Done")
    coded = with_code(cast.actor(cast.hana), "customers.revoke_authorization")
    for cause, refusal in (("", CauseMissing), ("  ", CauseMissing), ("x" * 129, CauseTooLong)):
        with pytest.raises(refusal) as caught:
            services.revoke(coded, authorization.pk, cause=cause)
        assert caught.value.field == "cause"
    assert _may_act(cast)
    services.revoke(coded, authorization.pk, cause="x" * 128)
    authorization.refresh_from_db()
    assert (authorization.status, authorization.cause) == ("revoked", "x" * 128)
    assert authorization.expired_at > authorization.effective_at
    assert not _may_act(cast)
    with pytest.raises(NotInForce, match="not in force"):
        revoke(cast, cast.hana, authorization)
    told = Notice.objects.filter(account=cast.tidemark, type="authorization_answered")
    assert told.latest("pk").title == "Harborline has revoked your authorization"
    request(cast, cast.mara, association_of(cast.harborline))
    assert not _may_act(cast), "a new request alone restores nothing"


def test_disassociation_and_another_model_end_what_may_be_done(cast) -> None:
    authorization = accepted(cast)
    harborline = association_of(cast.harborline)
    Association.objects.filter(pk=harborline.pk).update(model=AssociationModel.REFERRAL)
    assert not _may_act(cast)
    Association.objects.filter(pk=harborline.pk).update(model=AssociationModel.RESELLER)
    operating.end_association(cast.actor(cast.olga), harborline.pk, reason="Ended")
    authorization.refresh_from_db()
    assert (authorization.status, authorization.cause) == ("revoked", "disassociated")
    assert not _may_act(cast)


# --- With the association ---------------------------------------------------------------------


@pytest.mark.requirement("08-CSA-04", "08-CSA-05", "08-CTS-02")
def test_an_authorization_ticked_at_association_is_effective_from_that_moment(cast) -> None:
    reef, association = customer_of(cast, cast.tidemark)
    assert not _may_act(cast, cast.tidemark, reef.account), "without the tick there is none"
    with transaction.atomic():
        granted = services.grant_at_association(
            cast.actor(reef), association, association.associated_at
        )
    assert granted.effective_at == association.associated_at
    assert granted.signature.document.code == "customer-authorization-letter"
    assert _may_act(cast, cast.tidemark, reef.account)
    traces = OperationRecord.objects.exclude(trace_name="")
    assert [(one.trace_name, one.account) for one in traces] == [
        ("confirmCustomerAgentAuthorizationApply", reef.account)
    ]
    with pytest.raises(AlreadyObtained):
        request(cast, cast.mara, association)


@pytest.mark.requirement("08-CSA-05", "08-AUT-01")
def test_for_a_resellers_customer_it_is_of_use_with_the_distributors_grant_only(cast) -> None:
    reef, association = customer_of(cast, cast.lagoon)
    with transaction.atomic():
        services.grant_at_association(cast.actor(reef), association, clock.now())
    assert not _may_act(cast, cast.lagoon, reef.account)
    permit_lagoon(cast)
    assert _may_act(cast, cast.lagoon, reef.account)


# --- The letters ------------------------------------------------------------------------------


@pytest.mark.requirement("08-PCL-01")
def test_the_commitment_letter_says_what_the_partner_promises() -> None:
    letter = AgreementDocument.objects.get(code=queries.COMMITMENT_LETTER)
    for promise in (
        "without its explicit permission",
        "Trojans, viruses or other malware",
        "within the customer's authorization, with reasonable care",
        "products, commerce, contracts, orders, expenditure and resources",
        "warn you by word or in writing",
        "reduce or cancel the sales revenue or incentives involved",
        "cancel your identity as a partner",
        "compensation of all losses",
        "legal action",
        "until the customers cancel",
        "takes no part in it and bears no loss",
    ):
        assert promise in letter.body, promise
    assert "jointly" not in letter.body


@pytest.mark.requirement("08-CAL-01", "08-CAL-02", "08-CAL-03", "08-CAL-04")
def test_the_authorization_letter_says_what_the_customer_allows() -> None:
    letter = queries.customer_letter()
    for words in (
        "My Account, Billing Center, Resource Center, Service Tickets, Message Center, the cloud",
        "service console and other modules",
        "includes, but is not limited to",
        "starting, stopping, restarting and deleting cloud resources",
        "resetting passwords and modifying the policies",
        "account, expenditure, order, discount and contract information",
        "has no end date",
        "only when you cancel it in My Account",
        "cancel the authorization in My Account at once",
        "replaces and changes no agreement between you and the operator",
        "The operator is not liable",
    ):
        assert words in letter.body, words


# --- Two at once ------------------------------------------------------------------------------


@pytest.mark.requirement("08-AUT-14")
@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_send_one(db) -> None:
    cast = assemble()
    harborline = association_of(cast.harborline)
    call = partial(services.request, cast.actor(cast.mara), harborline.pk, agreed_version="V1001")
    answers = at_once(call, call)
    assert refusals(answers) == ["customers.authorization.pending"]
    assert OnBehalfAuthorization.objects.count() == 1
    assert Notice.objects.filter(account=cast.harborline, type="my_partner").count() == 1


@pytest.mark.django_db(transaction=True)
def test_agree_and_reject_at_once_and_one_of_them_counts(db) -> None:
    cast = assemble()
    asked = request(cast, cast.mara, association_of(cast.harborline))
    coded = with_code(cast.actor(cast.hana), "customers.accept_authorization")
    answers = at_once(
        partial(services.agree, coded, asked.pk, agreed_version="V1001"),
        partial(services.reject, cast.actor(cast.hana), asked.pk),
    )
    assert refusals(answers) == ["customers.authorization.already_answered"]
    asked.refresh_from_db()
    assert (asked.status == "accepted") == (asked.effective_at is not None)
    assert Notice.objects.filter(type="authorization_answered").count() == 1


@pytest.mark.django_db(transaction=True)
def test_agree_and_disassociation_at_once_leave_nothing_in_force(db) -> None:
    cast = assemble()
    harborline = association_of(cast.harborline)
    asked = request(cast, cast.mara, harborline)
    coded = with_code(cast.actor(cast.hana), "customers.accept_authorization")
    at_once(
        partial(services.agree, coded, asked.pk, agreed_version="V1001"),
        partial(operating.end_association, cast.actor(cast.olga), harborline.pk, reason="Ended"),
    )
    asked.refresh_from_db()
    assert asked.status == "revoked"
    assert not _may_act(cast)


@pytest.mark.django_db(transaction=True)
def test_revoked_twice_at_once_counts_once(db) -> None:
    cast = assemble()
    authorization = accepted(cast)
    coded = with_code(cast.actor(cast.hana), "customers.revoke_authorization")
    call = partial(services.revoke, coded, authorization.pk, cause="Done")
    assert len(refusals(at_once(call, call))) == 1
    assert OperationRecord.objects.filter(action="customers.authorization.revoked").count() == 2
    assert not _may_act(cast)
