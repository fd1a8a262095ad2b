"""Invitations by e-mail: what is sent, how long it holds, what replaces what (04 §8.2.2.2)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from audit.models import OperationRecord
from customers.choices import AssociationModel, FailureCause, InvitationStatus
from customers.models import Invitation
from customers.queries.invitations import digest_of, find_by_token
from customers.services import invitations, reserving
from outbox.models import Delivery
from partner_center import clock

from .invited import mailed_token, reserve, sent

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("04-INV-04", "04-INV-05", "07-RINV-06")
def test_the_email_carries_a_link_that_holds_seven_days(cast) -> None:
    moment = clock.now()
    invitation = sent(cast.actor(cast.mara), reserve(cast.mara), moment)
    token = mailed_token("it@coralbay.example")
    assert invitation.token_digest == digest_of(token) and token not in invitation.token_digest
    assert invitation.expires_at == moment + timedelta(days=7)
    assert find_by_token(token) == invitation
    mail = Delivery.objects.get(template="customer_invitation")
    until = invitation.expires_at.astimezone(clock.BUSINESS_ZONE)
    assert mail.subject.startswith("Tidemark Cloud invites you")
    assert "Hello Coral Bay Resorts" in mail.body and "Association type: Reseller." in mail.body
    assert f"until {until:%b %d, %Y %H:%M} GMT+08:00" in mail.body
    record = OperationRecord.objects.get(action="customers.invitation.sent")
    assert record.account_id == cast.tidemark.pk and token not in str(record.after)


@pytest.mark.requirement("04-INV-05")
def test_the_link_never_outlives_the_preregistration(cast) -> None:
    moment = clock.now()
    end = moment + timedelta(days=2)
    invitation = sent(cast.actor(cast.mara), reserve(cast.mara, expires_at=end), moment)
    assert invitation.expires_at == end


@pytest.mark.requirement("04-HIS-04")
def test_a_further_invite_replaces_the_open_link(cast) -> None:
    actor, reserved = cast.actor(cast.mara), reserve(cast.mara)
    first = sent(actor, reserved)
    old = mailed_token(reserved.email)
    second = sent(actor, reserved, model=AssociationModel.REFERRAL)
    assert second.pk == first.pk and Invitation.objects.count() == 1
    assert second.model == AssociationModel.REFERRAL
    assert find_by_token(old) is None
    assert find_by_token(mailed_token(reserved.email)) == second


def test_a_failed_invitation_stays_in_the_history_and_its_link_dies(cast) -> None:
    actor, reserved, moment = cast.actor(cast.mara), reserve(cast.mara), clock.now()
    failed = sent(actor, reserved, moment)
    old = mailed_token(reserved.email)
    invitations.mark_failed(failed, cast.delta, [FailureCause.OVERDUE], moment)
    again = sent(actor, reserved, moment)
    failed.refresh_from_db()
    assert again.pk != failed.pk and failed.status == InvitationStatus.FAILED
    assert failed.causes == ["AF19"] and failed.customer == cast.delta
    assert find_by_token(old) is None


def test_an_operator_who_approves_sends_in_the_name_of_whoever_preregistered(cast) -> None:
    invitation = sent(cast.actor(cast.olga), reserve(cast.jun))
    assert (invitation.invited_by, invitation.manager) == (cast.jun, cast.jun)
    assert invitation.account == cast.tidemark


def test_a_used_link_still_says_whose_it_was(cast) -> None:
    actor, reserved, moment = cast.actor(cast.mara), reserve(cast.mara), clock.now()
    invitation = sent(actor, reserved, moment)
    invitations.mark_associated(invitation, cast.delta, moment)
    found = find_by_token(mailed_token(reserved.email))
    assert found == invitation and found.status == InvitationStatus.ASSOCIATED
    assert found.finished_at == moment and found.customer == cast.delta


def test_the_end_of_a_preregistration_withdraws_its_open_invitation(cast) -> None:
    actor, reserved, moment = cast.actor(cast.mara), reserve(cast.mara), clock.now()
    sent(actor, reserved, moment)
    reserving.withdraw_invitations([reserved.pk], moment)
    found = find_by_token(mailed_token(reserved.email))
    assert found.status == InvitationStatus.WITHDRAWN and found.finished_at == moment


def test_unknown_tokens_open_nothing(cast) -> None:
    assert find_by_token("nothing") is None
    assert find_by_token("") is None
