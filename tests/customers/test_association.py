"""Associations made by the operator (04 §8.3.1), as far as the organization needs them."""

from __future__ import annotations

from functools import partial

import pytest

from accounts.choices import PartnerKind, SystemRole
from accounts.services import members, operating
from audit.models import OperationRecord
from customers.models import Association, ManagerAssignment
from customers.queries import associations as queries
from customers.refusals import (
    AlreadyAssociated,
    NoAccountManager,
    NoCustomer,
    NoPartner,
    StillHasCustomers,
)
from customers.services import operating as services
from partner_center.refusals import NotFound, NotPermitted

from ..accounts.organization import at_once, new_member, refusals
from ..cast import _account

pytestmark = pytest.mark.django_db


@pytest.fixture
def fresh(db):
    """A customer account without a partner."""
    return _account("fresh-foods").account


def _associate(cast, user, customer, partner=None):
    return services.associate(
        cast.actor(user),
        partner_id=(partner or cast.tidemark).pk,
        customer_id=customer.pk,
    )


def test_the_operator_associates_a_customer_in_both_books(cast, fresh) -> None:
    association = _associate(cast, cast.olga, fresh)
    assert queries.get_customer(cast.actor(cast.mara), association.pk).customer == fresh
    records = OperationRecord.objects.filter(action="customers.association.created")
    assert {r.account_id for r in records} == {cast.tidemark.pk, fresh.pk}


def test_partners_do_not_associate_by_this_way(cast, fresh) -> None:
    with pytest.raises(NotPermitted):
        _associate(cast, cast.mara, fresh)
    assert not Association.objects.filter(customer=fresh).exists()


def test_what_cannot_be_associated(cast, fresh) -> None:
    for customer, partner, refusal in (
        (cast.harborline, cast.northgate, AlreadyAssociated),
        (cast.meridian, cast.tidemark, NoCustomer),
        (cast.operator, cast.tidemark, NoCustomer),
        (fresh, cast.harborline, NoPartner),
    ):
        before = Association.objects.count()
        with pytest.raises(refusal):
            _associate(cast, cast.olga, customer, partner)
        assert Association.objects.count() == before


def test_only_managers_and_directors_of_the_partner_are_assigned(cast, fresh) -> None:
    operator = cast.actor(cast.olga)
    association = _associate(cast, cast.olga, fresh)
    foreign = new_member(cast.actor(cast.nora), SystemRole.MANAGER, username="t.weber")
    for user, refusal in ((cast.felix, NoAccountManager), (foreign, NotFound)):
        with pytest.raises(refusal):
            services.assign_manager(operator, association.pk, manager_id=user.pk)
    assert not ManagerAssignment.objects.filter(association=association).exists()
    services.assign_manager(operator, association.pk, manager_id=cast.rosa.pk)
    services.assign_manager(operator, association.pk, manager_id=cast.jun.pk)
    history = ManagerAssignment.objects.filter(association=association).order_by("pk")
    assert [(a.manager, a.ended_at is None) for a in history] == [
        (cast.rosa, False),
        (cast.jun, True),
    ]


def test_a_partner_with_customers_stays_a_partner(cast) -> None:
    with pytest.raises(StillHasCustomers, match="2 customers"):
        operating.set_partner_kind(cast.actor(cast.olga), cast.tidemark.pk, kind=PartnerKind.NONE)
    cast.tidemark.refresh_from_db()
    assert cast.tidemark.partner_kind == PartnerKind.CSP


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_manager_is_not_assigned_while_being_deleted(cast) -> None:
    delta = Association.objects.get(customer=cast.delta)
    answers = at_once(
        partial(members.delete_member, cast.actor(cast.mara), cast.jun.pk),
        partial(services.assign_manager, cast.actor(cast.olga), delta.pk, manager_id=cast.jun.pk),
    )
    assert refusals(answers) in ([], ["not_found"])
    assert not ManagerAssignment.objects.filter(manager=cast.jun, ended_at=None).exists()
