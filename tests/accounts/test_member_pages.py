"""The tab Users and the pages behind it, as whole requests (02 §3.1.1.5)."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.hashers import check_password
from django.test import Client
from django.urls import reverse

from accounts.choices import SystemRole, UserStatus
from accounts.models import DirectorLink, User
from accounts.permissions import MANAGE_MEMBERS, VIEW_MEMBERS
from accounts.queries import members as queries
from audit.models import OperationRecord
from customers.models import ManagerAssignment

from .organization import give, new_member, new_role, role, role_names, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def mara(cast) -> Client:
    """Signed in as Tidemark's main user."""
    return signed_in(cast.mara)


def _url(name: str, user: User | None = None) -> str:
    return reverse(f"organization:{name}", args=[user.pk] if user else [])


def _seen(answer) -> str:
    return re.search(r'name="seen" value="(\w+)"', answer.content.decode()).group(1)


def _listed(client: Client, query: str = "") -> list[str]:
    """Usernames that the list shows, in its order."""
    html = client.get(f"{_url('members')}{query}").content.decode()
    return re.findall(r'<span class="pc-sub">([a-z.]+)</span></span></td>', html)


@pytest.mark.requirement("02-USR-07")
def test_the_list_filters_by_role_status_name_and_account_name(cast, mara) -> None:
    User.objects.filter(pk=cast.ivy.pk).update(name="Ivy Tan", status=UserStatus.LOCKED)
    everybody = {"f.cruz", "i.tan", "j.lim", "r.santos"}
    assert set(_listed(mara)) == everybody  # and not the main account
    assert _listed(mara, f"?role={role(SystemRole.MANAGER).pk}") == ["j.lim"]
    assert _listed(mara, "?status=locked") == ["i.tan"]
    assert _listed(mara, "?q=Ivy+T") == ["i.tan"]
    assert _listed(mara, "?q=f.cr") == ["f.cruz"]
    assert _listed(mara, "?q=nobody") == []


@pytest.mark.requirement("02-USR-08")
def test_the_viewer_chooses_the_columns(cast, mara) -> None:
    assert "Account director" not in _heads(mara)
    mara.post(_url("members"), {"columns": "save", "column": ["status", "director"]})
    assert _heads(mara) == ["Name", "Status", "Account director", "Operation"]
    assert "Account director" not in _heads(signed_in(cast.rosa))


def _heads(client: Client) -> list[str]:
    html = client.get(_url("members")).content.decode()
    head = html[html.index("<thead>") : html.index("</thead>")]
    words = [
        re.sub(r"<[^>]+>", "", part).strip() for part in re.findall(r"<th.*?</th>", head, re.S)
    ]
    return [word.split("\n")[0].strip() for word in words if word]


@pytest.mark.requirement("02-USR-07", "02-ROL-06", "02-ROL-07", "02-ORG-08")
def test_the_list_says_whom_each_member_manages(cast, mara) -> None:
    html = mara.get(_url("members")).content.decode()
    assert "1 manager<" in html and "1 customer<" in html and "all customers" not in html
    give(cast.actor(cast.mara), cast.jun, SystemRole.MANAGER, SystemRole.FINANCE)
    assert "all customers" in mara.get(_url("members")).content.decode()


@pytest.mark.requirement("02-ORG-04")
def test_personal_data_is_masked_until_it_is_asked_for(cast, mara) -> None:
    for url in (_url("members"), _url("member", cast.jun)):
        html = mara.get(url).content.decode()
        assert cast.jun.email not in html and cast.jun.mobile not in html
    answer = mara.post(_url("member", cast.jun), {"field": "email"})
    assert cast.jun.email in answer.content.decode()
    record = OperationRecord.objects.get(action="accounts.member.revealed")
    assert record.after == {"field": "email"} and record.target_id == str(cast.jun.pk)
    assert mara.post(_url("member", cast.jun), {"field": "password"}).status_code == 404


@pytest.mark.requirement("02-USR-09", "02-USR-10")
def test_names_lead_to_details_and_the_operations_are_there(cast, mara) -> None:
    html = mara.get(_url("members")).content.decode()
    assert f'href="{_url("member", cast.jun)}"' in html
    for name in ("member-modify", "member-roles", "member-password", "member-delete"):
        assert f'href="{_url(name, cast.jun)}"' in html
    details = mara.get(_url("member", cast.jun)).content.decode()
    assert "Account manager" in details and cast.rosa.name in details


@pytest.mark.requirement("02-USR-10", "02-ORG-02")
def test_who_may_only_look_gets_no_operations(cast) -> None:
    html = signed_in(cast.ivy).get(_url("members")).content.decode()
    assert "j.lim" in html and _url("create") not in html
    assert _url("member-modify", cast.jun) not in html and 'value="lock"' not in html


@pytest.mark.requirement("02-USR-10")
def test_who_sees_themselves_cannot_delete_or_re_role_themselves(cast) -> None:
    admin = new_member(cast.actor(cast.mara), SystemRole.ADMIN)
    html = signed_in(admin).get(_url("members")).content.decode()
    assert _url("member-delete", admin) not in html and _url("member-roles", admin) not in html
    assert "Nobody can change this for themselves." in html


