"""Whose customers a member sees (02-ROL-06, ROL-07, S-06, S-09): one table for all roles."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from accounts.choices import SystemRole
from accounts.models import Account, User
from accounts.permissions import VIEW_INFORMATION
from customers.models import Association
from customers.permissions import VIEW_CUSTOMERS
from customers.queries import associations as queries
from customers.services import operating as services
from partner_center.refusals import NotFound, NotPermitted

from ..cast import Cast, _account
from .organization import give, new_member, new_role

pytestmark = pytest.mark.django_db

MANAGER, DIRECTOR, FINANCE, ADMIN = (
    SystemRole.MANAGER,
    SystemRole.DIRECTOR,
    SystemRole.FINANCE,
    SystemRole.ADMIN,
)


@dataclass
class Scene:
    """Six customers: one each of Jun, Rosa (Jun's director), Bea (no director), Kim; two free."""

    cast: Cast
    people: dict[str, User]
    names: dict[int, str]

    def seen_by(self, user: User) -> set[str]:
        actor = self.cast.actor(user)
        return {self.names[a.pk] for a in queries.list_customers(actor)}


@pytest.fixture
def scene(cast) -> Scene:
    owner, operator = cast.actor(cast.mara), cast.actor(cast.olga)
    bea = new_member(owner, MANAGER, username="b.torres")
    kim = new_member(owner, FINANCE, username="k.ong")
    found = {a.customer.name: a for a in Association.objects.filter(account=cast.tidemark)}
    names = {found["harborline"].pk: "jun", found["delta-fisheries"].pk: "free"}
    for user in (cast.rosa, bea):
        customer: Account = _account(f"customer-of-{user.username.replace('.', '-')}").account
        association = services.associate(
            operator, partner_id=cast.tidemark.pk, customer_id=customer.pk
        )
        services.assign_manager(operator, association.pk, manager_id=user.pk)
        names[association.pk] = user.username.partition(".")[2]
    people = {"jun": cast.jun, "rosa": cast.rosa, "bea": bea, "kim": kim, "mara": cast.mara}
    return Scene(cast, people, names)


EVERYTHING = {"jun", "free", "santos", "torres"}


@pytest.mark.requirement("02-ROL-06", "02-ROL-07")
@pytest.mark.parametrize(
    ("who", "roles", "expected"),
    [
        ("mara", None, EVERYTHING),  # main account
        ("jun", [MANAGER], {"jun"}),  # ROL-06
        ("bea", [MANAGER], {"torres"}),
        ("jun", [MANAGER, FINANCE], EVERYTHING),  # ROL-07, another system role
        ("jun", [MANAGER, "custom"], EVERYTHING),  # ROL-07, a custom role
        ("jun", [MANAGER, "blind"], EVERYTHING),  # ROL-07 holds whatever the other role is
        ("rosa", [DIRECTOR], {"santos", "jun"}),  # S-06: own and its managers'
        ("kim", [ADMIN], EVERYTHING),
        ("kim", ["custom"], EVERYTHING),  # S-09
        ("kim", [DIRECTOR], set()),  # a director without a team
        ("kim", [MANAGER], set()),  # a manager without customers
    ],
)
def test_who_sees_which_customers(scene, who, roles, expected) -> None:
    owner = scene.cast.actor(scene.cast.mara)
    custom = {
        "custom": new_role(owner, VIEW_CUSTOMERS, name="Customer desk"),
        "blind": new_role(owner, VIEW_INFORMATION, name="Information desk"),
    }
    user = scene.people[who]
    if roles:
        give(owner, user, *[custom.get(r, r) for r in roles])
    assert scene.seen_by(user) == expected
    actor = scene.cast.actor(user)
    for pk, name in scene.names.items():
        if name in expected:
            assert queries.get_customer(actor, pk).pk == pk
        else:
            with pytest.raises(NotFound):
                queries.get_customer(actor, pk)


@pytest.mark.requirement("02-ORG-04")
def test_no_role_shows_another_tenants_customers(scene) -> None:
    foreign = Association.objects.get(account=scene.cast.northgate)
    for user in scene.people.values():
        actor = scene.cast.actor(user)
        if actor.can(VIEW_CUSTOMERS):
            with pytest.raises(NotFound):
                queries.get_customer(actor, foreign.pk)


@pytest.mark.requirement("02-ROL-06")
def test_who_lacks_the_permission_sees_no_list(scene) -> None:
    with pytest.raises(NotPermitted):
        queries.list_customers(scene.cast.actor(scene.people["kim"]))


@pytest.mark.requirement("02-ROL-06")
def test_a_customer_moves_with_its_assignment(scene) -> None:
    operator = scene.cast.actor(scene.cast.olga)
    free = next(pk for pk, name in scene.names.items() if name == "free")
    services.assign_manager(operator, free, manager_id=scene.cast.jun.pk)
    assert scene.seen_by(scene.cast.jun) == {"jun", "free"}
    services.assign_manager(operator, free, manager_id=scene.people["bea"].pk)
    assert scene.seen_by(scene.cast.jun) == {"jun"}
    assert scene.seen_by(scene.people["bea"]) == {"torres", "free"}


@pytest.mark.requirement("02-ROL-06")
def test_customers_are_counted_per_manager_in_one_query(scene, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        rows = User.objects.filter(account=scene.cast.tidemark).annotate(
            customers=queries.customer_count()
        )
        counts = {user.username: user.customers for user in rows}
    assert counts["j.lim"] == counts["r.santos"] == counts["b.torres"] == 1
    assert counts["k.ong"] == counts["tidemark-cloud"] == 0
