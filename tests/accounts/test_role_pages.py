"""The tab Roles and the permission tree, as whole requests (02 §3.1.1.4)."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.choices import SystemRole
from accounts.models import Account, Role
from accounts.permissions import (
    MANAGE_INFORMATION,
    MANAGE_MEMBERS,
    MANAGE_ROLES,
    VIEW_INFORMATION,
    VIEW_MEMBERS,
)
from partner_center import permissions
from partner_center.permissions import Audience

from .organization import give, new_member, new_role, role, signed_in

pytestmark = pytest.mark.django_db

ROLES = reverse("organization:roles")
CREATE = reverse("organization:role-create")


@pytest.fixture
def mara(cast) -> Client:
    """Signed in as Tidemark's main user."""
    return signed_in(cast.mara)


@pytest.fixture
def auditor(cast) -> Role:
    """Tidemark's one custom role; Ivy holds it."""
    return Role.objects.get(account=cast.tidemark)


def _url(name: str, target: Role) -> str:
    return reverse(f"organization:{name}", args=[target.pk])


def _seen(client: Client, target: Role) -> str:
    html = client.get(_url("role-modify", target)).content.decode()
    return re.search(r'name="seen" value="(\w+)"', html).group(1)


@pytest.mark.requirement("02-ORG-05", "02-ROL-10", "02-ROL-12", "02-ROL-13")
def test_the_list_offers_modify_and_delete_for_custom_roles_only(cast, mara, auditor) -> None:
    html = mara.get(ROLES).content.decode()
    for name in ("Admin", "Finance specialist", "Account director", "Account manager"):
        assert name in html
    for name in ("role-modify", "role-delete"):
        assert _url(name, auditor) in html
        for code in SystemRole:
            assert _url(name, role(code)) not in html
            assert mara.get(_url(name, role(code))).status_code == 404
    assert f'href="{_url("role-users", auditor)}"' in html
    only_custom = mara.get(f"{ROLES}?role_type=custom").content.decode()
    assert "Read-only auditor" in only_custom and "Finance specialist" not in only_custom


@pytest.mark.requirement("02-ROL-10")
def test_the_number_opens_users_with_this_role(cast, mara, auditor) -> None:
    html = mara.get(_url("role-users", auditor)).content.decode()
    assert "Users with This Role" in html and cast.ivy.name in html
    assert cast.jun.name not in html


@pytest.mark.requirement("02-ROL-11")
def test_view_role_details_shows_what_the_role_holds(cast, mara, auditor) -> None:
    for target in (auditor, role(SystemRole.FINANCE)):
        html = mara.get(_url("role", target)).content.decode()
        assert "View Role Details" in html and "Permissions" in html and target.name in html


@pytest.mark.requirement("02-ROL-03", "02-ROL-05")
def test_create_custom_role(cast, mara) -> None:
    page = mara.get(CREATE).content.decode()
    assert "always included" in page
    offered = set(re.findall(r'name="permissions" value="([\w.]+)"', page))
    catalogue = permissions.catalogue(Audience.PARTNER)
    assert offered == {p.code for p in catalogue if not (p.default or p.admin_only)}
    data = {"name": "Desk", "description": "Help", "permissions": [MANAGE_MEMBERS]}
    answer = mara.post(CREATE, data)
    assert answer["Location"] == ROLES
    html = mara.get(ROLES).content.decode()
    assert "Role Desk created." in html and "Desk" in html
    assert set(Role.objects.get(name="Desk").permissions) == {MANAGE_MEMBERS, VIEW_MEMBERS}


