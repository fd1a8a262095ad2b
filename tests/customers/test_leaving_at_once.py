"""Two decisions at the same instant, on real connections: exactly one wins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from accounts.choices import SystemRole
from audit.models import OperationRecord
from customers.choices import RequestStatus, Side
from customers.models import Association, AssociationRequest
from customers.services import disassociation as services
from customers.services import operating

from ..accounts.organization import at_once, new_member, refusals
from ..cast import Cast
from .leaving import asked, association_of, may_leave

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def _hana(cast: Cast):
    """Hana, whose code was checked elsewhere."""
    return replace(cast.actor(cast.hana), is_system=True)


def _decided() -> list[str]:
    rows = OperationRecord.objects.filter(action__startswith="customers.disassociation.")
    return sorted({row.action for row in rows.exclude(action__endswith="requested")})


@pytest.mark.requirement("04-ASC-08", "08-CSD-12")
@pytest.mark.parametrize("initiator", [Side.CUSTOMER, Side.PARTNER])
def test_withdraw_and_agree_at_the_same_instant(initiator: Side, cast: Cast) -> None:
    request = asked(may_leave(cast.harborline), initiator)
    mara, hana = cast.actor(cast.mara), _hana(cast)
    calls: tuple[Callable[[], object], Callable[[], object]] = (
        (
            partial(services.agree, mara, request.pk),
            partial(services.withdraw_by_customer, hana, request.pk),
        )
        if initiator == Side.CUSTOMER
        else (
            partial(services.answer_partner, hana, request.pk, agrees=True),
            partial(services.withdraw_by_partner, mara, request.pk),
        )
    )
    answers = at_once(*calls)
    assert refusals(answers) == ["customers.request.processed"]
    request.refresh_from_db()
    ended = Association.objects.get(customer=cast.harborline).ended_at is not None
    assert ended == (request.status == RequestStatus.COMPLETED)
    assert len(_decided()) == 1


@pytest.mark.requirement("04-ASC-08")
def test_two_users_of_the_partner_answer_at_the_same_instant(cast: Cast) -> None:
    request = asked(may_leave(cast.harborline))
    other = new_member(cast.actor(cast.mara), SystemRole.ADMIN)
    answers = at_once(
        partial(services.agree, cast.actor(cast.mara), request.pk),
        partial(services.reject, cast.actor(other), request.pk),
    )
    assert refusals(answers) == ["customers.request.processed"]
    assert len(_decided()) == 1


@pytest.mark.requirement("08-CSD-02")
def test_both_sides_ask_at_the_same_instant(cast: Cast) -> None:
    association = may_leave(cast.harborline)
    answers = at_once(
        partial(services.request_by_customer, _hana(cast), association_id=association.pk),
        partial(
            services.request_by_partner,
            cast.actor(cast.mara),
            association.pk,
            reason="Contract ends",
        ),
    )
    assert refusals(answers) == ["customers.disassociation.check_failed"]
    assert AssociationRequest.objects.open().count() == 1


def test_the_operator_ends_what_the_partner_agrees_to(cast: Cast) -> None:
    request = asked(may_leave(cast.harborline))
    association = association_of(cast.harborline)
    answers = at_once(
        partial(services.agree, cast.actor(cast.mara), request.pk),
        partial(operating.end_association, cast.actor(cast.olga), association.pk, reason="Ticket"),
    )
    assert len(refusals(answers)) == 1
    ended = OperationRecord.objects.filter(action="customers.association.ended")
    assert ended.count() == 2, "once, in both books"
    assert not AssociationRequest.objects.open().exists()