@pytest.mark.requirement("02-USR-12")
def test_a_batch_says_row_by_row_what_happened(cast) -> None:
    admin = new_member(cast.actor(cast.mara), SystemRole.ADMIN)
    answer = signed_in(admin).post(
        _url("members"),
        {"batch": "lock", "confirmed": "1", "ids": [cast.jun.pk, cast.ivy.pk, admin.pk]},
    )
    html = answer.content.decode()
    assert "nobody can delete or lock themselves" in html
    locked = User.objects.filter(status=UserStatus.LOCKED).order_by("username")
    assert [user.username for user in locked] == ["i.tan", "j.lim"]


@pytest.mark.requirement("02-ORG-04", "02-USR-12")
def test_a_batch_does_not_reach_another_tenants_members(cast) -> None:
    answer = signed_in(cast.nora).post(
        _url("members"), {"batch": "lock", "confirmed": "1", "ids": [cast.jun.pk]}
    )
    assert "does not exist" in answer.content.decode()
    assert User.objects.get(pk=cast.jun.pk).status == UserStatus.NORMAL


def _modify(client: Client, user: User, **changes):
    page = client.get(_url("member-modify", user))
    data = {
        "name": user.name,
        "mobile_code": "PH",
        "mobile_number": "9175552291",
        "email": user.email,
        "office_phone": "",
        "status": user.status,
        "director": "",
        "seen": _seen(page),
    }
    return client.post(_url("member-modify", user), data | changes)


@pytest.mark.requirement("02-USR-03", "02-USR-11", "02-USR-12", "02-ORG-08")
def test_modify_saves_everything_but_the_username(cast, mara) -> None:
    answer = _modify(mara, cast.jun, name="Jun L.", username="other", status="locked")
    assert answer.status_code == 302
    user = User.objects.get(pk=cast.jun.pk)
    assert (user.name, user.username, user.status) == ("Jun L.", "j.lim", "locked")
    assert DirectorLink.objects.get(manager=user).ended_at  # no director was chosen
    assert "modified" in mara.get(answer["Location"]).content.decode()


@pytest.mark.requirement("02-USR-11", "02-LGN-05")
def test_a_refused_modify_keeps_what_was_typed(cast, mara) -> None:
    answer = _modify(mara, cast.jun, name="Typed in vain", email=cast.ivy.email)
    html = answer.content.decode()
    assert answer.status_code == 422 and "already in use" in html and "Typed in vain" in html
    answer = _modify(mara, cast.jun, name="", email="nonsense", status="deleted")
    assert answer.status_code == 422
    unchanged = User.objects.get(pk=cast.jun.pk)
    assert (unchanged.email, unchanged.status) == (cast.jun.email, "normal")


@pytest.mark.requirement("02-USR-11")
def test_a_stale_modify_page_is_a_409(cast, mara) -> None:
    seen = _seen(mara.get(_url("member-modify", cast.jun)))
    assert _modify(mara, cast.jun, name="Faster").status_code == 302
    answer = _modify(mara, cast.jun, name="Too late", seen=seen)
    assert answer.status_code == 409 and b"Nothing was changed" in answer.content
    assert User.objects.get(pk=cast.jun.pk).name == "Faster"


@pytest.mark.requirement("02-USR-13", "02-LGN-03")
def test_reset_password_in_the_page(cast, mara) -> None:
    url = _url("member-password", cast.ivy)
    for pair in (("short1", "short1"), ("Another2026", "Other2026"), ("", "")):
        answer = mara.post(url, dict(zip(("password", "confirm_password"), pair, strict=True)))
        assert answer.status_code == 422
    assert not User.objects.get(pk=cast.ivy.pk).must_change_password
    mara.post(url, {"password": "Another2026", "confirm_password": "Another2026"})
    user = User.objects.get(pk=cast.ivy.pk)
    assert check_password("Another2026", user.password) and user.must_change_password


@pytest.mark.requirement("02-USR-14")
def test_the_delete_dialog_warns_and_deletes(cast, mara) -> None:
    url = _url("member-delete", cast.jun)
    html = mara.get(url).content.decode()
    assert "Delete User" in html and "<b>1 customer</b> is unassigned" in html
    assert User.objects.get(pk=cast.jun.pk).status == UserStatus.NORMAL
    assert mara.post(url).status_code == 302
    assert User.objects.get(pk=cast.jun.pk).status == UserStatus.DELETED
    assert "j.lim" not in _listed(mara)
    assert mara.post(url).status_code == mara.get(_url("member", cast.jun)).status_code == 404


def _assign(client: Client, user: User, *codes: SystemRole, **extra):
    seen = _seen(client.get(_url("member-roles", user)))
    data = {"roles": [role(code).pk for code in codes], "seen": seen}
    return client.post(_url("member-roles", user), data | extra)