@pytest.mark.requirement("02-ROL-03", "02-ROL-04")
def test_a_refused_role_keeps_what_was_typed(cast, mara) -> None:
    for data, words in (
        ({"name": "Desk"}, "Select at least one permission."),
        ({"name": "", "permissions": [VIEW_MEMBERS]}, "This field is required."),
        ({"name": "admin", "permissions": [VIEW_MEMBERS]}, "already a role with this name"),
        ({"name": "x" * 65, "permissions": [VIEW_MEMBERS]}, "at most 64 characters"),
        ({"name": "Desk", "permissions": ["accounts.operate_users"]}, "cannot be given"),
    ):
        answer = mara.post(CREATE, {"description": "Typed in vain"} | data)
        html = answer.content.decode()
        assert answer.status_code == 422 and words in html and "Typed in vain" in html
        if data.get("permissions") == [VIEW_MEMBERS]:
            assert re.search(rf'value="{VIEW_MEMBERS}"[^>]*checked', html)
    Account.objects.filter(pk=cast.tidemark.pk).update(max_custom_roles=1)
    answer = mara.post(CREATE, {"name": "Desk", "permissions": [VIEW_MEMBERS]})
    assert answer.status_code == 422 and b"limit of 1 custom roles" in answer.content
    assert Role.objects.filter(account=cast.tidemark).count() == 1


@pytest.mark.requirement("02-ROL-12")
def test_modify_shows_what_is_added_and_for_whom(cast, mara, auditor) -> None:
    data = {"name": auditor.name, "permissions": [VIEW_INFORMATION], "preview": "1"}
    answer = mara.post(_url("role-modify", auditor), data, headers={"HX-Request": "true"})
    html = answer.content.decode()
    assert "1 permission added" in html and "View partner information" in html
    assert "1 permission removed" in html and "View members and roles" in html
    assert cast.ivy.name in html and "<html" not in html
    auditor.refresh_from_db()
    assert auditor.permissions == [VIEW_MEMBERS]


@pytest.mark.requirement("02-ROL-12")
def test_modify_takes_effect_for_all_holders_and_not_from_a_stale_page(cast, mara, auditor) -> None:
    seen = _seen(mara, auditor)
    data = {"name": "Auditor", "permissions": [VIEW_INFORMATION], "seen": seen}
    assert mara.post(_url("role-modify", auditor), data).status_code == 302
    assert signed_in(cast.ivy).get(ROLES).status_code == 403
    answer = mara.post(_url("role-modify", auditor), data | {"name": "Too late"})
    assert answer.status_code == 409
    auditor.refresh_from_db()
    assert auditor.name == "Auditor"


@pytest.mark.requirement("02-ROL-12", "02-ORG-02")
def test_permissions_that_the_editor_lacks_stay_as_they_are(cast, mara) -> None:
    owner = cast.actor(cast.mara)
    big = new_role(owner, MANAGE_INFORMATION, name="Big")
    keeper = signed_in(new_member(owner, new_role(owner, MANAGE_ROLES, name="Keeper")))
    html = keeper.get(_url("role-modify", big)).content.decode()
    assert re.search(rf'value="{MANAGE_INFORMATION}"[^>]*checked disabled', html)
    data = {"name": "Bigger", "permissions": [VIEW_MEMBERS], "seen": _seen(keeper, big)}
    assert keeper.post(_url("role-modify", big), data).status_code == 302
    big.refresh_from_db()
    assert big.name == "Bigger"
    assert set(big.permissions) == {MANAGE_INFORMATION, VIEW_INFORMATION, VIEW_MEMBERS}
    forged = data | {"permissions": [VIEW_MEMBERS, "accounts.manage_contacts"]}
    answer = keeper.post(_url("role-modify", big), forged | {"seen": _seen(keeper, big)})
    assert answer.status_code == 422 and b"you can only give and take" in answer.content


@pytest.mark.requirement("02-ROL-13")
def test_delete_asks_first_and_needs_a_role_without_users(cast, mara, auditor) -> None:
    url = _url("role-delete", auditor)
    assert b"1 user has it" in mara.get(url).content
    answer = mara.post(url)
    assert answer.status_code == 422 and b"1 user has it" in answer.content
    give(cast.actor(cast.mara), cast.ivy, SystemRole.FINANCE)
    assert b"OK" in mara.get(url).content and Role.objects.filter(pk=auditor.pk).exists()
    assert mara.post(url).status_code == 302
    assert not Role.objects.filter(pk=auditor.pk).exists()
