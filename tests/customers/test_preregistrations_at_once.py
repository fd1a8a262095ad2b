"""Two at the same instant, on real connections: exactly one wins."""

from __future__ import annotations

from functools import partial

import pytest
from django.db import transaction

from customers import locks
from customers.choices import InvitationStatus, PreRegistrationStatus
from customers.models import Invitation, PreRegistration
from customers.refusals import CannotBeDeleted
from customers.services import preregistrations as services
from customers.services import reviewing
from partner_center import clock

from ..accounts.organization import at_once, refusals
from .development import EMAIL, ask_review, prospect, reserve

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.mark.requirement("04-PRE-05", "04-PRE-01")
@pytest.mark.parametrize("has_account", [False, True])
def test_of_two_partners_one_gets_the_customer(cast, has_account) -> None:
    if has_account:
        prospect()
    mara, nora = cast.actor(cast.mara), cast.actor(cast.nora)
    answers = at_once(partial(reserve, mara), partial(reserve, nora, EMAIL.upper()))
    assert refusals(answers) == ["customers.preregistration.reasons"]
    assert PreRegistration.objects.filter(status="registered").count() == 1


@pytest.mark.requirement("04-PRE-05")
def test_of_two_partners_one_gets_what_is_just_over(cast) -> None:
    old = reserve(cast.actor(cast.leo))
    PreRegistration.objects.filter(pk=old.pk).update(expires_at=clock.now())
    mara, nora = cast.actor(cast.mara), cast.actor(cast.nora)
    answers = at_once(partial(reserve, mara), partial(reserve, nora))
    assert refusals(answers) == ["customers.preregistration.reasons"]
    assert PreRegistration.objects.filter(status="expired").count() == 1


def test_two_members_of_one_partner_reserve_once(cast) -> None:
    calls = [partial(reserve, cast.actor(user)) for user in (cast.mara, cast.rosa)]
    assert refusals(at_once(*calls)) == ["customers.preregistration.own"]
    assert PreRegistration.objects.count() == 1


@pytest.mark.requirement("04-PRE-04")
def test_two_at_once_do_not_pass_the_limit(cast, monkeypatch) -> None:
    monkeypatch.setattr(services, "LIMIT", 2)
    mara = cast.actor(cast.mara)
    reserve(mara, "first@reef-hotels.example")
    calls = [partial(reserve, mara, f"{name}@reef-hotels.example") for name in ("a", "b")]
    assert refusals(at_once(*calls)) == ["customers.preregistration.limit"]
    assert PreRegistration.objects.count() == 2


@transaction.atomic(durable=True)
def _accept(preregistration_id: int) -> str:
    """What an acceptance does first: the pre-registration's lock, then the invitation's."""
    row = locks.lock_preregistration(preregistration_id)
    invitation = Invitation.objects.select_for_update().get(preregistration=row)
    if invitation.status != InvitationStatus.INVITED:
        return "dead"
    invitation.status = InvitationStatus.ASSOCIATED
    invitation.save(update_fields=["status"])
    row.status = PreRegistrationStatus.ASSOCIATED
    row.save(update_fields=["status"])
    return "accepted"


@pytest.mark.requirement("04-PRE-09")
def test_of_accepting_and_deleting_one_wins(cast) -> None:
    mara = cast.actor(cast.mara)
    row = reserve(mara, wants_invitation=True)
    accepted, deleted = at_once(partial(_accept, row.pk), partial(services.delete, mara, [row.pk]))
    row.refresh_from_db()
    if accepted == "accepted":
        assert isinstance(deleted, CannotBeDeleted) and row.status == "associated"
    else:
        assert accepted == "dead" and row.status == "deleted"
        assert row.invitations.get().status == InvitationStatus.WITHDRAWN


@pytest.mark.requirement("04-PRE-15")
def test_of_two_reviewers_one_decides(cast) -> None:
    prospect(country="SG")
    row = ask_review(cast.actor(cast.mara))
    olga = cast.actor(cast.olga)
    answers = at_once(
        partial(reviewing.approve, olga, row.pk),
        partial(reviewing.reject, olga, row.pk, reason="Known to us"),
    )
    assert refusals(answers) == ["customers.preregistration.reviewed"]


@pytest.mark.requirement("04-PRE-05")
def test_of_an_approval_and_another_partner_one_reserves(cast) -> None:
    prospect(with_online_sales=True)
    first, second = (ask_review(cast.actor(user)) for user in (cast.mara, cast.nora))
    olga = cast.actor(cast.olga)
    answers = at_once(
        partial(reviewing.approve, olga, first.pk), partial(reviewing.approve, olga, second.pk)
    )
    assert refusals(answers) == ["customers.preregistration.barred"]
    assert PreRegistration.objects.filter(status="registered").count() == 1


def test_expiry_and_deletion_at_once_leave_one_of_both(cast) -> None:
    mara = cast.actor(cast.mara)
    row = reserve(mara, wants_invitation=True)
    at_once(partial(services.expire_due, row.expires_at), partial(services.delete, mara, [row.pk]))
    row.refresh_from_db()
    assert row.status == "deleted"  # an expired one may be deleted too
    assert row.invitations.get().status in (InvitationStatus.EXPIRED, InvitationStatus.WITHDRAWN)
