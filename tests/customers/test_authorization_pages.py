"""The partner's dialog and the customer's tab Authorization Management."""

from __future__ import annotations

import io
import re

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import AgreementDocument, Role, RoleAssignment, User
from accounts.services import creation
from audit.models import TraceSetting
from customers.models import OnBehalfAuthorization
from partner_center import clock

from ..accounts import steps
from ..cast import PASSWORD
from .authorizing import (
    accepted,
    agree,
    association_of,
    customer_of,
    permit_lagoon,
    request,
    revoke,
    withdraw_from_lagoon,
)

pytestmark = pytest.mark.django_db


def _client(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _words(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split()).replace("&#x27;", "'")


def _request_url(association) -> str:
    return reverse("authorizations:request", args=[association.pk])


def _url(name: str, authorization) -> str:
    return reverse(f"authorizations:{name}", args=[authorization.pk])


# --- The partner ------------------------------------------------------------------------------


@pytest.mark.requirement("04-ATH-01", "04-ATH-02", "04-ATH-03", "06-DCU-09", "07-RCUS-11")
def test_the_partner_asks_with_the_letter_the_first_time(cast) -> None:
    mara, url = _client(cast.mara), _request_url(association_of(cast.harborline))
    page = _words(mara.get(url))
    label = (
        "I have read and agree to the Huawei Cloud Partner Commitment Letter for Operation on "
        "Customers' Behalf"
    )
    assert label in page and "Request Authorization" in page
    assert "Trojans, viruses or other malware" in page
    refused = mara.post(url, {"version": "V1001"})
    assert refused.status_code == 422
    assert "Read the letter and agree to it first." in _words(refused)
    assert not OnBehalfAuthorization.objects.exists()
    done = mara.post(url, {"version": "V1001", "agrees": "on"}, follow=True)
    assert (
        "The authorization request has been sent to the customer. The customer can manage it on "
        "the My Account > My Partner page."
    ) in _words(done).replace("&gt;", ">")
    page = _words(mara.get(url))
    assert "The customer has not answered yet." in page and "Pending confirmation" in page
    again = mara.post(url, {})
    assert again.status_code == 422
    assert "has not answered your earlier request" in _words(again)
    # Another customer: no letter any more.
    page = _words(mara.get(_request_url(association_of(cast.delta))))
    assert label not in page and "The customer is asked to authorize you" in page


@pytest.mark.requirement("06-DCU-09", "07-RCUS-11")
def test_what_was_granted_reads_authorization_obtained(cast) -> None:
    authorization = accepted(cast)
    url = _request_url(authorization.association)
    page = _words(_client(cast.mara).get(url))
    assert "Authorization Obtained" in page and "Effective Time" in page
    revoke(cast, cast.hana, authorization, "We changed our mind")
    page = _words(_client(cast.mara).get(url))
    assert "We changed our mind" in page and "Request Authorization" in page


def test_an_old_version_of_the_letter_is_a_stale_page(cast) -> None:
    AgreementDocument.objects.create(
        code="partner-commitment-letter",
        version="V1002",
        title="Next",
        body="New text",
        published_at=clock.now(),
    )
    url = _request_url(association_of(cast.harborline))
    answer = _client(cast.mara).post(url, {"version": "V1001", "agrees": "on"})
    assert answer.status_code == 409
    assert not OnBehalfAuthorization.objects.exists()


@pytest.mark.requirement("07-RAUT-01", "07-RAUT-02", "07-RCUS-08", "08-PCL-02")
def test_a_reseller_is_sent_to_its_distributor_first(cast) -> None:
    _user, association = customer_of(cast, cast.lagoon)
    leo, url = _client(cast.leo), _request_url(association)
    page = leo.get(url)
    assert "Your distributor must first permit you" in _words(page)
    assert "btn-primary" not in page.content.decode().split("pc-overlay-foot")[1]
    refused = leo.post(url)
    assert refused.status_code == 403
    assert "Contact your distributor." in _words(refused)
    permit_lagoon(cast)
    page = _words(leo.get(url))
    assert "I have read and agree" not in page
    assert leo.post(url).status_code == 302
    withdraw_from_lagoon()
    assert OnBehalfAuthorization.objects.get().account == cast.lagoon


def test_who_may_not_enter_the_partners_dialog(cast) -> None:
    url = _request_url(association_of(cast.harborline))
    for user, status in ((cast.nora, 404), (cast.hana, 404), (cast.jun, 403), (cast.felix, 403)):
        client = _client(user)
        assert {client.get(url).status_code, client.post(url).status_code} == {status}
    assert not OnBehalfAuthorization.objects.exists()


# --- The customer -----------------------------------------------------------------------------


@pytest.mark.requirement("08-AUT-02", "08-AUT-03", "08-AUT-04", "08-AUT-09")
def test_the_tab_lists_requests_with_their_operations(cast) -> None:
    hana, url = _client(cast.hana), reverse("authorizations:list")
    assert "No authorization requests yet" in _words(hana.get(url))
    asked = request(cast, cast.mara, association_of(cast.harborline))
    answer = hana.get(url)
    page = _words(answer)
    for head in ("Requested", "Status", "Effective Time", "Expiration Time", "Operation"):
        assert head in page
    assert "Authorization Management" in page and "Partner Information" in page
    assert "Pending confirmation" in page and "Tidemark Cloud" in page
    assert page.count("--") >= 2, "times that are not set"
    assert _url("process", asked) in answer.content.decode()
    assert "Revoke" not in page.split("Pending confirmation")[-1]
    agree(cast, cast.hana, asked)
    page = hana.get(url).content.decode()
    for name in ("letter", "revoke"):
        assert _url(name, asked) in page
    assert f'"{_url("process", asked)}"' not in page


@pytest.mark.requirement("08-AUT-04", "08-AUT-05", "08-AUT-06", "08-AUT-07", "08-AUT-08")
def test_process_shows_the_scope_and_agree_asks_for_a_code(cast) -> None:
    asked = request(cast, cast.mara, association_of(cast.harborline))
    hana, url = _client(cast.hana), _url("process", asked)
    page = _words(hana.get(url))
    assert "Authorize Partner to Place Orders for Me" in page
    for line in (
        "Manage my cloud resources",
        "Subscribe to, renew, unsubscribe from, and change cloud services",
        "Start, stop, restart, and delete cloud resources",
        "Reset passwords and modify policies of cloud services",
        "View my account, expenditure, order, discount, and contract information",
        "Create and view work orders",
        "You can revoke the authorization on the My Partner page anytime.",
        "I have read and agree to the Huawei Cloud Customer Authorization Letter",
    ):
        assert line in page
    unticked = hana.post(url, {"decision": "agree", "version": "V1001"})
    assert unticked.status_code == 422, "the tick is asked for before a code is sent"
    assert "Read the letter and agree to it first." in _words(unticked)
    typed = {"decision": "agree", "agrees": "on", "version": "V1001"}
    assert hana.post(url, typed).status_code == 428
    code = steps.code_sent_to(cast.hana.email)
    wrong = hana.post(url, typed | {"verification_code": steps.wrong(code)})
    assert wrong.status_code == 422 and "Tries left" in _words(wrong)
    assert not OnBehalfAuthorization.objects.filter(status="accepted").exists()
    done = hana.post(url, typed | {"verification_code": code}, follow=True)
    page = _words(done)
    assert "You have authorized the partner." in page
    assert "You are advised to enable the Cloud Trace Service" in page
    assert reverse("audit:traces") in done.content.decode()
    TraceSetting.objects.create(account=cast.harborline, enabled=True, changed_at=clock.now())
    assert "advised" not in _words(hana.get(reverse("authorizations:list")))
    late = hana.post(url, {"decision": "reject"})
    assert late.status_code == 409 and "already been processed" in _words(late)
    assert hana.get(url).status_code == 409


@pytest.mark.requirement("08-AUT-06")
def test_reject_needs_neither_tick_nor_code(cast) -> None:
    asked = request(cast, cast.mara, association_of(cast.harborline))
    done = _client(cast.hana).post(_url("process", asked), {"decision": "reject"}, follow=True)
    assert "You have rejected the request of the partner." in _words(done)
    assert "Rejected" in _words(done)
    asked.refresh_from_db()
    assert asked.status == "rejected"


@pytest.mark.requirement("08-AUT-10", "08-AUT-11")
def test_revoke_asks_for_cause_and_code(cast) -> None:
    authorization = accepted(cast)
    hana, url = _client(cast.hana), _url("revoke", authorization)
    page = _words(hana.get(url))
    assert "Are you sure you want to cancel the authorization granted to the partner?" in page
    assert "The cancellation cannot be undone." in page
    for cause, why in (("", "Enter why you cancel the authorization."), ("x" * 129, "128")):
        refused = hana.post(url, {"cause": cause})
        assert refused.status_code == 422 and why in _words(refused)
    assert "x" * 129 in refused.content.decode(), "nothing typed is lost"
    asked = hana.post(url, {"cause": "Done"})
    assert asked.status_code == 428
    assert "Use SMS (+63 ****0001)" in _words(asked), "the other way is offered, masked"
    code = steps.code_sent_to(cast.hana.email)
    done = hana.post(url, {"cause": "Done", "verification_code": code}, follow=True)
    assert "The authorization has been revoked." in _words(done)
    authorization.refresh_from_db()
    assert (authorization.status, authorization.cause) == ("revoked", "Done")
    assert hana.get(url).status_code == 409


@pytest.mark.requirement("08-AUT-09", "08-CAL-01")
def test_the_letter_is_read_as_page_and_as_pdf_in_the_signed_version(cast) -> None:
    authorization = accepted(cast)
    AgreementDocument.objects.create(
        code="customer-authorization-letter",
        version="V1002",
        title="Next",
        body="Another text",
        published_at=clock.now(),
    )
    hana = _client(cast.hana)
    page = _words(hana.get(_url("letter", authorization)))
    for words in ("Tidemark Cloud", "Harborline", "V1001", "Billing Center"):
        assert words in page
    assert "Another text" not in page
    answer = hana.get(_url("letter-paper", authorization))
    assert answer["Content-Type"] == "application/pdf"
    text = " ".join(p.extract_text() for p in PdfReader(io.BytesIO(answer.content)).pages)
    for words in ("Customer Authorization Letter", "Tidemark Cloud", "Harborline", "V1001"):
        assert words in " ".join(text.split())
    revoke(cast, cast.hana, authorization)
    assert hana.get(_url("letter", authorization)).status_code == 200, "what was signed stays"
    asked = request(cast, cast.mara, authorization.association)
    assert hana.get(_url("letter", asked)).status_code == 404


def test_other_customers_partners_and_members_without_the_permission(cast) -> None:
    authorization = accepted(cast)
    delta = User.objects.get(account=cast.delta)
    for name in ("process", "revoke", "letter", "letter-paper"):
        url = _url(name, authorization)
        for user in (delta, cast.mara, cast.olga):
            assert _client(user).get(url).status_code == 404
    looker = _customer_member(cast)
    assert looker.get(reverse("authorizations:list")).status_code == 200
    shown = looker.get(reverse("authorizations:list")).content.decode()
    assert _url("letter", authorization) in shown and _url("revoke", authorization) not in shown
    for name in ("process", "revoke"):
        answers = looker.get(_url(name, authorization)), looker.post(_url(name, authorization))
        assert {answer.status_code for answer in answers} == {403}
    authorization.refresh_from_db()
    assert authorization.status == "accepted"


def _customer_member(cast) -> Client:
    """A member of Harborline that sees its partner and decides nothing."""
    user = creation.create_user(
        account=cast.harborline,
        username="clerk",
        password=PASSWORD,
        email="clerk@harborline.example",
        moment=clock.now(),
    )
    role = Role.objects.create(
        account=cast.harborline,
        name="Clerk",
        permissions=["accounts.view_information"],
        created_at=clock.now(),
    )
    RoleAssignment.objects.create(
        account=cast.harborline, user=user, role=role, assigned_at=clock.now()
    )
    return _client(user)
