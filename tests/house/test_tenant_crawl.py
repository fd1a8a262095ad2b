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


def test_every_page_declares_a_permission_of_the_catalogue() -> None:
    known = {p.code for p in permissions.catalogue()}
    undeclared = [r.name for r in GUARDED if r.view_class.permission not in known]
    assert not undeclared, f"Pages without a permission of the catalogue: {undeclared}"


def test_nobody_is_sent_to_sign_in(scene: Scene) -> None:
    problems = []
    client = Client()  # one for all: each new one loads the middleware anew
    for route in GUARDED:
        url = _url(route, scene)
        client.cookies.clear()
        answers = (client.get(url), client.post(url))
        problems += [
            (route.name, answer.status_code)
            for answer in answers
            if answer.status_code != 302 or not answer["Location"].startswith("/sign-in")
        ]
    assert not problems


@pytest.mark.requirement("02-ORG-04")
@pytest.mark.parametrize("stranger", ["nora", "hana", "leo"])
def test_another_tenants_object_is_a_404(stranger: str, scene: Scene) -> None:
    user = getattr(scene.cast, stranger)
    client = _client(user)
    problems = []
    for route in WITH_OBJECT:
        if route.view_class.public:
            continue
        url = _url(route, scene)
        statuses = {client.get(url).status_code, client.post(url).status_code}
        expected = {404} if _may_enter(scene, user, route) else {404, 403}
        if not statuses <= {404, 403, 405} or not statuses & expected:
            problems.append((route.name, statuses))
    assert not problems


@pytest.mark.requirement("02-ORG-04")
@pytest.mark.parametrize("stranger", ["nora", "hana", "leo", "olga"])
def test_no_page_shows_another_tenants_rows(stranger: str, scene: Scene) -> None:
    client = _client(getattr(scene.cast, stranger))
    problems = []
    for route in GUARDED:
        if route.parameters or _shows_own_partner(stranger, route):
            continue
        answer = client.get(_url(route, scene))
        if answer.status_code >= 500 or CANARY.encode() in _content(answer).lower():
            problems.append((route.name, answer.status_code))
    assert not problems


@pytest.mark.requirement("02-ORG-01")
def test_a_member_without_the_permission_is_refused(scene: Scene) -> None:
    client = _client(_member_without_permissions(scene))
    problems = []
    for route in GUARDED:
        permission = permissions.get(route.view_class.permission)
        if permission.default or Audience.PARTNER not in route.view_class.audiences:
            continue
        url = _url(route, scene)
        statuses = {client.get(url).status_code, client.post(url).status_code}
        if statuses != {403}:
            problems.append((route.name, statuses))
    assert not problems


def test_a_post_without_csrf_token_is_refused(scene: Scene) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(scene.cast.mara)
    problems = []
    for route in PAGES:
        status = client.post(_url(route, scene)).status_code
        if status != 403:
            problems.append((route.name, status))
    assert not problems


def _content(answer: object) -> bytes:
    """The body, also of an answer that is streamed."""
    if getattr(answer, "streaming", False):
        return b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    return answer.content  # type: ignore[attr-defined]


def _shows_own_partner(stranger: str, route: routes.Route) -> bool:
    """Hana's company is Tidemark's customer: its pages My Partner name Tidemark on purpose."""
    return stranger == "hana" and route.name.startswith("my_partner:")


def _may_enter(scene: Scene, user: User, route: routes.Route) -> bool:
    actor = scene.cast.actor(user)
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
