"""Who sees which customer: list, details, export and API, as tables (02-ROL-06, 06-DX-04)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from accounts.choices import SystemRole
from accounts.models import DirectorLink, Role, RoleAssignment, User
from accounts.services import creation
from customers.models import Association, ManagerAssignment
from customers.queries import api
from exports.models import ExportTask
from partner_center import clock, exporting
from partner_center.actors import Actor
from tests.accounts.organization import give

from .management import LIST, RESELLERS, client_of, customer, details, names

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(cast) -> dict[str, Association]:
    """Customers of a provider, a distributor, its reseller and another provider, by account name."""
    customer(cast.tidemark, "reef")
    customer(cast.meridian, "atoll")
    customer(cast.lagoon, "lagoon-reef")
    found = Association.objects.select_related("customer")
    return {association.customer.name: association for association in found}


def _opened(user: User, world: dict[str, Association]) -> set[str]:
    """Whose details page opens; every other one is a 404."""
    client = client_of(user)
    status = {name: client.get(details(row)).status_code for name, row in world.items()}
    assert set(status.values()) <= {200, 404}
    return {name for name, code in status.items() if code == 200}


def _exported(actor: Actor, exporter: str) -> set[str]:
    source = exporting.get(exporter).source(actor, {})
    return set(source.queryset.values_list("customer__name", flat=True))


def _answered(actor: Actor, reseller: str = "") -> set[str]:
    rows = api.list_customers(actor, {}, reseller=reseller)
    return set(rows.values_list("customer__name", flat=True))


@pytest.mark.requirement("02-ROL-06", "02-ROL-07", "04-CUS-01", "07-RCUS-01", "02-ORG-04")
@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("main", {"harborline", "delta-fisheries", "reef"}),
        ("manager", {"harborline"}),
        ("manager and finance", {"harborline", "delta-fisheries", "reef"}),
        ("director", {"harborline", "reef"}),
        ("director without managers", {"reef"}),
        ("custom role", {"harborline", "delta-fisheries", "reef"}),
        ("former manager", set()),
    ],
)
def test_scope_of_managers_and_directors(cast, world, who: str, seen: set[str]) -> None:
    """Harborline is assigned to Jun, reef to his director Rosa, Delta to nobody."""
    ManagerAssignment.objects.create(
        account=cast.tidemark, association=world["reef"], manager=cast.rosa, started_at=clock.now()
    )
    user = _PLAYERS[who](cast)
    actor = cast.actor(user)
    assert set(names(client_of(user))) == seen
    assert _opened(user, world) == seen
    assert _exported(actor, "customers") == seen
    assert _answered(actor) == seen


def _finance(cast) -> User:
    give(cast.actor(cast.mara), cast.jun, SystemRole.MANAGER, SystemRole.FINANCE)
    return cast.jun


def _alone(cast) -> User:
    DirectorLink.objects.update(ended_at=clock.now())
    return cast.rosa


def _custom(cast) -> User:
    Role.objects.filter(account=cast.tidemark).update(
        permissions=["accounts.view_members", "customers.view_customers"]
    )
    return cast.ivy


def _former(cast) -> User:
    ManagerAssignment.objects.filter(manager=cast.jun).update(ends_at=clock.now())
    return cast.jun


_PLAYERS: dict[str, Callable[..., User]] = {
    "main": lambda cast: cast.mara,
    "manager": lambda cast: cast.jun,
    "manager and finance": _finance,
    "director": lambda cast: cast.rosa,
    "director without managers": _alone,
    "custom role": _custom,
    "former manager": _former,
}


@pytest.mark.requirement("06-DX-01", "06-DX-04", "04-CUS-11", "07-RDF-08", "06-DCU-01", "02-ORG-04")
@pytest.mark.parametrize(
    ("who", "own", "resellers"),
    [
        ("mara", {"harborline", "delta-fisheries", "reef"}, None),
        ("nora", {"quarry"}, None),
        ("dina", {"atoll"}, {"lagoon-reef"}),
        ("leo", {"lagoon-reef"}, None),
    ],
)
def test_providers_distributors_and_resellers_see_their_own(
    cast, world, who: str, own: set[str], resellers: set[str] | None
) -> None:
    """Own customers, resellers' customers, another's: on every door."""
    user = getattr(cast, who)
    client, actor = client_of(user), cast.actor(user)
    assert set(names(client)) == own
    assert client.get(RESELLERS).status_code == (404 if resellers is None else 200)
    if resellers is not None:
        assert set(names(client, RESELLERS)) == resellers
    assert _opened(user, world) == own | (resellers or set())
    assert _exported(actor, "customers") == own
    assert _exported(actor, "resellers_customers") == (resellers or set())
    assert _answered(actor) == own
    if resellers is not None:
        assert _answered(actor, cast.lagoon.public_id) == resellers


@pytest.mark.requirement("02-ROL-06", "06-DX-02")
def test_a_distributors_account_manager_sees_no_resellers_customers(cast, world) -> None:
    user = creation.create_user(
        account=cast.meridian, username="d.manager", email="", moment=clock.now()
    )
    RoleAssignment.objects.create(
        account=cast.meridian,
        user=user,
        role=Role.objects.get(system_code=SystemRole.MANAGER),
        assigned_at=clock.now(),
    )
    assert names(client_of(user)) == [] and client_of(user).get(RESELLERS).status_code == 404
    assert _opened(user, world) == set()
    assert _answered(cast.actor(user), cast.lagoon.public_id) == set()
    assert not _exported(cast.actor(user), "resellers_customers")


@pytest.mark.requirement("04-CUS-08", "04-CUS-03", "06-DCU-11", "06-DX-06", "06-DX-07", "06-DX-08")
def test_an_export_holds_what_the_list_shows_masked(cast, world) -> None:
    client = client_of(cast.mara)
    answer = client.post(f"{LIST}?q=reef", {"export": "csv"}, follow=True)
    assert answer.status_code == 200
    task = ExportTask.objects.get(account=cast.tidemark)
    source = exporting.get("customers").source(cast.actor(cast.mara), task.params)
    heads = [column.head for column in source.columns]
    assert heads[:4] == ["Account Name", "Customer Name", "Mobile Number", "Email"]
    values = [column.value for column in source.columns[:4]]
    row = source.queryset.values_list(*values).get()
    assert row[:2] == ("reef", "R****") and "****" in row[2] and row[3] == "acc****@reef.example"


@pytest.mark.requirement("04-CUS-08")
def test_ticked_rows_alone_are_exported(cast, world) -> None:
    ids = [str(world["reef"].pk), str(world["quarry"].pk)]
    source = exporting.get("customers").source(cast.actor(cast.mara), {"ids": ids})
    assert [row.customer.name for row in source.queryset] == ["reef"]