@pytest.mark.requirement("02-ROL-09", "02-ROL-01", "02-ROL-02", "02-USR-04", "02-USR-05")
def test_assign_role_refuses_and_keeps_the_ticks(cast, mara) -> None:
    refused = {
        (SystemRole.ADMIN, SystemRole.FINANCE): "“Admin” and “Finance specialist” cannot be",
        (SystemRole.MANAGER, SystemRole.DIRECTOR): "“Account manager” and “Account director”",
        (): "Select at least one role.",
    }
    for codes, words in refused.items():
        answer = _assign(mara, cast.felix, *codes)
        html = answer.content.decode()
        assert answer.status_code == 422 and words in html
        for code in codes:
            assert re.search(rf'value="{role(code).pk}"[^>]*checked', html)
    assert role_names(cast.felix) == {"Finance specialist"}
    assert _assign(mara, cast.felix, SystemRole.MANAGER).status_code == 302
    assert role_names(cast.felix) == {"Account manager"}


@pytest.mark.requirement("02-USR-05", "02-ROL-01", "02-ROL-07")
def test_a_tick_greys_what_it_excludes(cast, mara) -> None:
    answer = mara.post(
        _url("member-roles", cast.felix),
        {"roles": [role(SystemRole.MANAGER).pk, role(SystemRole.FINANCE).pk], "preview": "1"},
        headers={"HX-Request": "true"},
    )
    html = answer.content.decode()
    assert answer.status_code == 200 and "<html" not in html
    assert "Cannot be combined with another role" in html
    assert "Not together with Account manager" in html and "<b>all customers</b>" in html
    assert role_names(cast.felix) == {"Finance specialist"}


@pytest.mark.requirement("02-USR-05")
def test_the_role_type_filter_keeps_chosen_roles_of_other_types(cast, mara) -> None:
    finance = role(SystemRole.FINANCE)
    data = {"roles": [finance.pk], "role_type": "custom", "preview": "1"}
    html = mara.post(_url("member-roles", cast.felix), data).content.decode()
    assert f'type="hidden" name="roles" value="{finance.pk}"' in html
    assert "Read-only auditor" in html and "All role types" in html
    assert f'id="role-{finance.pk}"' not in html


@pytest.mark.requirement("02-ROL-08")
def test_taking_the_director_away_warns_before_it_happens(cast, mara) -> None:
    warned = _assign(mara, cast.rosa, SystemRole.FINANCE)
    html = warned.content.decode()
    assert "is left without a director" in html and cast.jun.name in html
    assert role_names(cast.rosa) == {"Account director"}
    done = _assign(mara, cast.rosa, SystemRole.FINANCE, confirmed="1")
    assert done.status_code == 302 and role_names(cast.rosa) == {"Finance specialist"}
    assert queries.director_of(cast.jun) is None


@pytest.mark.requirement("02-ROL-09")
def test_taking_account_manager_away_warns_with_the_count(cast, mara) -> None:
    warned = _assign(mara, cast.jun, SystemRole.FINANCE)
    assert "<b>1 customer</b> is unassigned" in warned.content.decode()
    assert ManagerAssignment.objects.get(manager=cast.jun).ended_at is None
    _assign(mara, cast.jun, SystemRole.FINANCE, confirmed="1")
    assert ManagerAssignment.objects.get(manager=cast.jun).ended_at


@pytest.mark.requirement("02-ORG-08")
def test_a_directors_team_is_ticked_on_its_page(cast, mara) -> None:
    bea = new_member(cast.actor(cast.mara), SystemRole.MANAGER, username="b.torres")
    url = _url("member-team", cast.rosa)
    seen = _seen(mara.get(url))
    assert mara.post(url, {"managers": [bea.pk], "seen": seen}).status_code == 302
    assert list(queries.managers_of(cast.rosa)) == [bea]
    assert mara.post(url, {"managers": [cast.jun.pk], "seen": seen}).status_code == 409
    assert mara.get(_url("member-team", cast.felix)).status_code == 404


@pytest.mark.requirement("02-ORG-02")
def test_a_refusal_to_touch_who_holds_more_is_shown(cast) -> None:
    owner = cast.actor(cast.mara)
    staff = new_member(owner, new_role(owner, VIEW_MEMBERS, MANAGE_MEMBERS), username="s.taff")
    answer = signed_in(staff).post(_url("member-delete", cast.felix))
    assert answer.status_code == 422 and b"holds permissions that you do not hold" in answer.content
    assert User.objects.get(pk=cast.felix.pk).status == UserStatus.NORMAL


@pytest.mark.requirement("02-ORG-04")
def test_customers_have_no_member_management(cast) -> None:
    client = signed_in(cast.hana)
    for name in ("members", "roles", "contacts", "create"):
        assert client.get(_url(name)).status_code == 404


@pytest.mark.requirement("02-USR-07")
def test_the_number_of_queries_does_not_grow_with_the_rows(
    cast, mara, django_assert_max_num_queries
) -> None:
    owner = cast.actor(cast.mara)
    mara.get(_url("members"))
    for number in range(12):
        kind = SystemRole.MANAGER if number % 2 else SystemRole.DIRECTOR
        new_member(owner, kind, username=f"member{number}")
    with django_assert_max_num_queries(12):
        assert mara.get(f"{_url('members')}?page_size=50").status_code == 200
