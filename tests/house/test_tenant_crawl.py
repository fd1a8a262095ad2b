"""Walks every route as a stranger, as a member without permissions, and as nobody.

A route with parameters needs an entry in ``crawl_objects.OBJECTS`` that names an object of Tidemark;
a new route without one fails `test_every_route_is_covered`. Routes of the API door are walked in
``tests/bss_api/test_crawl.py``, those of the admin in ``tests/house/test_admin.py``.
"""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, RoleAssignment, User
from partner_center import clock, permissions
from partner_center.permissions import Audience

from .. import cast
from . import routes
from .crawl_objects import FOREIGN, OBJECTS, Scene, build_scene

pytestmark = pytest.mark.django_db

PAGES = routes.pages()
WITH_OBJECT = [r for r in PAGES if r.parameters]
GUARDED = [r for r in PAGES if not r.view_class.public]
#: Words that stand only in Tidemark's rows; no page of another tenant may ever show them.
CANARY = "zzcanary"


@pytest.fixture
def scene() -> Scene:
    """The cast, one object of Tidemark per kind, each with the canary in its name."""
    return build_scene(CANARY)


def _client(user: User) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(user)
    return client


def _url(route: routes.Route, scene: Scene) -> str:
    return reverse(route.name, kwargs=OBJECTS[route.name](scene) if route.parameters else {})


def test_every_route_is_covered() -> None:
    known = {r.name for r in routes.walk() if r.is_page or r.is_api or r.is_admin}
    strangers = [
        str(r) for r in routes.walk() if str(r) not in known | set(FOREIGN) and r.name != ""
    ]
    assert not strangers, f"Not on PortalView; build it so or explain it in FOREIGN: {strangers}"
    missing = [r.name for r in WITH_OBJECT if r.name not in OBJECTS]
    assert not missing, f"Name an object of Tidemark for these routes in OBJECTS: {missing}"
    unnamed = [r.pattern for r in PAGES if not r.name]
    assert not unnamed, f"Routes without a name: {unnamed}"


def test_objects_name_only_existing_routes() -> None:
    gone = set(OBJECTS) - {r.name for r in WITH_OBJECT}
    assert not gone, f"No such routes any more: {gone}"


@pytest.mark.parametrize("route", GUARDED, ids=str)
def test_page_declares_a_permission_of_the_catalogue(route: routes.Route) -> None:
    permission = route.view_class.permission
    assert permission and permissions.get(permission).code == permission


@pytest.mark.parametrize("route", GUARDED, ids=str)
def test_nobody_is_sent_to_sign_in(route: routes.Route, scene: Scene) -> None:
    for answer in (Client().get(_url(route, scene)), Client().post(_url(route, scene))):
        assert answer.status_code == 302, (route.name, answer.status_code)
        assert answer["Location"].startswith("/sign-in"), answer["Location"]


@pytest.mark.requirement("02-ORG-04")
@pytest.mark.parametrize("route", [r for r in WITH_OBJECT if not r.view_class.public], ids=str)
def test_another_tenants_object_is_a_404(route: routes.Route, scene: Scene) -> None:
    for stranger in (scene.cast.nora, scene.cast.hana, scene.cast.leo):
        client, url = _client(stranger), _url(route, scene)
        statuses = {client.get(url).status_code, client.post(url).status_code}
        assert statuses <= {404, 405, 403} and statuses & {404, 403}, (route.name, statuses)
        if _may_enter(stranger, route):
            assert 404 in statuses, (route.name, statuses)


@pytest.mark.requirement("02-ORG-04")
@pytest.mark.parametrize("route", [r for r in GUARDED if not r.parameters], ids=str)
def test_no_page_shows_another_tenants_rows(route: routes.Route, scene: Scene) -> None:
    for stranger in (scene.cast.nora, scene.cast.hana):
        answer = _client(stranger).get(_url(route, scene))
        assert answer.status_code < 500, (route.name, answer.status_code)
        assert CANARY.encode() not in answer.content.lower(), route.name


@pytest.mark.requirement("02-ORG-01")
@pytest.mark.parametrize("route", GUARDED, ids=str)
def test_a_member_without_the_permission_is_refused(route: routes.Route, scene: Scene) -> None:
    permission = permissions.get(route.view_class.permission)
    if permission.default or Audience.PARTNER not in route.view_class.audiences:
        pytest.skip("open to every member, or not a partner's page")
    client, url = _client(_member_without_permissions(scene)), _url(route, scene)
    assert {client.get(url).status_code, client.post(url).status_code} == {403}


@pytest.mark.parametrize("route", GUARDED, ids=str)
def test_a_post_without_csrf_token_is_refused(route: routes.Route, scene: Scene) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(scene.cast.mara)
    assert client.post(_url(route, scene)).status_code == 403


def _may_enter(user: User, route: routes.Route) -> bool:
    actor = cast.Cast.actor(None, user)  # type: ignore[arg-type]
    return actor.audience in route.view_class.audiences and actor.can(route.view_class.permission)


def _member_without_permissions(scene: Scene) -> User:
    account = scene.cast.tidemark
    role = Role.objects.create(
        account=account,
        name="Nothing but the defaults",
        permissions=["accounts.own_profile"],
        created_at=clock.now(),
    )
    member = scene.cast.ivy
    RoleAssignment.objects.filter(user=member).delete()
    RoleAssignment.objects.create(account=account, user=member, role=role, assigned_at=clock.now())
    return member
