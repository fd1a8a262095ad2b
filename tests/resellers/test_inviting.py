"""Inviting resellers: the dialog, the record, sending again, withdrawing (06 §9.2.1.1)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.choices import PartnerKind
from accounts.models import PartnerTerms, Role, RoleAssignment
from accounts.services import creation
from audit.models import OperationRecord
from outbox.models import Delivery
from partner_center import clock
from partner_center.refusals import NotFound, NotPermitted
from resellers.choices import InvitationStatus
from resellers.models import ResellerInvitation
from resellers.refusals import AlreadyInvited, AlreadyReseller, OnlyDistributors, OutsideRegion
from resellers.services import inviting, requesting
from resellers.tasks import expire_invitations

from ..accounts.organization import at_once, refusals
from ..cast import _account
from . import steps

pytestmark = pytest.mark.django_db
RECORD = "/sales/resellers/invitations"


@pytest.fixture
def dina(cast):
    """Meridian's browser."""
    return steps.signed_in(cast.dina)


def _member(cast, *held):
    user = creation.create_user(
        account=cast.meridian,
        username="m.viewer",
        password="Harbour2026",
        email="viewer@meridian.example",
        moment=clock.now(),
    )
    role = Role.objects.create(
        account=cast.meridian, name="Viewer", permissions=list(held), created_at=clock.now()
    )
    RoleAssignment.objects.create(
        account=cast.meridian, user=user, role=role, assigned_at=clock.now()
    )
    return user


@pytest.mark.requirement("06-RSL-02", "06-RSL-05", "06-DOV-04")
def test_an_invitation_is_mailed_with_a_link_of_which_only_a_digest_is_kept(cast, dina) -> None:
    dialog = dina.get("/sales/resellers/invite")
    assert dialog.status_code == 200 and 'name="email"' in dialog.content.decode()
    done = dina.post("/sales/resellers/invite", {"email": steps.EMAIL}, follow=True)
    assert f"Invitation sent to {steps.EMAIL}." in done.content.decode()
    invitation = ResellerInvitation.objects.get()
    mail = Delivery.objects.get(target=steps.EMAIL)
    assert "Meridian has invited you to become a reseller." in mail.body
    assert mail.subject == "Meridian invites you to become a reseller"
    token = steps.token_sent_to()
    assert token not in invitation.token_digest and len(invitation.token_digest) == 64
    assert invitation.expires_at - invitation.invited_at == timedelta(days=7)
    record = OperationRecord.objects.get(action="resellers.invitation.created")
    assert record.account_id == cast.meridian.pk and token not in str(record.after)
    page = dina.get(RECORD).content.decode()
    assert "Invited" in page and "new****@reef.example" in page and steps.EMAIL not in page


@pytest.mark.requirement("06-RSL-02")
@pytest.mark.parametrize("email", ["", "not an address", f"{'x' * 250}@reef.example"])
def test_a_wrong_address_is_refused_and_kept_in_the_field(dina, email) -> None:
    answer = dina.post("/sales/resellers/invite", {"email": email})
    assert answer.status_code == 422
    assert answer.context["form"]["email"].value() == email
    assert not ResellerInvitation.objects.exists() and not Delivery.objects.exists()


@pytest.mark.requirement("06-RSL-04")
def test_an_existing_reseller_cannot_be_invited(cast, dina) -> None:
    answer = dina.post("/sales/resellers/invite", {"email": "Accounts@lagoon.example"})
    assert answer.status_code == 422
    assert "its account already is a reseller of a distributor." in answer.content.decode()
    with pytest.raises(AlreadyReseller):
        steps.invite(cast, cast.lagoon.email)
    assert not ResellerInvitation.objects.exists()


