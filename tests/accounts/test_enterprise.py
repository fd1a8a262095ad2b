"""Enterprises: the operator's pages, and the master's Enterprise Center."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Account, EnterpriseMember, EnterpriseUnit, Role, RoleAssignment, User
from accounts.queries import standing as standing_queries
from accounts.services import creation, enterprise
from audit.models import OperationRecord
from partner_center import clock
from partner_center.refusals import NotPermitted, Refusal
from tests.cast import PASSWORD, Cast

from .organization import at_once

pytestmark = pytest.mark.django_db
ORGANIZATION, PROJECTS = "enterprise:organization", "enterprise:projects"
ADD = "admin:accounts_enterprisemember_add_member"


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def client(cast: Cast) -> Client:
    """Olga, main user of the operator."""
    return _client(cast.olga)


def _given(**changes: str) -> dict[str, str]:
    given = {
        "master": "harborline",
        "member": "delta-fisheries",
        "display_name": "Fleet",
        "unit": "Vessels",
        "accounting": "independent",
        "status": "1",
    }
    return {**given, **changes}


def _add(cast: Cast, **changes: Any) -> EnterpriseMember:
    return enterprise.add_member(
        cast.actor(cast.olga),
        master_id=cast.harborline.pk,
        member_id=cast.delta.pk,
        membership=enterprise.Membership(display_name="Fleet", unit="Vessels", **changes),
    )


def _page(member: EnterpriseMember, name: str = "change") -> str:
    url = reverse("admin:accounts_enterprisemember_change", args=[member.pk])
    return url if name == "change" else f"{url.removesuffix('change/')}{name}/"


# --- The operator -----------------------------------------------------------------------------


@pytest.mark.requirement("08-CSA-17")
def test_a_member_account_is_added_with_its_unit_and_both_books_know(
    client: Client, cast: Cast
) -> None:
    assert client.get(reverse(ADD)).status_code == 200
    assert client.post(reverse(ADD), _given()).status_code == 302
    member = EnterpriseMember.objects.get()
    assert (member.account, member.member, member.unit.name) == (
        cast.harborline,
        cast.delta,
        "Vessels",
    )
    assert standing_queries.enterprise_ties_of(cast.harborline.pk).is_master
    assert standing_queries.enterprise_ties_of(cast.delta.pk).is_independent_member
    records = OperationRecord.objects.filter(action="accounts.enterprise_member.added")
    assert {record.account_id for record in records} == {cast.harborline.pk, cast.delta.pk}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"member": "nobody"}, "There is no account of this name"),
        ({"member": "harborline"}, "Name two different accounts"),
        ({"member": "tidemark-cloud"}, "tidemark-cloud is not a customer account"),
        ({"master": "operator"}, "operator is not a customer account"),
        ({"accounting": "shared"}, "Select a valid choice"),
    ],
    ids=["unknown", "same", "partner", "operator", "accounting"],
)
def test_wrong_members_are_refused(
    client: Client, cast: Cast, changes: dict[str, str], sentence: str
) -> None:
    answer = client.post(reverse(ADD), _given(**changes))
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert not EnterpriseMember.objects.exists() and not EnterpriseUnit.objects.exists()


def test_one_master_each_and_no_chains(client: Client, cast: Cast) -> None:
    _add(cast)
    for changes, sentence in (
        ({"master": "quarry"}, "delta-fisheries is a member account of an enterprise already"),
        (
            {"master": "delta-fisheries", "member": "quarry"},
            "delta-fisheries is a member account of an enterprise already",
        ),
        (
            {"master": "quarry", "member": "harborline"},
            "harborline is an enterprise master account",
        ),
    ):
        answer = client.post(reverse(ADD), _given(**changes))
        assert answer.status_code == 422 and sentence in answer.content.decode()
    assert EnterpriseMember.objects.count() == 1


def test_a_membership_is_changed_and_a_stale_page_refused(client: Client, cast: Cast) -> None:
    member = _add(cast)
    form = client.get(_page(member)).context["adminform"].form
    assert form["unit"].value() == "Vessels"
    sent = {
        "display_name": "Fishing fleet",
        "unit": "",
        "accounting": "unified",
        "status": "3",
        "seen": form["seen"].value(),
    }
    answer = client.post(_page(member), sent)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    member.refresh_from_db()
    assert (member.display_name, member.unit, member.accounting, member.status) == (
        "Fishing fleet",
        None,
        "unified",
        3,
    )
    late = client.post(_page(member), sent | {"display_name": "Other"})
    assert late.status_code == 422 and "Somebody changed this" in late.content.decode()
    record = OperationRecord.objects.filter(action="accounts.enterprise_member.modified")
    assert record.count() == 2 and record[0].before["unit"] == "Vessels"


def test_a_member_leaves_with_a_reason(client: Client, cast: Cast) -> None:
    member = _add(cast)
    assert client.post(_page(member, "remove"), {"reason": ""}).status_code == 422
    assert EnterpriseMember.objects.exists()
    assert client.post(_page(member, "remove"), {"reason": "Sold"}).status_code == 302
    assert not EnterpriseMember.objects.exists()
    record = OperationRecord.objects.filter(action="accounts.enterprise_member.removed")[0]
    assert record.before["member"] == "delta-fisheries" and record.after == {"reason": "Sold"}


def test_a_unit_is_renamed_and_names_stay_different(client: Client, cast: Cast) -> None:
    unit = _add(cast).unit
    EnterpriseUnit.objects.create(account=cast.harborline, name="Offices")
    url = reverse("admin:accounts_enterpriseunit_change", args=[unit.pk])
    seen = client.get(url).context["adminform"].form["seen"].value()
    taken = client.post(url, {"name": "OFFICES", "seen": seen})
    assert taken.status_code == 422 and "unit of this name already" in taken.content.decode()
    assert client.post(url, {"name": "Ships", "seen": seen}).status_code == 302
    late = client.post(url, {"name": "Boats", "seen": seen})
    assert late.status_code == 422
    unit.refresh_from_db()
    assert unit.name == "Ships"


def test_keeping_enterprises_needs_the_permission(cast: Cast) -> None:
    member = _add(cast)
    for user in (cast.mara, cast.hana):
        actor = cast.actor(user)
        with pytest.raises(NotPermitted):
            enterprise.remove_member(actor, member.pk, reason="Sold")
        with pytest.raises(NotPermitted):
            enterprise.rename_unit(actor, member.unit_id, name="X", seen="")
    assert EnterpriseMember.objects.exists()


# --- The Enterprise Center --------------------------------------------------------------------


@pytest.mark.requirement("api-B.55")
def test_the_master_lists_its_member_accounts(cast: Cast) -> None:
    client = _client(cast.hana)
    assert "No member accounts" in client.get(reverse(ORGANIZATION)).content.decode()
    member = _add(cast)
    page = client.get(reverse(ORGANIZATION)).content.decode()
    assert "delta-fisheries" in page and "Fleet" in page and "Independent accounting" in page
    for query, shown in (
        ("q=fleet", True),
        ("q=nothing", False),
        ("status=1", True),
        ("status=4", False),
        (f"unit={member.unit_id}", True),
    ):
        page = client.get(f"{reverse(ORGANIZATION)}?{query}").content.decode()
        assert ("delta-fisheries" in page) is shown, query


@pytest.mark.requirement("02-ORG-04")
def test_others_see_neither_members_nor_units(cast: Cast) -> None:
    unit = _add(cast).unit
    quarry = _client(User.objects.get(account=cast.quarry, is_main=True))
    page = quarry.get(f"{reverse(ORGANIZATION)}?unit={unit.pk}").content.decode()
    assert "delta-fisheries" not in page and "Vessels" not in page
    for user in (cast.mara, cast.olga):
        for name in (ORGANIZATION, PROJECTS):
            assert _client(user).get(reverse(name)).status_code == 404
        assert _client(user).post(reverse("enterprise:projects-enable")).status_code == 404


@pytest.mark.requirement("api-B.54")
def test_projects_are_enabled_once_and_show_since_when(cast: Cast) -> None:
    client = _client(cast.hana)
    page = client.get(reverse(PROJECTS)).content.decode()
    assert "Enable Enterprise Projects" in page
    assert client.get(reverse("enterprise:projects-enable")).status_code == 405
    done = client.post(reverse("enterprise:projects-enable"), follow=True).content.decode()
    assert "Enabled since" in done and "Enable Enterprise Projects" not in done
    since = Account.objects.get(pk=cast.harborline.pk).enterprise_projects_at
    again = client.post(reverse("enterprise:projects-enable"), follow=True).content.decode()
    assert "Enterprise projects are enabled already." in again
    assert Account.objects.get(pk=cast.harborline.pk).enterprise_projects_at == since
    record = OperationRecord.objects.get(action="accounts.enterprise_projects.enabled")
    assert record.account == cast.harborline


def test_enabling_projects_needs_the_permission(cast: Cast) -> None:
    role = Role.objects.create(
        account=cast.harborline,
        name="Viewer",
        permissions=["accounts.view_enterprise"],
        created_at=clock.now(),
    )
    user = creation.create_user(
        account=cast.harborline,
        username="v.viewer",
        password=PASSWORD,
        email="v@harborline.example",
        moment=clock.now(),
    )
    RoleAssignment.objects.create(
        account=cast.harborline, user=user, role=role, assigned_at=clock.now()
    )
    client = _client(user)
    page = client.get(reverse(PROJECTS)).content.decode()
    assert "Enable Enterprise Projects" not in page
    refused = client.post(reverse("enterprise:projects-enable"))
    assert refused.status_code == 403
    assert "Enable enterprise projects" in refused.content.decode()
    assert not Account.objects.get(pk=cast.harborline.pk).enterprise_projects_at


@pytest.mark.django_db(transaction=True)
def test_one_account_joins_two_masters_at_the_same_instant_once(cast: Cast) -> None:
    olga = cast.actor(cast.olga)

    def join(master: Account) -> Any:
        return enterprise.add_member(
            olga,
            master_id=master.pk,
            member_id=cast.delta.pk,
            membership=enterprise.Membership(),
        )

    outcomes = at_once(lambda: join(cast.harborline), lambda: join(cast.quarry))
    refused = [o.code for o in outcomes if isinstance(o, Refusal)]
    assert refused == ["accounts.enterprise.has_master"]
    assert EnterpriseMember.objects.count() == 1
