"""Associations that the operator decides about (08-CSA-16, X-03; 07-RASC-09)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.urls import reverse

from accounts.choices import AccountStage
from accounts.models import Account, PartnerTerms
from audit.models import OperationRecord
from customers.choices import RequestStatus
from customers.models import Association, AssociationRequest, Invitation, OnBehalfAuthorization
from customers.refusals.acceptance import (
    CannotBeWaived,
    NoSuchCustomer,
    NotReviewable,
    ReasonNeeded,
    ReviewPending,
)
from customers.services import association_reviews as services
from notifications.models import Notice
from partner_center import clock
from partner_center.refusals import NotFound, NotPermitted

from ..accounts.organization import at_once, refusals, signed_in
from . import landing

pytestmark = pytest.mark.django_db
REQUESTS = reverse("admin:customers_associationrequest_changelist")
TICKET = "/sales/customer-development/association-ticket"


@pytest.fixture
def refused(cast):
    """A customer with cash spend whose association was refused, and the token."""
    user = landing.account()
    token = landing.invited(cast)
    landing.standing(user, has_cash_spend=True)
    return user, token


def _ask(client, token):
    return client.post(f"/invitation/{token}/review", {"reason": "We moved from another site."})


def _asked(user, token, *, letter=False):
    client = landing.browser(user)
    landing.tick(client, token, letter=letter)
    landing.enable(client, token)
    answer = _ask(client, token)
    assert answer.status_code == 302, answer.content
    return AssociationRequest.objects.get()


def _default_freeze(account) -> bool:
    created = OperationRecord.objects.get(
        action="customers.association.created", account_id=account.pk
    )
    return created.after["default_freeze"]


@pytest.mark.requirement("08-X-03", "04-AF16", "04-AF18")
def test_a_refused_customer_asks_the_operator(cast, refused) -> None:
    user, token = refused
    client = landing.browser(user)
    landing.tick(client, token)
    page = landing.enable(client, token).content.decode()
    assert "Ask the operator to review</a>" in page
    assert (
        "The customer has a consumption record."
        in client.get(f"/invitation/{token}/review").content.decode()
    )
    request = _asked(user, token)
    home = signed_in(cast.olga).get(reverse("home")).content.decode()
    assert "1 association waits" in home
    assert f"{REQUESTS}?status__exact=pending_review" in home
    assert (request.status, request.initiator, request.checks["causes"]) == (
        RequestStatus.PENDING_REVIEW,
        "customer",
        ["AF16"],
    )
    assert request.invitation == landing.record()
    page = client.get(f"/invitation/{token}/associate").content.decode()
    assert "Your request is being processed since" in page
    assert "Ask the operator to review</a>" not in page
    again = _ask(client, token)
    assert again.status_code == 422
    assert "a request for this customer is being processed already" in again.content.decode()
    assert AssociationRequest.objects.count() == 1


def test_what_cannot_be_waived_is_not_sent(cast, refused) -> None:
    user, token = refused
    landing.standing(user, is_internal=True)
    client = landing.browser(user)
    landing.tick(client, token)
    answer = _ask(client, token)
    assert answer.status_code == 422
    assert "the operator cannot decide about these causes" in answer.content.decode()
    assert not AssociationRequest.objects.exists()


@pytest.mark.requirement("08-CSA-10")
def test_services_are_enabled_before_a_review(cast, refused) -> None:
    user, token = refused
    Account.objects.filter(pk=user.account_id).update(
        stage=AccountStage.REGISTERED, service_country=""
    )
    client = landing.browser(user)
    landing.tick(client, token)
    page = client.get(f"/invitation/{token}/associate").content.decode()
    assert "once the services of your account are enabled" in page
    answer = _ask(client, token)
    assert answer.status_code == 422 and "Enable the services" in answer.content.decode()
    assert not AssociationRequest.objects.exists()


def test_a_reason_is_asked_for_and_what_was_typed_stays(cast, refused) -> None:
    user, token = refused
    client = landing.browser(user)
    landing.tick(client, token)
    answer = client.post(f"/invitation/{token}/review", {"reason": "x" * 257})
    assert answer.status_code == 422 and "x" * 257 in answer.content.decode()


@pytest.mark.requirement("08-CSA-16", "08-X-03")
@pytest.mark.parametrize("freezes", [False, True])
def test_approval_associates_with_the_freeze_that_the_operator_chose(
    cast, refused, freezes
) -> None:
    user, token = refused
    request = _asked(user, token, letter=True)
    client = landing.browser(cast.olga)
    url = reverse("admin:customers_associationrequest_change", args=[request.pk])
    assert "The customer has a consumption record." in client.get(url).content.decode()
    page = client.get(url.replace("change/", "approve/")).content.decode()
    assert page.index('value="no"') < page.index('value="yes"')
    answer = client.post(url.replace("change/", "approve/"), {"freeze": "yes" if freezes else "no"})
    assert answer.status_code == 302, answer.content
    association = Association.objects.get(customer=user.account)
    assert (association.account, association.source) == (cast.tidemark, "email")
    assert _default_freeze(user.account) is freezes
    request.refresh_from_db()
    assert (request.status, request.decided_by) == (RequestStatus.COMPLETED, cast.olga)
    assert landing.record().status == "associated"
    assert OnBehalfAuthorization.objects.get(association=association).status == "accepted"
    approved = OperationRecord.objects.filter(action="customers.association_request.approved")
    assert {r.after["default_freeze"] for r in approved} == {freezes}


@pytest.mark.requirement("08-X-03")
def test_causes_that_nobody_may_waive_or_has_reviewed_stop_the_approval(cast, refused) -> None:
    user, token = refused
    request = _asked(user, token)
    for facts, words in (
        ({"is_internal": True}, "operator-internal"),
        ({"is_internal": False, "overdue": Decimal(1)}, "overdue payment"),
    ):
        landing.standing(user, **facts)
        with pytest.raises(CannotBeWaived, match=words):
            services.approve(cast.actor(cast.olga), request.pk)
    request.refresh_from_db()
    assert request.status == RequestStatus.PENDING_REVIEW
    assert not Association.objects.filter(customer=user.account).exists()


def test_a_rejection_says_why_to_the_customer(cast, refused) -> None:
    user, token = refused
    request = _asked(user, token)
    operator = cast.actor(cast.olga)
    with pytest.raises(ReasonNeeded):
        services.reject(operator, request.pk, reason="  ")
    services.reject(operator, request.pk, reason="Direct contract runs.")
    request.refresh_from_db()
    assert (request.status, request.answer) == (RequestStatus.REJECTED, "Direct contract runs.")
    told = Notice.objects.filter(account=user.account).latest("pk")
    assert "Direct contract runs." in told.body
    with pytest.raises(NotReviewable):
        services.approve(operator, request.pk)
    assert not Association.objects.filter(customer=user.account).exists()


def _approved_late(cast, refused):
    user, token = refused
    request = _asked(user, token)
    Invitation.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    services.approve(cast.actor(cast.olga), request.pk)
    request.refresh_from_db()
    assert request.status == RequestStatus.PENDING
    assert not Association.objects.filter(customer=user.account).exists()
    return user, request


@pytest.mark.requirement("07-RASC-09")
def test_after_the_invitation_has_expired_the_partner_confirms(cast, refused) -> None:
    user, request = _approved_late(cast, refused)
    title = f"Confirm the association of {user.account.title}"
    assert Notice.objects.filter(account=cast.tidemark, title=title).exists()
    services.confirm_association(cast.actor(cast.mara), request.pk, agree=True, answer="Welcome")
    request.refresh_from_db()
    assert (request.status, request.decided_by) == (RequestStatus.COMPLETED, cast.mara)
    assert Association.objects.get(customer=user.account).account == cast.tidemark
    assert _default_freeze(user.account) is False


@pytest.mark.requirement("07-RASC-09")
def test_the_partner_may_reject_it(cast, refused) -> None:
    user, request = _approved_late(cast, refused)
    services.confirm_association(cast.actor(cast.mara), request.pk, agree=False, answer="No more")
    request.refresh_from_db()
    assert (request.status, request.answer) == (RequestStatus.REJECTED, "No more")
    assert not Association.objects.filter(customer=user.account).exists()


@pytest.mark.requirement("07-RASC-09")
@pytest.mark.parametrize("name", ["agree", "reject"])
def test_the_partner_decides_on_manage_association_records(cast, refused, name) -> None:
    user, request = _approved_late(cast, refused)
    client = signed_in(cast.mara)
    listed = client.get(f"{reverse('association_records:list')}?view=open").content.decode()
    address = reverse(f"association_records:{name}", args=[request.pk])
    assert address in listed
    assert client.get(address).status_code == 200
    client.post(address, {"answer": "Thank you"})
    request.refresh_from_db()
    found = Association.objects.filter(customer=user.account, account=cast.tidemark).exists()
    wanted = RequestStatus.COMPLETED if name == "agree" else RequestStatus.REJECTED
    assert (request.status, found) == (wanted, name == "agree")
    assert client.post(address, {"answer": "Again"}).status_code in (404, 409, 422)


@pytest.mark.requirement("07-RASC-09", "04-ASC-08")
def test_batch_reject_takes_associations_too(cast, refused) -> None:
    user, request = _approved_late(cast, refused)
    data = {"batch": "reject", "ids": [request.pk], "confirmed": "1"}
    answer = signed_in(cast.mara).post(reverse("association_records:list"), data)
    assert "Rejected" in answer.content.decode()
    request.refresh_from_db()
    assert request.status == RequestStatus.REJECTED
    assert not Association.objects.filter(customer=user.account).exists()


def test_nobody_else_confirms(cast, refused) -> None:
    _user, request = _approved_late(cast, refused)
    for stranger, refusal in (
        (cast.nora, NotFound),
        (cast.ivy, NotPermitted),
        (cast.jun, NotPermitted),
    ):
        with pytest.raises(refusal):
            services.confirm_association(cast.actor(stranger), request.pk, agree=True)
    request.refresh_from_db()
    assert request.status == RequestStatus.PENDING
    with pytest.raises(NotReviewable):
        services.approve(cast.actor(cast.olga), request.pk)


def test_only_the_operator_decides(cast, refused) -> None:
    request = _asked(*refused)
    for user in (cast.mara, refused[0]):
        with pytest.raises(NotPermitted):
            services.approve(cast.actor(user), request.pk)
        with pytest.raises(NotPermitted):
            services.reject(cast.actor(user), request.pk, reason="x")
    request.refresh_from_db()
    assert request.status == RequestStatus.PENDING_REVIEW


@pytest.mark.requirement("08-CSA-16")
def test_a_partner_submits_a_ticket_and_the_customer_is_not_frozen(cast) -> None:
    user = landing.account()
    client = landing.browser(cast.mara)
    page = client.get(f"{TICKET}?account_name={user.account.name}")
    assert f'value="{user.account.name}"' in page.content.decode()
    assert "Association Type" not in page.content.decode()
    data = {"account_name": user.account.name, "reason": "Runs services that must not stop."}
    assert client.post(TICKET, data).status_code == 302
    request = AssociationRequest.objects.get()
    assert (request.initiator, request.model, request.checks["causes"]) == (
        "partner",
        "reseller",
        [],
    )
    services.approve(cast.actor(cast.olga), request.pk)
    association = Association.objects.get(customer=user.account)
    assert (association.source, association.model) == ("ticket", "reseller")
    assert _default_freeze(user.account) is False
    again = client.post(TICKET, data)
    assert again.status_code == 302, "a new request, which the operator will refuse"
    with pytest.raises(CannotBeWaived, match="already associated"):
        services.approve(cast.actor(cast.olga), AssociationRequest.objects.latest("pk").pk)


@pytest.mark.requirement("08-CSA-16", "08-CSA-26")
def test_a_ticket_may_name_the_referral_model_only_with_permission(cast) -> None:
    user = landing.account()
    PartnerTerms.objects.create(account=cast.tidemark, may_refer=True)
    page = landing.browser(cast.mara).get(TICKET)
    assert "Association Type" in page.content.decode()
    request = services.request_by_partner(
        cast.actor(cast.leo), account_name=user.account.name, model="referral", reason="x"
    )
    assert request.model == "reseller"


@pytest.mark.parametrize("name", ["nobody-here", "northgate", "operator"])
def test_a_ticket_names_a_customer_account(cast, name) -> None:
    client = landing.browser(cast.mara)
    answer = client.post(TICKET, {"account_name": name, "reason": "Please"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "No customer account has this name." in text and "Please" in text
    assert not AssociationRequest.objects.exists()
    with pytest.raises(NoSuchCustomer):
        services.request_by_partner(
            cast.actor(cast.mara), account_name=name, model="reseller", reason="x"
        )


def test_a_ticket_needs_the_permission(cast) -> None:
    assert landing.browser(cast.ivy).get(TICKET).status_code == 403
    with pytest.raises(NotPermitted):
        services.request_by_partner(
            cast.actor(cast.felix), account_name="x", model="reseller", reason="x"
        )


def test_one_open_request_of_a_pair(cast) -> None:
    user = landing.account()
    ask = partial(
        services.request_by_partner,
        cast.actor(cast.mara),
        account_name=user.account.name,
        model="reseller",
        reason="x",
    )
    ask()
    with pytest.raises(ReviewPending):
        ask()
    assert AssociationRequest.objects.count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_approving_and_rejecting_at_once_decide_once(cast) -> None:
    user = landing.account()
    request = services.request_by_partner(
        cast.actor(cast.mara), account_name=user.account.name, model="reseller", reason="x"
    )
    operator = cast.actor(cast.olga)
    answers = at_once(
        partial(services.approve, operator, request.pk),
        partial(services.reject, operator, request.pk, reason="No"),
    )
    assert refusals(answers) == ["customers.review.decided"]
    request.refresh_from_db()
    associated = Association.objects.filter(customer=user.account).exists()
    assert request.status == ("completed" if associated else "rejected")
