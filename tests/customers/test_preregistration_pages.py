"""Customer Development > From Partner Center, as whole requests (04 §8.2.2.1)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.models import OperationRecord
from customers.choices import InvitationStatus, PreRegistrationStatus
from customers.models import Invitation, PreRegistration
from customers.permissions import VIEW_DEVELOPMENT
from exports.models import ExportTask
from partner_center import clock

from ..accounts.organization import give, new_role, signed_in
from .development import (
    EMAIL,
    FORM,
    REVIEW_FORM,
    ask_review,
    at,
    grant,
    prospect,
    reserve,
)

pytestmark = pytest.mark.django_db
LIST = "/sales/customer-development"
ADD = f"{LIST}/preregister"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def mara(cast) -> Client:
    """Signed in as Tidemark's main user."""
    return signed_in(cast.mara)


def _toast(client: Client) -> str:
    return client.get(LIST).content.decode()


def _typed(html: str) -> dict[str, str]:
    """What a page carries along in hidden inputs."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', html)
    return {name: value for name, value in found if name in FORM | REVIEW_FORM}


# --- The list ---------------------------------------------------------------------------------


@pytest.mark.requirement("04-PRE-01", "07-RPRE-12")
def test_the_page_stands_in_the_menu_with_its_columns_and_buttons(cast, mara) -> None:
    reserve(cast.actor(cast.mara), remarks="Met at the fair")
    html = mara.get(LIST).content.decode()
    head = html[html.index("<thead>") : html.index("</thead>")]
    for word in (
        "Customer Name",
        "Mobile Number",
        "Email",
        "Preregistration Date",
        "Expiration Date",
        "Status",
        "Remarks",
        "Account Manager",
        "Operation",
    ):
        assert word in head
    for word in ("From Partner Center", "Process Flowchart", "Preregister Customer", "Delete"):
        assert word in html
    assert "Met at the fair" in html and "Create Opportunity" not in html
    assert 'href="/sales/customer-development"' in mara.get("/").content.decode()


@pytest.mark.requirement("04-PRE-05")
def test_a_row_says_in_how_many_days_it_expires(cast, mara, monkeypatch) -> None:
    row = reserve(cast.actor(cast.mara))
    assert "Expiry in 14 days" in mara.get(LIST).content.decode()
    at(monkeypatch, row.expires_at - timedelta(hours=30))
    assert "Expiry in 1 day<" in mara.get(LIST).content.decode()
    at(monkeypatch, row.expires_at - timedelta(hours=3))
    assert "Expiry in less than 1 day" in mara.get(LIST).content.decode()


def test_personal_data_is_masked_until_it_is_asked_for(cast, mara) -> None:
    row = reserve(cast.actor(cast.mara))
    html = mara.get(LIST).content.decode()
    for value in (row.customer_name, row.email, row.mobile):
        assert value not in html
    assert "R**** H****" in html and "bu****@reef-hotels.example" in html
    shown = mara.post(LIST, {"reveal": "customer_name"}).content.decode()
    assert row.customer_name in shown and row.email not in shown
    assert OperationRecord.objects.filter(action="lists.column.revealed").count() == 1


@pytest.mark.requirement("07-RPRE-12")
def test_search_by_full_name_mobile_number_and_email(cast, mara) -> None:
    actor = cast.actor(cast.mara)
    reserve(actor, customer_name="Anchor Hotels", remarks="the-anchor")
    reserve(
        actor, "b@dune.example", customer_name="Dune", mobile="+85291230000", remarks="the-dune"
    )
    for query, found in (("anchor", "the-anchor"), ("9123", "the-dune"), ("dune.ex", "the-dune")):
        html = mara.get(f"{LIST}?q={query}").content.decode()
        assert found in html
        assert ({"the-anchor", "the-dune"} - {found}).pop() not in html


@pytest.mark.requirement("07-RPRE-12", "07-RPRE-13", "04-PRE-12")
def test_states_filters_and_views(cast, mara, monkeypatch) -> None:
    actor = cast.actor(cast.mara)
    over = reserve(actor, "a@reef-hotels.example", remarks="was-first")
    failed = reserve(actor, "c@reef-hotels.example", remarks="has-failed", wants_invitation=True)
    Invitation.objects.filter(preregistration=failed).update(
        status=InvitationStatus.FAILED, causes=["AF19"]
    )
    prospect(country="SG")
    ask_review(actor, remarks="is-asked")
    PreRegistration.objects.filter(pk=over.pk).update(expires_at=clock.now())
    html = mara.get(LIST).content.decode()
    for words in (
        "Pending review",
        "Progress: contact your ecosystem manager",
        "Expired",
        "Association failed",
        "The customer has an overdue payment.",
    ):
        assert words in html
    for query, found in (
        ("shown=expired", "was-first"),
        ("view=registered", "has-failed"),
        ("view=pending", "is-asked"),
        ("view=over", "was-first"),
    ):
        html = mara.get(f"{LIST}?{query}").content.decode()
        others = {"was-first", "has-failed", "is-asked"} - {found}
        assert found in html and not any(other in html for other in others)


def test_the_list_is_exported_masked(cast, mara) -> None:
    reserve(cast.actor(cast.mara))
    assert mara.post(LIST, {"export": "csv"}).status_code == 302
    assert ExportTask.objects.get().exporter == "preregistrations"


def test_who_may_only_look_gets_no_buttons(cast) -> None:
    role = new_role(cast.actor(cast.mara), VIEW_DEVELOPMENT)
    give(cast.actor(cast.mara), cast.ivy, role)
    row = reserve(cast.actor(cast.mara))
    ivy = signed_in(cast.ivy)
    html = ivy.get(LIST).content.decode()
    assert "R**** H****" in html and ADD not in html and 'value="delete"' not in html
    assert ivy.get(ADD).status_code == 403 and ivy.post(ADD, FORM).status_code == 403
    assert ivy.post(f"{LIST}/{row.pk}/delete").status_code == 403
    assert PreRegistration.objects.get().deleted_at is None


def test_customers_and_the_operator_have_no_such_page(cast) -> None:
    for user in (cast.hana, cast.olga):
        assert signed_in(user).get(LIST).status_code == 404


@pytest.mark.requirement("07-RPRE-15", "07-RPRE-01", "07-RTM-02")
def test_resellers_have_the_page_without_opportunities_and_referral(cast) -> None:
    grant(cast.lagoon, may_refer=True)
    leo = signed_in(cast.leo)
    reserve(cast.actor(cast.leo))
    html = leo.get(LIST).content.decode()
    assert "Preregister Customer" in html and "Create Opportunity" not in html
    assert "Referral" not in leo.get(ADD).content.decode()
    assert leo.post(ADD, FORM | {"email": "x@y.example", "model": "referral"}).status_code == 422
    assert PreRegistration.objects.count() == 1


@pytest.mark.requirement("06-DPR-01", "04-PRE-12")
def test_a_distributor_without_the_permission_is_sent_to_its_ecosystem_manager(cast) -> None:
    dina = signed_in(cast.dina)
    html = dina.get(LIST).content.decode()
    assert "Contact your ecosystem manager." in html and f'href="{ADD}"' not in html
    assert "Customer Name" not in dina.get(ADD).content.decode()
    refused = dina.post(ADD, FORM)
    assert refused.status_code == 422
    assert "Contact your ecosystem manager." in refused.content.decode()
    grant(cast.meridian, may_develop=True)
    assert "ecosystem manager" not in dina.get(LIST).content.decode()
    assert dina.post(ADD, FORM).status_code == 302


# --- Preregister Customer ---------------------------------------------------------------------


@pytest.mark.requirement("04-PRE-13", "07-RPRE-10", "07-RPRE-08", "04-PRE-07", "06-DPR-03")
def test_the_form_registers_and_says_so(mara) -> None:
    html = mara.get(ADD).content.decode()
    for word in ("Sending Invitation Link", "Association Type", "bear certain fund return risks"):
        assert word in html
    assert "The customer must register its account with this email address" in html
    assert 'value="HK" selected' in html and "valid for 7 days" in html
    assert mara.post(ADD, FORM)["Location"] == LIST
    assert "Preregistration successful." in _toast(mara)
    row = PreRegistration.objects.get()
    assert (row.mobile, row.remarks, row.wants_invitation) == (
        "+639175550142",
        "Met at the fair",
        False,
    )


@pytest.mark.requirement("04-TM-01", "06-DEI-02")
def test_reseller_is_the_type_unless_another_is_chosen(cast, mara) -> None:
    grant(cast.tidemark, may_refer=True)
    html = mara.get(ADD).content.decode()
    assert re.search(r'value="reseller"[^>]* (selected|checked)', html)
    assert 'value="referral"' in html
    assert not re.search(r'value="referral"[^>]* (selected|checked)', html)


@pytest.mark.requirement("04-PRE-13")
def test_with_yes_the_invitation_leaves_at_once(mara) -> None:
    mara.post(ADD, FORM | {"wants_invitation": "yes"})
    assert "Preregistration successful. The invitation email is on its way." in _toast(mara)
    assert Invitation.objects.get().email == EMAIL


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"customer_name": ""}, "This field is required."),
        ({"customer_name": "x" * 101}, "at most 100 characters"),
        ({"email": "nobody"}, "Enter a valid email address."),
        ({"mobile_number": ""}, "Enter a phone number."),
        ({"wants_invitation": ""}, "This field is required."),
        ({"model": "referral"}, "Select a valid choice."),
    ],
)
def test_wrong_input_is_named_and_nothing_typed_is_lost(changed, words, mara) -> None:
    answer = mara.post(ADD, FORM | changed)
    html = answer.content.decode()
    assert answer.status_code == 422 and words in html
    assert "Met at the fair" in html
    assert not PreRegistration.objects.exists()


@pytest.mark.requirement("04-PRE-06", "07-RPRE-07")
def test_without_own_contact_data_the_page_leads_to_basic_information(cast, mara) -> None:
    User.objects.filter(pk=cast.mara.pk).update(mobile="", email="")
    link = f'href="{reverse("information:account")}"'
    html = mara.get(ADD).content.decode()
    assert link in html and "Neither a mobile number nor an email address of yours" in html
    refused = mara.post(ADD, FORM)
    assert refused.status_code == 422 and link in refused.content.decode()
    assert not PreRegistration.objects.exists()


@pytest.mark.requirement("04-PRE-14", "07-RPRE-11")
def test_reviewable_reasons_offer_continue_and_modify(mara) -> None:
    prospect(country="SG", with_online_sales=True)
    answer = mara.post(ADD, FORM)
    html = answer.content.decode()
    assert answer.status_code == 422 and not PreRegistration.objects.exists()
    for words in (
        "This customer cannot be directly preregistered due to the following reasons.",
        "The customer is registered in a country other than where you do business.",
        "The customer belongs to the operator’s online sales team.",
        "Click Continue and provide more customer information for manual review.",
        "View preregistration requirements",
        ">Continue<",
        ">Modify Registration Information<",
    ):
        assert words in html
    assert _typed(html) == FORM


@pytest.mark.requirement("04-PRE-14")
def test_modify_gives_everything_back_that_was_typed(mara) -> None:
    prospect(country="SG")
    typed = _typed(mara.post(ADD, FORM).content.decode())
    html = mara.post(ADD, typed | {"step": "modify"}).content.decode()
    for value in ("Reef Hotels", EMAIL, "9175550142", "Met at the fair"):
        assert f'value="{value}"' in html
    assert "Relationship and Reason" not in html and 'value="PH" selected' in html
    assert not PreRegistration.objects.exists()


@pytest.mark.requirement("04-PRE-14", "04-PRE-02")
def test_a_dialog_that_stands_alone_shows_its_errors_on_its_own_page(mara) -> None:
    address = reverse("preregistrations:preregister")
    alone = mara.get(address).content.decode()
    over = mara.get(address, headers={"HX-Request": "true"}).content.decode()
    posts = f'hx-post="{address}" hx-target="#pc-dialog"'
    assert posts in over and posts not in alone


def test_a_hard_reason_offers_modify_only(mara) -> None:
    prospect(country="SG", on_mainland_site=True)
    html = mara.post(ADD, FORM).content.decode()
    assert ">Modify Registration Information<" in html
    assert ">Continue<" not in html and "Click Continue" not in html


@pytest.mark.requirement("04-PRE-15", "04-PRE-08", "07-RPRE-11", "07-RPRE-13")
def test_continue_asks_more_and_submit_waits_for_the_review(cast, mara) -> None:
    prospect(country="SG")
    typed = _typed(mara.post(ADD, FORM).content.decode())
    html = mara.post(ADD, typed | {"step": "continue"}).content.decode()
    for word in ("Company", "Website", "Industry", "Relationship and Reason", "Attachment", EMAIL):
        assert word in html
    assert ">Submit<" in html and not PreRegistration.objects.exists()
    upload = SimpleUploadedFile("letter.pdf", PDF)
    sent = FORM | REVIEW_FORM | {"step": "submit", "attachment": upload}
    assert mara.post(ADD, sent)["Location"] == LIST
    assert "contact your ecosystem manager" in _toast(mara)
    row = PreRegistration.objects.get()
    assert (row.status, row.reasons, row.country) == ("pending_review", ["other_country"], "SG")
    assert row.attachment_name == "letter.pdf" and "letter" not in row.attachment.name
    assert row.review_due_at > row.created_at and row.expires_at is None
    row.attachment.delete(save=False)


@pytest.mark.requirement("04-PRE-15")
@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"company": ""}, "This field is required."),
        ({"justification": "x" * 1001}, "at most 1000 characters"),
        ({"website": "no address"}, "Enter a valid URL."),
        ({"attachment": SimpleUploadedFile("a.pdf", b"#!/bin/sh")}, "none of these types"),
    ],
)
def test_a_refused_request_keeps_what_was_typed(changed, words, mara) -> None:
    prospect(country="SG")
    answer = mara.post(ADD, FORM | REVIEW_FORM | {"step": "submit"} | changed)
    html = answer.content.decode()
    assert answer.status_code == 422 and words in html
    assert (EMAIL in html and "https://reef-hotels.example" in html) or "website" in changed
    assert ("Choose the attachment again" in html) is ("attachment" in changed)
    assert not PreRegistration.objects.exists()


@pytest.mark.requirement("04-PRE-14")
def test_a_request_that_meets_a_hard_reason_goes_back_with_everything(mara) -> None:
    prospect(country="SG", on_mainland_site=True)
    refused = mara.post(ADD, FORM | REVIEW_FORM | {"step": "submit"})
    assert refused.status_code == 422 and ">Continue<" not in refused.content.decode()
    typed = _typed(refused.content.decode())
    html = mara.post(ADD, typed | {"step": "modify"}).content.decode()
    assert "Reef Hotels Inc." in html and "We run their booking system." in html
    assert not PreRegistration.objects.exists()


def test_a_request_that_needs_no_review_any_more_registers(mara) -> None:
    mara.post(ADD, FORM | REVIEW_FORM | {"step": "submit"})
    assert PreRegistration.objects.get().status == PreRegistrationStatus.REGISTERED
    assert "Preregistration successful." in _toast(mara)


@pytest.mark.requirement("04-PRE-05")
def test_a_refusal_stands_beside_its_field(cast, mara) -> None:
    reserve(cast.actor(cast.mara))
    answer = mara.post(ADD, FORM)
    html = answer.content.decode()
    assert answer.status_code == 422 and f"already preregistered {EMAIL}" in html
    assert 'id="id_email_error"' in html and PreRegistration.objects.count() == 1


# --- Guides -----------------------------------------------------------------------------------


@pytest.mark.requirement("04-PRE-14", "04-PRE-02", "04-PRE-03", "04-PRE-06")
def test_the_requirements_are_explained(mara) -> None:
    html = mara.get(f"{LIST}/requirements").content.decode()
    for words in ("Chinese mainland site", "online sales team", "100 at most", "15 days"):
        assert words in html


@pytest.mark.requirement("04-PRE-01", "04-PRE-11")
def test_the_process_is_drawn_over_the_page_and_as_a_page(mara) -> None:
    page = mara.get(f"{LIST}/process").content.decode()
    dialog = mara.get(f"{LIST}/process", headers={"HX-Request": "true"}).content.decode()
    assert "<h1>Process Flowchart</h1>" in page and "pc-flow" in dialog
    assert "<html" not in dialog and "Opens the invitation" in dialog


# --- Delete -----------------------------------------------------------------------------------


@pytest.mark.requirement("04-PRE-09", "07-RPRE-14")
def test_one_row_is_deleted_after_a_question(cast, mara) -> None:
    row = reserve(cast.actor(cast.mara))
    url = f"{LIST}/{row.pk}/delete"
    assert url in mara.get(LIST).content.decode()
    html = mara.get(url).content.decode()
    assert "becomes invalid at once" in html and row.customer_name not in html
    assert mara.post(url)["Location"] == LIST
    assert PreRegistration.objects.get().status == PreRegistrationStatus.DELETED
    assert mara.post(url).status_code == 404


@pytest.mark.requirement("04-PRE-09", "07-RPRE-14")
@pytest.mark.parametrize("status", ["pending_review", "associated"])
def test_what_stays_offers_no_delete_and_a_stale_page_is_refused(status, cast, mara) -> None:
    row = reserve(cast.actor(cast.mara))
    url = f"{LIST}/{row.pk}/delete"
    PreRegistration.objects.filter(pk=row.pk).update(status=status)
    assert url not in mara.get(LIST).content.decode()
    answer = mara.post(url)
    assert answer.status_code == 422 and "cannot be deleted" in answer.content.decode()
    assert PreRegistration.objects.get().deleted_at is None


@pytest.mark.requirement("04-PRE-09", "07-RPRE-14")
def test_a_batch_is_deleted_as_a_whole_or_not_at_all(cast, mara) -> None:
    actor = cast.actor(cast.mara)
    rows = [reserve(actor, f"{name}@reef-hotels.example") for name in ("one", "two")]
    asked = {"batch": "delete", "confirmed": "1", "ids": [row.pk for row in rows]}
    assert (
        "become invalid at once"
        in mara.post(LIST, {"batch": "delete", "ids": [rows[0].pk]}).content.decode()
    )
    PreRegistration.objects.filter(pk=rows[1].pk).update(status="associated")
    html = mara.post(LIST, asked).content.decode()
    assert "Associated: cannot be deleted" in html
    assert "Not deleted, because others of the selection cannot be deleted" in html
    assert not PreRegistration.objects.exclude(deleted_at=None).exists()
    PreRegistration.objects.filter(pk=rows[1].pk).update(status="registered")
    assert "2 done, 0 refused" in mara.post(LIST, asked).content.decode()
    assert PreRegistration.objects.exclude(deleted_at=None).count() == 2


def test_another_partners_row_is_not_found(cast, mara) -> None:
    row = reserve(cast.actor(cast.nora))
    url = f"{LIST}/{row.pk}/delete"
    assert (mara.get(url).status_code, mara.post(url).status_code) == (404, 404)
    html = mara.post(LIST, {"batch": "delete", "confirmed": "1", "ids": [row.pk]}).content.decode()
    assert "does not exist" in html and PreRegistration.objects.get().deleted_at is None
