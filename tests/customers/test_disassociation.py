"""Leaving, from the partner's side and from the customer's, through the pages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from accounts.models import Account, AccountStanding, PartnerTerms, User
from audit.models import OperationRecord
from customers.choices import Purpose, RequestStatus, Side
from customers.models import (
    Association,
    AssociationRequest,
    ManagerAssignment,
    OnBehalfAuthorization,
    PartnerDiscount,
)
from customers.queries import associations
from customers.refusals import AlreadyProcessed, CheckFailed, NotYourTurn
from customers.services import disassociation as services
from customers.services import operating
from customers.signals import association_ended
from notifications.models import Message, NoticeDelivery
from outbox.models import Delivery
from partner_center import clock
from partner_center.actors import Scope
from partner_center.refusals import NotFound, NotPermitted

from ..accounts import steps
from ..accounts.organization import new_member, new_role, signed_in
from ..cast import Cast, _account
from .leaving import (
    LEAVE,
    LOG,
    MY_PARTNER,
    RECORDS,
    TICK,
    asked,
    association_of,
    client_of,
    customer_asks,
    may_leave,
    on_record,
    partner_asks,
    partner_page,
    with_code,
)

pytestmark = pytest.mark.django_db

REASON = {"understood": "on", "reason": "Contract ends"}
NOTES = (
    "Any problems arising out of the disassociation shall be resolved by you and your customers.",
    "The operator shall not be held accountable for any consequences.",
    "the settlement matters will be handled through negotiation between you and your customers.",
    "You are not allowed to submit multiple disassociation applications with a customer account",
)


def _process(request: AssociationRequest) -> str:
    return f"/my-account/partner/requests/{request.pk}"


def _traces(cast: Cast) -> list[str]:
    rows = OperationRecord.objects.filter(account=cast.harborline).exclude(trace_name="")
    return list(rows.order_by("pk").values_list("trace_name", flat=True))


def _titles(account: Account) -> list[str]:
    rows = Message.objects.filter(account=account).order_by("pk")
    return list(dict.fromkeys(rows.values_list("notice__title", flat=True)))


# --- The partner asks -----------------------------------------------------------------------


@pytest.mark.requirement(
    "04-ASC-01", "04-ASC-06", "04-DIS-01", "07-RASC-01", "07-RASC-07", "07-RDIS-01", "07-RDIS-03"
)
def test_the_partner_checks_ticks_gives_a_reason_and_asks(cast: Cast) -> None:
    association = association_of(cast.harborline)
    client, url = client_of(cast.mara), partner_page(association)
    page = client.get(url).content.decode()
    assert TICK in page and "has passed the check" in page
    for note in NOTES:
        assert note in page
    dialog = client.post(url, {"understood": "on"})
    assert dialog.status_code == 200 and 'maxlength="256"' in dialog.content.decode()
    assert not AssociationRequest.objects.exists()
    assert client.post(url, REASON)["Location"] == RECORDS
    request = AssociationRequest.objects.get()
    assert (request.purpose, request.initiator, request.status, request.reason) == (
        Purpose.DISASSOCIATE,
        Side.PARTNER,
        RequestStatus.PENDING,
        "Contract ends",
    )
    assert request.checks["items"] == {
        "interval": True,
        "pending": True,
        "independent_members": True,
        "instances": True,
        "frozen": True,
        "reserved_resources": True,
    }
    said = client.get(RECORDS).content.decode()
    assert "The request for disassociating from the customer has been submitted." in said
    assert "you will be notified of the processing result" in said
    association.refresh_from_db()
    assert association.ended_at is None, "nothing ends before the customer agrees"


@pytest.mark.requirement("04-ASC-06")
@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Tick the confirmation first."),
        ({"reason": "Contract ends"}, "Tick the confirmation first."),
        ({"understood": "on", "reason": "  "}, "Enter a reason of 1 to 256 characters."),
        ({"understood": "on", "reason": "x" * 257}, "at most 256 characters"),
    ],
)
def test_without_tick_or_reason_nothing_is_submitted(
    data: dict[str, str], words: str, cast: Cast
) -> None:
    answer = client_of(cast.mara).post(partner_page(association_of(cast.harborline)), data)
    assert answer.status_code == 422 and words in answer.content.decode()
    assert not AssociationRequest.objects.exists()


def test_an_unticked_button_renews_the_check_in_place(cast: Cast) -> None:
    url = partner_page(association_of(cast.harborline))
    answer = client_of(cast.mara).post(url, {}, headers={"HX-Request": "true"})
    assert answer.status_code == 422 and answer["HX-Retarget"] == "#account-check"
    assert b"<html" not in answer.content


@pytest.mark.requirement("04-ASC-06", "07-RASC-07")
def test_with_verify_its_you_on_the_code_is_asked_and_the_reason_kept(cast: Cast) -> None:
    Account.objects.filter(pk=cast.tidemark.pk).update(verifies=True)
    url = partner_page(association_of(cast.harborline))
    client = client_of(cast.mara)
    asks = client.post(url, REASON)
    assert asks.status_code == 428 and "Contract ends" in asks.content.decode()
    assert not AssociationRequest.objects.exists()
    code = steps.code_sent_to(cast.mara.email)
    assert client.post(url, REASON | {"verification_code": code}).status_code == 302
    assert OperationRecord.objects.filter(
        action="customers.disassociation.requested", code_verified=True
    ).exists()


@pytest.mark.requirement("04-ASC-01", "07-RASC-01")
@pytest.mark.parametrize("who", ["felix", "rosa", "jun", "ivy"])
def test_without_the_permission_nobody_asks_or_answers(who: str, cast: Cast) -> None:
    request = asked(association_of(cast.harborline))
    client = client_of(getattr(cast, who))
    delta = partner_page(association_of(cast.delta))
    for url in (delta, on_record("agree", request), on_record("reject", request)):
        answer = client.post(url, REASON)
        assert answer.status_code == 403
        assert "You do not have the permission" in answer.content.decode()
    request.refresh_from_db()
    assert request.status == RequestStatus.PENDING and AssociationRequest.objects.count() == 1


@pytest.mark.requirement("04-ASC-01", "07-RASC-01")
def test_a_role_with_the_permission_is_enough(cast: Cast) -> None:
    role = new_role(cast.actor(cast.mara), "customers.disassociate", name="Leavers")
    client = signed_in(new_member(cast.actor(cast.mara), role))
    assert client.post(partner_page(association_of(cast.delta)), REASON).status_code == 302


@pytest.mark.requirement("04-ASC-01")
def test_the_operator_decides_which_partners_may_disassociate(cast: Cast) -> None:
    PartnerTerms.objects.create(account=cast.tidemark, may_disassociate=False)
    url = partner_page(association_of(cast.harborline))
    client = client_of(cast.mara)
    for answer in (client.get(url), client.post(url, REASON)):
        assert answer.status_code == 403
        assert "Your partner account may not disassociate customers." in answer.content.decode()
    assert not AssociationRequest.objects.exists()
    customer_asks(cast)
    request = AssociationRequest.objects.get()
    assert client.post(on_record("agree", request)).status_code == 302, "requests are answered"


@pytest.mark.requirement("04-ASC-01")
def test_referral_customers_are_not_disassociated_here(cast: Cast) -> None:
    association = association_of(cast.harborline)
    Association.objects.filter(pk=association.pk).update(model="referral")
    answer = client_of(cast.mara).post(partner_page(association), REASON)
    assert answer.status_code == 422
    assert "Only customers associated in the Reseller model" in answer.content.decode()
    assert not AssociationRequest.objects.exists()


@pytest.mark.requirement("04-ASC-09", "06-DX-10")
def test_a_distributor_asks_its_own_customers_only(cast: Cast) -> None:
    own = Association.objects.create(
        account=cast.meridian, customer=_fresh(), associated_at=clock.now()
    )
    theirs = Association.objects.create(
        account=cast.lagoon, customer=_fresh("atoll"), associated_at=clock.now()
    )
    client = client_of(cast.dina)
    assert client.get(partner_page(theirs)).status_code == 404
    assert client.post(partner_page(theirs), REASON).status_code == 404
    assert client.post(partner_page(own), REASON).status_code == 302
    assert AssociationRequest.objects.get().association == own


def _fresh(name: str = "fresh-foods") -> Account:
    return _account(name).account


@pytest.mark.requirement("04-ASC-01")
def test_outside_the_account_managers_scope_is_a_404(cast: Cast) -> None:
    delta, harborline = association_of(cast.delta), association_of(cast.harborline)
    jun = cast.actor(cast.jun)
    scoped = replace(jun, permissions=jun.permissions | {"customers.disassociate"})
    assert scoped.scope == Scope.OWN
    with pytest.raises(NotFound):
        services.request_by_partner(scoped, delta.pk, reason="Contract ends")
    request = asked(delta)
    for answer in (services.agree, services.reject, services.withdraw_by_partner):
        with pytest.raises(NotFound):
            answer(scoped, request.pk)
    assert services.request_by_partner(scoped, harborline.pk, reason="Contract ends").pk


@pytest.mark.requirement("04-ASC-01")
def test_another_partners_customer_is_a_404(cast: Cast) -> None:
    association, request = association_of(cast.harborline), asked(association_of(cast.delta))
    client = client_of(cast.nora)
    urls = [partner_page(association)] + [
        on_record(name, request) for name in ("agree", "reject", "withdraw")
    ]
    assert {client.get(url).status_code for url in urls} == {404}
    assert {client.post(url, REASON).status_code for url in urls} == {404}
    request.refresh_from_db()
    assert request.status == RequestStatus.PENDING


# --- The customer answers -------------------------------------------------------------------


@pytest.mark.requirement("08-CSD-14", "08-AXO-05")
def test_the_customer_processes_with_a_code_and_both_learn_it_at_once(cast: Cast) -> None:
    request = partner_asks(cast)
    client = client_of(cast.hana)
    banner = client.get(MY_PARTNER).content.decode()
    assert "has submitted a request for disassociation" in banner
    assert f'href="{_process(request)}"' in banner and "Process" in banner
    page = client.get(_process(request)).content.decode()
    assert "Contract ends" in page and "Settlement matters" in page
    done = with_code(client, _process(request), {"decision": "agree"}, cast.hana)
    assert done["Location"] == MY_PARTNER
    shown = client.get(MY_PARTNER).content.decode()
    assert "You have been disassociated from the partner Tidemark Cloud." in shown
    assert "No partner yet" in shown
    request.refresh_from_db()
    assert (request.status, request.decided_by) == (RequestStatus.COMPLETED, cast.hana)
    assert not Association.objects.live().filter(customer=cast.harborline).exists()


@pytest.mark.requirement("04-ASC-07", "04-DIS-02", "08-CSD-12")
def test_everybody_is_told_at_once(cast: Cast) -> None:
    request = partner_asks(cast)
    assert _titles(cast.harborline) == ["Tidemark Cloud asks for disassociation"]
    with_code(client_of(cast.hana), _process(request), {"decision": "agree"}, cast.hana)
    assert _titles(cast.tidemark) == ["You have been disassociated from the customer Harborline"]
    assert _titles(cast.harborline)[-1] == (
        "You have been disassociated from the partner Tidemark Cloud"
    )
    sent = Delivery.objects.filter(pk__in=NoticeDelivery.objects.values("delivery"))
    assert sent.count() == 3
    assert not sent.filter(due_at__gt=clock.now()).exists(), "not in working hours only"


@pytest.mark.requirement("08-CSD-14", "04-ASC-07")
def test_the_customer_rejects_with_an_answer(cast: Cast) -> None:
    request = partner_asks(cast)
    data = {"decision": "reject", "answer": "We stay"}
    with_code(client_of(cast.hana), _process(request), data, cast.hana)
    request.refresh_from_db()
    assert (request.status, request.answer) == (RequestStatus.REJECTED, "We stay")
    assert association_of(cast.harborline).ended_at is None
    assert _titles(cast.tidemark) == ["Harborline has rejected the disassociation"]
    assert not client_of(cast.hana).get(MY_PARTNER).content.decode().count("Process</a>")


def test_a_wrong_code_decides_nothing(cast: Cast) -> None:
    request = partner_asks(cast)
    client, data = client_of(cast.hana), {"decision": "agree"}
    client.post(_process(request), data)
    code = steps.wrong(steps.code_sent_to(cast.hana.mobile))
    answer = client.post(_process(request), data | {"verification_code": code})
    assert answer.status_code == 422 and "Tries left: 4." in answer.content.decode()
    request.refresh_from_db()
    assert request.status == RequestStatus.PENDING


def test_a_forged_decision_is_no_decision(cast: Cast) -> None:
    request = partner_asks(cast)
    for data in ({}, {"decision": "maybe"}, {"decision": "agree", "answer": "x" * 257}):
        assert client_of(cast.hana).post(_process(request), data).status_code == 422
    request.refresh_from_db()
    assert request.status == RequestStatus.PENDING


@pytest.mark.requirement("08-CSD-14")
def test_who_may_only_look_at_the_partner_decides_nothing(cast: Cast) -> None:
    request = partner_asks(cast)
    hana = cast.actor(cast.hana)
    looker = replace(hana, permissions=hana.permissions - {"customers.manage_partner"})
    with pytest.raises(NotPermitted):
        services.withdraw_by_customer(looker, request.pk)
    role = new_role(cast.actor(cast.hana), "accounts.view_information", name="Looks")
    client = signed_in(new_member(cast.actor(cast.hana), role))
    page = client.get(MY_PARTNER).content.decode()
    assert "has submitted a request for disassociation" in page
    assert _process(request) not in page and "More Operations" not in page
    for url in (_process(request), LEAVE):
        assert client.get(url).status_code == 403
        assert client.post(url, {"decision": "agree"}).status_code == 403
    request.refresh_from_db()
    assert request.status == RequestStatus.PENDING


# --- The customer asks ----------------------------------------------------------------------


@pytest.mark.requirement("08-CSD-01", "08-CSD-10", "08-CSD-12", "08-CSD-16")
def test_the_customer_asks_from_more_operations(cast: Cast) -> None:
    association = may_leave(cast.harborline)
    client = client_of(cast.hana)
    page = client.get(MY_PARTNER).content.decode()
    assert "More Operations" in page and f'href="{LEAVE}"' in page
    form = client.get(LEAVE).content.decode()
    assert TICK in form
    assert "The operator shall not be held accountable for any consequences." in form
    unticked = client.post(LEAVE, {"association": association.pk})
    assert unticked.status_code == 422
    assert "Tick the confirmation first." in unticked.content.decode()
    data = {"association": association.pk, "understood": "on"}
    assert with_code(client, LEAVE, data, cast.hana)["Location"] == MY_PARTNER
    shown = client.get(MY_PARTNER).content.decode()
    assert "The application for canceling the association with the partner has been" in shown
    assert "waits for <b>Tidemark Cloud</b>" in shown and "Withdraw" in shown
    request = AssociationRequest.objects.get()
    assert (request.initiator, request.status) == (Side.CUSTOMER, RequestStatus.PENDING)
    assert set(request.checks["items"]) >= {"orders", "arrears", "currency", "contract"}
    assert _titles(cast.tidemark) == ["Harborline asks for disassociation"]


@pytest.mark.requirement("08-CSD-11")
def test_the_code_goes_by_sms_or_by_email_without_a_mobile_and_no_switch_matters(
    cast: Cast,
) -> None:
    association = may_leave(cast.harborline)
    data = {"association": association.pk, "understood": "on"}
    assert not cast.actor(cast.hana).verifies and not cast.actor(cast.mara).verifies
    assert client_of(cast.hana).post(LEAVE, data).status_code == 428
    sent = Delivery.objects.get(template="verification_code")
    assert (sent.channel, sent.target) == ("sms", cast.hana.mobile)
    User.objects.filter(pk=cast.hana.pk).update(mobile="")
    steps.wait(601)
    assert client_of(cast.hana).post(LEAVE, data).status_code == 428
    sent = Delivery.objects.filter(template="verification_code").latest("pk")
    assert (sent.channel, sent.target) == ("email", cast.hana.email)
    assert not AssociationRequest.objects.exists()


@pytest.mark.requirement("08-CSD-18")
def test_referral_customers_are_told_whom_to_ask(cast: Cast) -> None:
    association = may_leave(cast.harborline)
    Association.objects.filter(pk=association.pk).update(model="referral")
    client = client_of(cast.hana)
    page = client.get(MY_PARTNER).content.decode()
    assert "contact your partner or submit a service ticket" in page
    assert f'href="{LEAVE}"' not in page
    answer = client.get(LEAVE)
    assert answer.status_code == 422
    assert "contact your partner or submit a service ticket" in answer.content.decode()
    job = replace(cast.actor(cast.hana), is_system=True)
    with pytest.raises(Exception, match="service ticket"):
        services.request_by_customer(job, association_id=association.pk)
    assert not AssociationRequest.objects.exists()


def test_a_page_of_an_association_that_has_ended_is_stale(cast: Cast) -> None:
    old = may_leave(cast.harborline)
    client, data = client_of(cast.hana), {"association": old.pk, "understood": "on"}
    client.post(LEAVE, data)
    code = steps.code_sent_to(cast.hana.mobile)
    Association.objects.filter(pk=old.pk).update(ended_at=clock.now())
    Association.objects.create(
        account=cast.northgate, customer=cast.harborline, associated_at=clock.now()
    )
    answer = client.post(LEAVE, data | {"verification_code": code})
    assert answer.status_code == 409
    assert "You are not associated with this partner any more." in answer.content.decode()
    assert not AssociationRequest.objects.exists()


@pytest.mark.requirement("08-CSD-01")
def test_a_customer_without_a_partner_sees_what_to_do(cast: Cast) -> None:
    Association.objects.filter(customer=cast.harborline).update(ended_at=clock.now())
    client = client_of(cast.hana)
    page = client.get(MY_PARTNER).content.decode()
    assert "No partner yet" in page and "More Operations" not in page
    assert client.get(LEAVE).status_code == 409


# --- The partner answers --------------------------------------------------------------------


@pytest.mark.requirement("04-ASC-08", "08-CSD-13", "04-ASC-07")
@pytest.mark.parametrize("verifies", [False, True])
def test_the_partner_agrees_with_a_code_when_it_is_switched_on(verifies: bool, cast: Cast) -> None:
    request = customer_asks(cast)
    Account.objects.filter(pk=cast.tidemark.pk).update(verifies=verifies)
    client, url = client_of(cast.mara), on_record("agree", request)
    assert on_record("agree", request) in client.get(RECORDS).content.decode()
    assert "The customer leaves your list." in client.get(url).content.decode()
    answer = client.post(url)
    if verifies:
        assert answer.status_code == 428 and association_of(cast.harborline)
        code = steps.code_sent_to(cast.mara.email)
        answer = client.post(url, {"verification_code": code})
    assert answer["Location"] == RECORDS
    assert "disassociated from the customer harborline." in client.get(RECORDS).content.decode()
    request.refresh_from_db()
    assert request.status == RequestStatus.COMPLETED and request.decided_by == cast.mara
    assert not Association.objects.live().filter(customer=cast.harborline).exists()


@pytest.mark.requirement("04-ASC-08", "08-CSD-13")
def test_the_partner_rejects_and_the_customer_reads_why(cast: Cast) -> None:
    request = customer_asks(cast)
    client = client_of(cast.mara)
    assert client.post(on_record("reject", request), {"answer": "Pay first"}).status_code == 302
    request.refresh_from_db()
    assert (request.status, request.answer) == (RequestStatus.REJECTED, "Pay first")
    assert association_of(cast.harborline).ended_at is None
    assert _titles(cast.harborline)[-1] == "Tidemark Cloud has rejected the disassociation"
    assert "Pay first" in client_of(cast.hana).get(LOG).content.decode()


@pytest.mark.requirement("04-ASC-10", "08-CSD-17")
def test_what_ends_with_the_association_and_what_stays(cast: Cast) -> None:
    request = customer_asks(cast)
    association = association_of(cast.harborline)
    now = clock.now()
    common = {"account": cast.tidemark, "association": association}
    PartnerDiscount.objects.create(
        **common, percent=5, starts_on=now, ends_on=now, set_by=cast.mara, set_at=now
    )
    OnBehalfAuthorization.objects.create(
        **common,
        customer=cast.harborline,
        status="accepted",
        effective_at=now,
        requested_by=cast.mara,
        requested_at=now,
    )
    heard: list[int] = []

    def listen(sender: object, *, association: Association, **_more: object) -> None:
        heard.append(association.pk)

    association_ended.connect(listen)
    try:
        services.agree(cast.actor(cast.mara), request.pk)
    finally:
        association_ended.disconnect(listen)
    assert heard == [association.pk], "budgets close theirs"
    assert not ManagerAssignment.objects.filter(association=association, ended_at=None).exists()
    assert not PartnerDiscount.objects.filter(association=association, closed_at=None).exists()
    authorization = OnBehalfAuthorization.objects.get(association=association)
    assert (authorization.status, authorization.cause) == ("revoked", "disassociated")
    listed = associations.list_customers(cast.actor(cast.mara))
    assert not listed.filter(customer=cast.harborline).exists(), "it left the list"
    page = client_of(cast.mara).get(RECORDS).content.decode()
    assert "harborline" in page and "Completed" in page, "the history stays readable"
    assert associations.my_partner(cast.actor(cast.hana)) is None


def test_what_fails_after_the_request_keeps_the_association(cast: Cast) -> None:
    request = customer_asks(cast)
    AccountStanding.objects.create(account=cast.harborline, has_reserved_instances=True)
    answer = client_of(cast.mara).post(on_record("agree", request))
    assert answer.status_code == 422
    assert "Unsubscribe from the reserved instances" in answer.content.decode()
    with pytest.raises(CheckFailed):
        services.agree(cast.actor(cast.mara), request.pk)
    request.refresh_from_db()
    assert request.status == RequestStatus.PENDING
    services.reject(cast.actor(cast.mara), request.pk)


# --- Withdrawing, and what is over ----------------------------------------------------------


@pytest.mark.requirement("04-ASC-08", "08-CSD-12")
def test_each_side_withdraws_its_own_request(cast: Cast) -> None:
    request = customer_asks(cast)
    url = f"{_process(request)}/withdraw"
    assert "A withdrawn application counts" in client_of(cast.hana).get(url).content.decode()
    assert client_of(cast.hana).post(url)["Location"] == MY_PARTNER
    request.refresh_from_db()
    assert request.status == RequestStatus.CANCELED
    assert _titles(cast.tidemark)[-1] == "Harborline has withdrawn its disassociation request"
    own = partner_asks(cast)
    assert client_of(cast.mara).post(on_record("withdraw", own))["Location"] == RECORDS
    own.refresh_from_db()
    assert own.status == RequestStatus.CANCELED
    assert association_of(cast.harborline).ended_at is None


@pytest.mark.requirement("04-ASC-08")
def test_nobody_withdraws_the_other_sides_request_or_answers_its_own(cast: Cast) -> None:
    theirs, own = customer_asks(cast), asked(association_of(cast.delta), Side.PARTNER)
    client = client_of(cast.mara)
    words = "Only the side that submitted a request can withdraw it"
    for url in (
        on_record("withdraw", theirs),
        on_record("agree", own),
        on_record("reject", own),
    ):
        answer = client.post(url)
        assert answer.status_code == 403 and words in answer.content.decode()
    answer = client_of(cast.hana).post(_process(theirs), {"decision": "agree"})
    assert answer.status_code == 403 and words in answer.content.decode()
    for call, request in (
        (services.withdraw_by_partner, theirs),
        (services.agree, own),
        (services.reject, own),
    ):
        with pytest.raises(NotYourTurn):
            call(cast.actor(cast.mara), request.pk)
    assert AssociationRequest.objects.open().count() == 2


@pytest.mark.requirement("04-ASC-08")
@pytest.mark.parametrize("status", ["completed", "rejected", "canceled"])
def test_a_finished_request_is_not_decided_again(status: str, cast: Cast) -> None:
    association = association_of(cast.harborline)
    of_customer = asked(association, status=RequestStatus(status))
    of_partner = asked(association, Side.PARTNER, status=RequestStatus(status))
    client, own = client_of(cast.mara), client_of(cast.hana)
    answers = [
        client.post(on_record("agree", of_customer)),
        client.get(on_record("reject", of_customer)),
        client.post(on_record("reject", of_customer)),
        client.post(on_record("withdraw", of_partner)),
        own.post(_process(of_partner), {"decision": "agree"}),
        own.post(f"{_process(of_customer)}/withdraw"),
    ]
    label = RequestStatus(status).label
    for answer in answers:
        assert answer.status_code == 409
        assert f"already been processed ({label})" in answer.content.decode()
    with pytest.raises(AlreadyProcessed):
        services.agree(cast.actor(cast.mara), of_customer.pk)
    assert association_of(cast.harborline) == association
    assert {r.status for r in AssociationRequest.objects.all()} == {status}


@pytest.mark.requirement("08-CSD-14")
def test_the_other_customers_request_is_a_404(cast: Cast) -> None:
    request = asked(association_of(cast.delta), Side.PARTNER)
    client = client_of(cast.hana)
    for url in (_process(request), f"{_process(request)}/withdraw"):
        assert client.get(url).status_code == 404
        assert client.post(url, {"decision": "agree"}).status_code == 404
    request.refresh_from_db()
    assert request.status == RequestStatus.PENDING


# --- Traces, records, the operator ----------------------------------------------------------


@pytest.mark.requirement("08-CTS-02")
def test_the_traces_are_emitted_letter_for_letter_in_the_customers_book(cast: Cast) -> None:
    request = customer_asks(cast)
    services.agree(cast.actor(cast.mara), request.pk)
    assert _traces(cast) == ["applyUnbindOrSwitchCooperation", "approvePartnerOrCustomerApply"]
    own = OperationRecord.objects.filter(account=cast.tidemark)
    events = own.filter(action__startswith="customers.").order_by("pk")
    assert list(events.values_list("action", flat=True)) == [
        "customers.disassociation.requested",
        "customers.disassociation.agreed",
        "customers.association.ended",
    ]
    assert not own.exclude(trace_name="").exists()


@pytest.mark.requirement("08-CTS-02")
def test_a_request_and_an_answer_of_the_other_direction_are_traced_too(cast: Cast) -> None:
    request = partner_asks(cast)
    data = {"decision": "reject"}
    with_code(client_of(cast.hana), _process(request), data, cast.hana)
    assert _traces(cast) == ["applyUnbindOrSwitchCooperation", "approvePartnerOrCustomerApply"]


@pytest.mark.requirement("08-CSD-15")
def test_the_operator_ends_an_association_and_what_waits_is_canceled(cast: Cast) -> None:
    request = customer_asks(cast)
    operating.end_association(
        cast.actor(cast.olga), association_of(cast.harborline).pk, reason="Ticket 4711"
    )
    request.refresh_from_db()
    assert request.status == RequestStatus.CANCELED
    record = AssociationRequest.objects.exclude(pk=request.pk).get()
    assert (record.purpose, record.initiator, record.status, record.reason) == (
        Purpose.DISASSOCIATE,
        Side.OPERATOR,
        RequestStatus.COMPLETED,
        "Ticket 4711",
    )
    assert _titles(cast.tidemark)[-1] == "You have been disassociated from the customer Harborline"
    with pytest.raises(AlreadyProcessed):
        services.agree(cast.actor(cast.mara), request.pk)