@pytest.mark.requirement("06-RSL-03")
def test_only_accounts_in_the_authorized_regions_are_invited(cast, dina) -> None:
    other = steps.newcomer().account
    steps.country(other, "DE")
    answer = dina.post("/sales/resellers/invite", {"email": other.email})
    assert answer.status_code == 422
    words = "its account is in Germany, and you may invite resellers in Philippines only."
    assert words in answer.content.decode()
    with pytest.raises(OutsideRegion):
        steps.invite(cast, other.email)
    PartnerTerms.objects.create(account=cast.meridian, reseller_countries=["DE", "AT"])
    assert steps.invite(cast, other.email).status == InvitationStatus.INVITED


def test_one_open_invitation_for_each_address(cast, dina) -> None:
    steps.invite(cast)
    with pytest.raises(AlreadyInvited):
        steps.invite(cast, steps.EMAIL.upper())
    answer = dina.post("/sales/resellers/invite", {"email": steps.EMAIL})
    assert "has an open invitation of yours already" in answer.content.decode()
    assert ResellerInvitation.objects.count() == 1 and Delivery.objects.count() == 1


@pytest.mark.requirement("06-RSL-06")
def test_sending_again_makes_a_new_link_and_kills_the_old_one(cast, dina) -> None:
    invitation = steps.invite(cast)
    old = steps.token_sent_to()
    url = f"{RECORD}/{invitation.pk}/resend"
    assert "earlier links lead nowhere" in dina.get(url).content.decode()
    assert dina.post(url).status_code == 302
    new = steps.token_sent_to()
    assert new != old and Delivery.objects.filter(target=steps.EMAIL).count() == 2
    visitor = steps.Client()
    gone = visitor.get(reverse("resellers:invitation", args=[old]))
    assert gone.status_code == 410 and "This invitation cannot be used" in gone.content.decode()
    assert visitor.get(reverse("resellers:invitation", args=[new])).status_code == 200


@pytest.mark.requirement("06-RSL-06")
def test_an_expired_invitation_is_open_again_when_sent_again(cast) -> None:
    invitation = steps.invite(cast)
    late = invitation.expires_at + timedelta(seconds=1)
    assert inviting.expire_invitations(late - timedelta(seconds=2)) == 0
    assert inviting.expire_invitations(late) == 1 and inviting.expire_invitations(late) == 0
    invitation.refresh_from_db()
    assert invitation.status == InvitationStatus.EXPIRED
    assert OperationRecord.objects.filter(action="resellers.invitation.expired").count() == 1
    again = inviting.resend(cast.actor(cast.dina), invitation.pk)
    assert again.status == InvitationStatus.INVITED and again.expires_at > clock.now()


def test_the_task_expires_only_what_is_due(cast, monkeypatch) -> None:
    invitation = steps.invite(cast)
    expire_invitations()
    invitation.refresh_from_db()
    assert invitation.status == InvitationStatus.INVITED


def test_an_expired_invitation_is_not_in_the_way_of_the_next(cast, monkeypatch) -> None:
    first = steps.invite(cast)
    late = first.expires_at + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: late)
    second = steps.invite(cast)
    first.refresh_from_db()
    assert (first.status, second.status) == (InvitationStatus.EXPIRED, InvitationStatus.INVITED)


@pytest.mark.requirement("06-RSL-07")
def test_batch_invite_sends_to_all_that_are_ticked_and_says_what_was_not(cast, dina) -> None:
    first, second = steps.invite(cast, "a@reef.example"), steps.invite(cast, "b@reef.example")
    gone = steps.invite(cast, "c@reef.example")
    inviting.withdraw(cast.actor(cast.dina), gone.pk)
    ids = [first.pk, second.pk, gone.pk]
    asked = dina.post(RECORD, {"batch": "resend", "ids": ids})
    assert "Earlier links lead nowhere." in asked.content.decode()
    assert Delivery.objects.count() == 3
    done = dina.post(RECORD, {"batch": "resend", "ids": ids, "confirmed": "1"}).content.decode()
    assert Delivery.objects.count() == 5
    assert "The email was not sent: the status of this invitation is “Withdrawn”." in done


