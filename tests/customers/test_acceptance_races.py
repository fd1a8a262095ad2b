"""Two at the same instant: customers, partners, tabs."""

from __future__ import annotations

from functools import partial

import pytest
from django.db import transaction

from accounts.choices import AccountStage
from accounts.models import AgreementSignature
from customers.choices import InvitationStatus
from customers.models import Association, Invitation, PreRegistration
from customers.services import invitations, preregistrations
from partner_center import clock

from ..accounts.organization import at_once, refusals
from . import landing

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.mark.requirement("04-AF09", "08-CSA-17")
def test_two_partners_invitations_accepted_at_once_give_one_association(cast) -> None:
    user = landing.account(stage=AccountStage.REGISTERED)
    first = landing.invited(cast)
    PreRegistration.objects.update(status="expired")
    second = landing.invited(cast, partner=cast.northgate)
    PreRegistration.objects.update(status="expired")
    actor = cast.actor(user)
    answers = at_once(partial(landing.accept, actor, first), partial(landing.accept, actor, second))
    assert refusals(answers) == ["customers.association.refused"]
    association = Association.objects.get(customer=user.account)
    won = Invitation.objects.get(account=association.account)
    lost = Invitation.objects.exclude(pk=won.pk).get()
    assert (won.status, lost.status, lost.causes) == ("associated", "failed", ["AF09"])


def test_the_same_invitation_accepted_twice_by_one_account_associates_once(cast) -> None:
    user = landing.account(stage=AccountStage.REGISTERED)
    token = landing.invited(cast)
    actor = cast.actor(user)
    answers = at_once(partial(landing.accept, actor, token), partial(landing.accept, actor, token))
    assert refusals(answers) == ["customers.invitation.gone"]
    assert Association.objects.filter(customer=user.account).count() == 1
    signed = AgreementSignature.objects.filter(
        account=user.account, document__code="association-instructions"
    )
    assert signed.count() == 1


@pytest.mark.requirement("04-PRE-07")
def test_one_invitation_used_by_two_accounts_at_once_serves_its_address_only(cast) -> None:
    user = landing.account()
    other = landing.account("other@elsewhere.example")
    token = landing.invited(cast)
    answers = at_once(
        partial(landing.accept, cast.actor(user), token),
        partial(landing.accept, cast.actor(other), token),
    )
    assert refusals(answers) in (
        ["customers.invitation.other_address"],
        ["customers.invitation.gone"],
    )
    assert Association.objects.get(account=cast.tidemark, customer=user.account)
    assert not Association.objects.filter(customer=other.account).exists()


@pytest.mark.parametrize("_again", range(3))
def test_accepting_and_withdrawing_at_once_leave_one_story(cast, _again) -> None:
    user = landing.account()
    token = landing.invited(cast)
    delete = partial(
        preregistrations.delete, cast.actor(cast.mara), [PreRegistration.objects.get().pk]
    )
    answers = at_once(partial(landing.accept, cast.actor(user), token), delete)
    associated = Association.objects.filter(customer=user.account).exists()
    assert len(refusals(answers)) == 1, "one of the two wins"
    expected = ("associated", "associated") if associated else ("deleted", "withdrawn")
    record = landing.record()
    assert (record.preregistration.status, record.status) == expected


@pytest.mark.parametrize("_again", range(3))
def test_accepting_and_sending_again_at_once_leave_one_story(cast, _again) -> None:
    user = landing.account()
    token = landing.invited(cast)

    def resend() -> None:
        with transaction.atomic():
            row = PreRegistration.objects.select_for_update(no_key=True).get()
            if row.status == "registered":
                invitations.send_for(cast.actor(cast.mara), row, clock.now())

    answers = at_once(partial(landing.accept, cast.actor(user), token), resend)
    associated = Association.objects.filter(customer=user.account).exists()
    assert refusals(answers) == ([] if associated else ["customers.invitation.gone"])
    open_ones = Invitation.objects.filter(status=InvitationStatus.INVITED).count()
    assert open_ones == (0 if associated else 1)
