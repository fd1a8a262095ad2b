"""Invite, Preview Email: whom, in which association type, what each row became (04 §8.2.2.2)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import User
from customers.choices import AssociationModel, InvitationStatus, PreRegistrationStatus
from customers.models import Invitation
from customers.queries.invitations import find_by_token
from outbox.models import Delivery
from partner_center import clock

from ..accounts.organization import signed_in
from .invited import grant, mailed_token, reserve

pytestmark = pytest.mark.django_db
INVITE = "/sales/customer-development/invite"
_OFFER = "By default, only the Reseller model is offered."


def _get(user: User, *rows) -> str:
    keys = "&".join(f"ids={row.pk}" for row in rows)
    answer = signed_in(user).get(f"{INVITE}?{keys}")
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def _post(user: User, *rows, model: str = "reseller"):
    ids = [row.pk for row in rows]
    return signed_in(user).post(reverse("invitations:invite"), {"ids": ids, "model": model})


@pytest.mark.requirement("04-INV-03", "04-TM-02", "06-DEI-02")
def test_the_page_explains_the_reseller_model_and_the_validity(cast) -> None:
    html = _get(cast.mara, reserve(cast.mara))
    assert "<h1>Invite</h1>" in html
    assert "The customer signs a contract with you." in html
    assert "which the customer pays" not in html, "Referral is absent without the permission"
    assert _OFFER in html and "contact your ecosystem manager" in html
    assert "valid for 7 days" in html
    assert "C**** B**** R****" in html and "Coral Bay" not in html


@pytest.mark.requirement("04-INV-03", "04-TM-03", "06-DEI-02")
def test_referral_is_offered_and_sent_with_the_permission_only(cast) -> None:
    reserved = reserve(cast.mara)
    answer = _post(cast.mara, reserved, model="referral")
    assert answer.status_code == 422 and not Invitation.objects.exists()
    grant(cast.tidemark, may_refer=True)
    html = _get(cast.mara, reserved)
    assert "which the customer pays" in html and _OFFER not in html
    assert _post(cast.mara, reserved, model="referral").status_code == 302
    assert Invitation.objects.get().model == AssociationModel.REFERRAL
    assert "Association type: Referral." in Delivery.objects.latest("pk").body


@pytest.mark.requirement("04-INV-01", "04-INV-02", "04-INV-04", "07-RINV-02")
def test_one_customer_is_invited_from_its_row(cast) -> None:
    reserved = reserve(cast.mara)
    answer = _post(cast.mara, reserved)
    assert answer["Location"] == reverse("invitations:history")
    invitation = Invitation.objects.get()
    assert (invitation.preregistration, invitation.status) == (reserved, InvitationStatus.INVITED)
    assert find_by_token(mailed_token(reserved.email)) == invitation


@pytest.mark.requirement("04-INV-01", "04-INV-02", "07-RINV-01", "07-RINV-02")
def test_a_batch_says_row_by_row_what_was_sent(cast) -> None:
    valid = reserve(cast.mara)
    over = reserve(cast.mara, "b@b.example", customer_name="Old One", expires_at=clock.now())
    pending = reserve(
        cast.mara,
        "c@c.example",
        status=PreRegistrationStatus.PENDING_REVIEW,
        registered_at=None,
        expires_at=None,
    )
    answer = _post(cast.mara, valid, over, pending)
    html = answer.content.decode()
    assert answer.status_code == 200 and "1 sent, 2 refused" in html
    assert html.count("No invitation was sent: only customers with the status Pre-registered") == 2
    assert [row.preregistration for row in Invitation.objects.all()] == [valid]


@pytest.mark.requirement("04-INV-01")
def test_an_expired_preregistration_is_refused_and_nothing_is_sent(cast) -> None:
    over = reserve(cast.mara, expires_at=clock.now() - timedelta(seconds=1))
    answer = _post(cast.mara, over)
    assert answer.status_code == 422
    assert "Preregister the customer first." in answer.content.decode()
    assert not Invitation.objects.exists() and not Delivery.objects.exists()


@pytest.mark.requirement("04-INV-06", "07-RINV-01", "07-RINV-03", "07-RINV-04")
def test_resellers_only_confirm(cast) -> None:
    grant(cast.lagoon, may_refer=True)  # has no effect for a reseller
    reserved = reserve(cast.leo)
    html = _get(cast.leo, reserved)
    assert "<h1>Invite Customers</h1>" in html and ">OK</button>" in html
    assert "The customer signs a contract with you." in html and _OFFER not in html
    assert 'value="referral"' not in html
    assert "Customers who are not preregistered are your historical customers." in html
    assert _post(cast.leo, reserved, model="referral").status_code == 422
    assert not Invitation.objects.exists()
    assert _post(cast.leo, reserved).status_code == 302
    assert Invitation.objects.get().model == AssociationModel.RESELLER


@pytest.mark.requirement("04-INV-03", "07-RINV-05")
def test_the_preview_is_the_email_as_it_will_be_sent(cast) -> None:
    moment = clock.now()
    reserved = reserve(cast.mara, expires_at=moment + timedelta(days=3))
    html = signed_in(cast.mara).get(f"{INVITE}/preview?id={reserved.pk}").content.decode()
    _post(cast.mara, reserved)
    mail = Delivery.objects.get(template="customer_invitation")
    token = mailed_token(reserved.email)
    assert mail.subject in html
    for line in filter(None, mail.body.replace(token, "…").splitlines()):
        assert line in html.replace("&#x27;", "'"), line
    assert token not in html


@pytest.mark.requirement("04-INV-03")
def test_the_preview_stands_without_a_customer_and_ignores_types_not_offered(cast) -> None:
    html = signed_in(cast.mara).get(f"{INVITE}/preview?model=referral").content.decode()
    assert "Hello Customer Name," in html and "Association type: Reseller." in html


@pytest.mark.requirement("06-DPR-01", "06-DEI-01", "06-DLQ-01", "06-DIM-01")
@pytest.mark.parametrize("name", ["invite", "preview", "history", "links", "customized",
                                  "records", "promotional", "resend"])  # fmt: skip
def test_a_distributor_without_the_permission_reads_whom_to_ask(cast, name: str) -> None:
    client, reserved = signed_in(cast.dina), reserve(cast.dina)
    answer = client.get(f"{reverse(f'invitations:{name}')}?ids={reserved.pk}")
    assert answer.status_code == 403
    assert "Contact your ecosystem manager" in answer.content.decode()
    answer = client.post(reverse("invitations:invite"), {"ids": [reserved.pk], "model": "reseller"})
    assert answer.status_code == 403 and not Invitation.objects.exists()


@pytest.mark.requirement("06-DPR-01", "06-DEI-01")
def test_a_distributor_with_the_permission_invites(cast) -> None:
    grant(cast.meridian, may_develop=True)
    assert _post(cast.dina, reserve(cast.dina)).status_code == 302
    assert Invitation.objects.get().account == cast.meridian


def test_strangers_and_colleagues_out_of_scope_find_nothing(cast) -> None:
    reserved, other = reserve(cast.mara), reserve(cast.nora, "n@n.example")
    for user, row in ((cast.mara, other), (cast.jun, reserved), (cast.nora, reserved)):
        client = signed_in(user)
        assert client.get(f"{INVITE}?ids={row.pk}").status_code == 404
        assert _post(user, row).status_code == 404
        assert client.get(f"{INVITE}/preview?id={row.pk}").status_code == 404
    assert not Invitation.objects.exists()


def test_without_the_permission_nobody_invites(cast) -> None:
    reserved = reserve(cast.mara)
    for user in (cast.ivy, cast.felix):
        assert _post(user, reserved).status_code == 403
    assert _post(cast.hana, reserved).status_code == 404
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("ids", ["", "x", "-1", "1.5", "9" * 30])
def test_keys_that_are_none_are_not_found(cast, ids: str) -> None:
    assert signed_in(cast.mara).get(f"{INVITE}?ids={ids}").status_code == 404


def test_ticked_rows_without_a_type_open_the_page(cast) -> None:
    client, reserved = signed_in(cast.mara), reserve(cast.mara)
    answer = client.post(INVITE, {"ids": [reserved.pk]})
    assert answer.status_code == 200 and "<h1>Invite</h1>" in answer.content.decode()
    answer = client.post(INVITE, {})
    assert answer.status_code == 422 and "No record is selected." in answer.content.decode()
    assert not Invitation.objects.exists()