def test_a_withdrawn_link_leads_nowhere_and_the_address_can_be_invited_again(cast, dina) -> None:
    invitation = steps.invite(cast)
    token = steps.token_sent_to()
    url = f"{RECORD}/{invitation.pk}/withdraw"
    assert "The link of the email leads nowhere." in dina.get(url).content.decode()
    assert dina.post(url).status_code == 302
    assert steps.Client().get(f"/reseller-invitation/{token}").status_code == 410
    again = dina.post(url)
    assert again.status_code == 422
    assert "the status of this invitation is “Withdrawn”" in again.content.decode()
    assert steps.invite(cast).status == InvitationStatus.INVITED


@pytest.mark.requirement("06-RSL-05")
def test_the_record_is_filtered_and_shows_companies_and_causes(cast, dina) -> None:
    user = steps.newcomer()
    steps.country(user.account, "DE")
    PartnerTerms.objects.create(account=cast.meridian, reseller_countries=["PH", "DE"])
    invitation = steps.invite(cast)
    requesting.accept(steps.actor_of(user), steps.token_sent_to())
    PartnerTerms.objects.filter(account=cast.meridian).update(reseller_countries=[])
    requesting.decide(invitation.pk, clock.now())
    steps.invite(cast, "second@reef.example")
    page = dina.get(f"{RECORD}?status=restricted").content.decode()
    assert "Reef Systems" in page and "service country is not one in which" in page
    assert "sec****@reef.example" not in page
    assert "sec****@reef.example" in dina.get(f"{RECORD}?q=second").content.decode()


@pytest.mark.requirement("06-DX-06")
def test_addresses_are_masked_until_the_eye_is_used(cast, dina) -> None:
    steps.invite(cast)
    assert steps.EMAIL not in dina.get(RECORD).content.decode()
    assert steps.EMAIL in dina.post(RECORD, {"reveal": "email"}).content.decode()
    seen = OperationRecord.objects.get(action="lists.column.revealed")
    assert seen.after["list"] == "reseller_invitations"


@pytest.mark.requirement("06-RSL-01", "06-DX-04")
def test_only_distributors_with_the_permission_invite(cast) -> None:
    for user in (cast.mara, cast.leo):
        with pytest.raises(OnlyDistributors):
            inviting.invite(cast.actor(user), email=steps.EMAIL)
        client = steps.signed_in(user)
        for path in ("/sales/resellers", RECORD, "/sales/resellers/invite"):
            answer = client.get(path)
            assert answer.status_code == 403
            assert "Reseller management is for distributors." in answer.content.decode()
    viewer = _member(cast, "resellers.view_resellers")
    with pytest.raises(NotPermitted):
        inviting.invite(steps.actor_of(viewer), email=steps.EMAIL)
    client = steps.signed_in(viewer)
    assert "Invite Reseller" not in client.get("/sales/resellers").content.decode()
    assert client.post("/sales/resellers/invite", {"email": steps.EMAIL}).status_code == 403
    assert not ResellerInvitation.objects.exists()


@pytest.mark.requirement("06-DX-04")
def test_another_distributors_invitation_does_not_exist(cast) -> None:
    invitation = steps.invite(cast)
    other = _account("halcyon", PartnerKind.DISTRIBUTOR)
    for call in (inviting.resend, inviting.withdraw):
        with pytest.raises(NotFound):
            call(steps.actor_of(other), invitation.pk)
    client = steps.signed_in(other)
    for name in ("resend", "withdraw"):
        assert client.get(f"{RECORD}/{invitation.pk}/{name}").status_code == 404
        assert client.post(f"{RECORD}/{invitation.pk}/{name}").status_code == 404
    invitation.refresh_from_db()
    assert invitation.status == InvitationStatus.INVITED and Delivery.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_address_twice_at_once_is_invited_once(cast) -> None:
    actor = cast.actor(cast.dina)
    answers = at_once(*[lambda: inviting.invite(actor, email=steps.EMAIL)] * 2)
    assert refusals(answers) == ["resellers.invitation.exists"]
    assert ResellerInvitation.objects.count() == 1 and Delivery.objects.count() == 1
