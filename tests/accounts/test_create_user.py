"""The wizard Create User, step by step (02-USR-01 to USR-06)."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.choices import SystemRole
from accounts.models import User
from accounts.queries import members as queries

from .organization import PASSWORD, role, role_names

pytestmark = pytest.mark.django_db

FIRST = reverse("organization:create")
SECOND = reverse("organization:create-roles")
ENTERED = {
    "username": "k.ramos",
    "password": PASSWORD,
    "confirm_password": PASSWORD,
    "name": "Kira Ramos",
    "mobile_code": "PH",
    "mobile_number": "917 555 0100",
    "email": "k.ramos@tidemark.example",
    "office_phone": "",
}


@pytest.fixture
def mara(cast) -> Client:
    """Signed in as Tidemark's main user."""
    client = Client()
    client.force_login(cast.mara)
    return client


def _step2(client: Client, *codes: SystemRole, **extra):
    page = client.get(SECOND).content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', page).group(1)
    return client.post(SECOND, {"roles": [role(c).pk for c in codes], "seen": seen} | extra)


@pytest.mark.requirement("02-USR-01", "02-USR-02", "02-USR-06", "02-LGN-03")
def test_three_steps_make_a_user(cast, mara) -> None:
    first = mara.get(FIRST).content.decode()
    for word in ("Specify User Information", "Assign Role", "Finish", "never be changed"):
        assert word in first
    assert mara.post(FIRST, ENTERED)["Location"] == SECOND
    assert not User.objects.filter(username="k.ramos").exists()
    answer = _step2(mara, SystemRole.FINANCE)
    user = User.objects.get(username="k.ramos")
    assert answer["Location"] == reverse("organization:created", args=[user.pk])
    assert user.mobile == "+639175550100" and user.check_password(PASSWORD)
    assert user.must_change_password and role_names(user) == {"Finance specialist"}
    finish = mara.get(answer["Location"]).content.decode()
    assert "created" in finish and "tidemark-cloud" in finish and PASSWORD not in finish
    assert mara.get(SECOND)["Location"] == FIRST  # nothing waits any more


@pytest.mark.requirement("02-USR-02", "02-USR-03")
@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"username": ""}, "This field is required."),
        ({"username": "two words"}, "Use letters, digits"),
        ({"username": "J.LIM"}, "This username is already in use"),
        ({"email": "j.lim@tidemark-cloud.example"}, "this email is already in use"),
        ({"email": "nonsense"}, "Enter a valid email address."),
        ({"name": ""}, "This field is required."),
        ({"mobile_number": "12"}, "This is not a valid phone number"),
        ({"password": "short1", "confirm_password": "short1"}, "Use at least 8 characters."),
        ({"confirm_password": "Different2026"}, "The two passwords are not the same."),
    ],
)
def test_step_1_goes_on_only_when_all_is_valid(cast, mara, wrong, words) -> None:
    answer = mara.post(FIRST, ENTERED | wrong)
    html = answer.content.decode()
    assert answer.status_code == 422 and words in html
    kept = {k: v for k, v in ENTERED.items() if k in ("username", "name", "email")} | wrong
    for name in ("username", "name", "email"):
        assert f'value="{kept[name]}"' in html or not kept[name]
    assert PASSWORD not in html and wrong.get("password", "Different2026") not in html
    assert mara.get(SECOND)["Location"] == FIRST


@pytest.mark.requirement("02-USR-02")
def test_a_password_survives_errors_elsewhere_and_a_way_back(cast, mara) -> None:
    assert mara.post(FIRST, ENTERED | {"email": ""}).status_code == 422
    without = ENTERED | {"password": "", "confirm_password": ""}
    assert mara.post(FIRST, without)["Location"] == SECOND
    back = _step2(mara, SystemRole.FINANCE, previous="1")
    assert back["Location"] == FIRST
    page = mara.get(FIRST).content.decode()
    assert 'value="Kira Ramos"' in page and "Leave both fields empty to keep it" in page
    mara.post(FIRST, without | {"name": "Kira R."})
    page = mara.get(SECOND).content.decode()
    finance = role(SystemRole.FINANCE).pk
    assert re.search(rf'value="{finance}" id="role-{finance}" checked', page)
    _step2(mara, SystemRole.FINANCE)
    user = User.objects.get(username="k.ramos")
    assert user.name == "Kira R." and user.check_password(PASSWORD)


@pytest.mark.requirement("02-USR-06")
def test_the_session_never_holds_the_password(cast, mara) -> None:
    mara.post(FIRST, ENTERED)
    assert PASSWORD not in str(dict(mara.session))
    mara.get(f"{FIRST}?new=1")
    assert "create_user" not in mara.session


@pytest.mark.requirement("02-USR-04", "02-USR-05", "02-ROL-01", "02-ROL-02")
@pytest.mark.parametrize(
    ("codes", "words"),
    [
        ([], "Select at least one role."),
        ([SystemRole.ADMIN, SystemRole.MANAGER], "“Admin” and “Account manager” cannot"),
        ([SystemRole.MANAGER, SystemRole.DIRECTOR], "“Account manager” and “Account director”"),
        (list(SystemRole), "Select a maximum of 3 roles"),
    ],
)
def test_step_2_refuses_and_creates_nobody(cast, mara, codes, words) -> None:
    mara.post(FIRST, ENTERED)
    answer = _step2(mara, *codes)
    assert answer.status_code == 422 and words in answer.content.decode()
    assert not User.objects.filter(username="k.ramos").exists()
    assert _step2(mara, SystemRole.FINANCE).status_code == 302


@pytest.mark.requirement("02-USR-05")
def test_step_2_shows_the_roles_with_their_users(cast, mara) -> None:
    mara.post(FIRST, ENTERED)
    html = mara.get(SECOND).content.decode()
    for words in (
        "Select a maximum of 3 roles",
        "All role types",
        "Role Name",
        "Role Type",
        "Role Description",
        "Users with This Role",
        "View Details",
        "System-defined role",
        "Custom role",
    ):
        assert words in html


@pytest.mark.requirement("02-ORG-08", "02-USR-06")
def test_an_account_manager_gets_its_director_at_once(cast, mara) -> None:
    mara.post(FIRST, ENTERED)
    _step2(mara, SystemRole.MANAGER, director=cast.rosa.pk)
    user = User.objects.get(username="k.ramos")
    assert queries.director_of(user) == cast.rosa


@pytest.mark.requirement("02-USR-06")
def test_two_tabs_do_not_mix_their_users(cast, mara) -> None:
    mara.post(FIRST, ENTERED)
    seen = re.search(r'name="seen" value="(\w+)"', mara.get(SECOND).content.decode()).group(1)
    mara.post(FIRST, ENTERED | {"username": "other", "email": "other@tidemark.example"})
    data = {"roles": [role(SystemRole.FINANCE).pk], "seen": seen}
    assert mara.post(SECOND, data).status_code == 409
    assert not User.objects.filter(username__in=["k.ramos", "other"]).exists()
