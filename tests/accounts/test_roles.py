"""Roles: which go together, custom ones, who holds them (02 §3.1.1.3, 3.1.1.4)."""

from __future__ import annotations

from functools import partial

import pytest

from accounts.choices import SystemRole
from accounts.models import Account, DirectorLink, Role, RoleAssignment
from accounts.permissions import (
    MANAGE_CONTACTS,
    MANAGE_INFORMATION,
    MANAGE_MEMBERS,
    MANAGE_ROLES,
    VIEW_INFORMATION,
    VIEW_MEMBERS,
)
from accounts.queries import members as member_queries
from accounts.queries import roles as queries
from accounts.refusals import (
    CustomRolesFull,
    MoreThanYouHold,
    PermissionNotOffered,
    PermissionRequired,
    RoleHasUsers,
    RoleNameTaken,
    RoleRequired,
    RolesExcludeEachOther,
    SystemRoleStays,
    TooManyRoles,
)
from accounts.rules import RoleFacts, refuse_roles
from accounts.services import members, roles
from audit.models import OperationRecord
from customers.models import ManagerAssignment
from partner_center import permissions
from partner_center.permissions import Audience
from partner_center.refusals import NotFound, NotPermitted, Stale

from .organization import at_once, give, new_member, new_role, refusals, role, role_names

pytestmark = pytest.mark.django_db

FACTS = {code: RoleFacts(code.label, code) for code in SystemRole}
CUSTOM = [RoleFacts(f"Custom {n}") for n in range(4)]
ADMIN, FINANCE, DIRECTOR, MANAGER = (FACTS[code] for code in SystemRole)


@pytest.mark.requirement("02-ORG-01", "02-USR-04", "02-USR-05", "02-ROL-01", "02-ROL-02")
@pytest.mark.parametrize(
    ("held", "refusal"),
    [
        ([], RoleRequired),
        ([ADMIN], None),
        ([ADMIN, FINANCE], RolesExcludeEachOther),
        ([ADMIN, CUSTOM[0]], RolesExcludeEachOther),
        ([MANAGER, DIRECTOR], RolesExcludeEachOther),
        ([MANAGER, DIRECTOR, FINANCE], RolesExcludeEachOther),
        ([MANAGER, FINANCE], None),
        ([MANAGER, FINANCE, CUSTOM[0]], None),
        ([DIRECTOR, CUSTOM[0], CUSTOM[1]], None),
        (CUSTOM[:3], None),
        (CUSTOM, TooManyRoles),
        ([MANAGER, FINANCE, *CUSTOM[:2]], TooManyRoles),
    ],
)
def test_which_roles_one_user_holds(held, refusal) -> None:
    found = refuse_roles(held)
    assert type(found) is (refusal or type(None))


@pytest.mark.requirement("02-USR-05", "02-ROL-01", "02-ROL-02")
def test_the_refusal_names_the_pair_and_the_maximum() -> None:
    assert "“Account manager” and “Account director”" in refuse_roles([DIRECTOR, MANAGER]).sentence
    assert "“Admin” and “Custom 0”" in refuse_roles([CUSTOM[0], ADMIN]).sentence
    assert refuse_roles(CUSTOM).sentence == "Select a maximum of 3 roles"


@pytest.mark.requirement("02-ROL-01", "02-ROL-02", "02-ROL-09", "02-USR-04")
@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ([SystemRole.ADMIN, SystemRole.FINANCE], RolesExcludeEachOther),
        ([SystemRole.MANAGER, SystemRole.DIRECTOR], RolesExcludeEachOther),
        ([], RoleRequired),
    ],
)
def test_assigning_roles_refuses_on_the_server(cast, given, refusal) -> None:
    with pytest.raises(refusal):
        give(cast.actor(cast.mara), cast.felix, *given)
    assert role_names(cast.felix) == {"Finance specialist"}


@pytest.mark.requirement("02-ORG-01", "02-ROL-09")
def test_a_member_holds_the_union_of_its_roles(cast) -> None:
    actor = cast.actor(cast.mara)
    custom = new_role(actor, MANAGE_CONTACTS)
    give(actor, cast.felix, SystemRole.FINANCE, custom)
    felix = cast.actor(cast.felix)
    assert felix.can(MANAGE_CONTACTS) and felix.can(VIEW_INFORMATION)
    assert not felix.can(MANAGE_MEMBERS)
    record = OperationRecord.objects.get(action="accounts.member.roles_assigned")
    assert record.before == {"roles": ["Finance specialist"]}
    assert record.after == {"roles": ["Finance specialist", "Renewals"]}


@pytest.mark.requirement("02-ORG-04", "02-ROL-09")
def test_another_tenants_role_cannot_be_given(cast) -> None:
    foreign = new_role(cast.actor(cast.nora), VIEW_MEMBERS)
    with pytest.raises(NotFound):
        give(cast.actor(cast.mara), cast.felix, foreign)
    assert role_names(cast.felix) == {"Finance specialist"}


@pytest.mark.requirement("02-ROL-09")
def test_a_stale_role_page_changes_nothing(cast) -> None:
    actor = cast.actor(cast.mara)
    seen = member_queries.seen_roles(cast.felix)
    give(actor, cast.felix, SystemRole.MANAGER)
    with pytest.raises(Stale):
        members.assign_roles(
            actor, cast.felix.pk, role_ids=[role(SystemRole.DIRECTOR).pk], seen=seen
        )
    assert role_names(cast.felix) == {"Account manager"}


@pytest.mark.requirement("02-ROL-08")
def test_taking_account_director_away_leaves_its_managers_without_one(cast) -> None:
    give(cast.actor(cast.mara), cast.rosa, SystemRole.FINANCE)
    assert member_queries.director_of(cast.jun) is None
    link = DirectorLink.objects.get(manager=cast.jun)
    assert link.director == cast.rosa and link.ended_at is not None


@pytest.mark.requirement("02-ROL-08")
@pytest.mark.parametrize(
    ("given", "keeps"),
    [
        ([SystemRole.FINANCE], False),
        ([SystemRole.DIRECTOR], False),
        ([SystemRole.MANAGER, SystemRole.FINANCE], True),
    ],
)
def test_taking_account_manager_away_ends_its_customers(cast, given, keeps) -> None:
    give(cast.actor(cast.mara), cast.jun, *given)
    assert (ManagerAssignment.objects.get(manager=cast.jun).ended_at is None) is keeps
    assert (member_queries.director_of(cast.jun) is not None) is keeps


@pytest.mark.requirement("02-ROL-03", "02-ROL-05", "02-ORG-07")
def test_a_custom_role_brings_views_and_defaults(cast) -> None:
    created = new_role(cast.actor(cast.mara), MANAGE_MEMBERS)
    assert set(created.permissions) == {MANAGE_MEMBERS, VIEW_MEMBERS}
    held = queries.held_by_role(created, Audience.PARTNER)
    assert held == set(created.permissions) | permissions.default_codes(Audience.PARTNER)
    assert created in queries.list_roles(cast.actor(cast.mara))
    record = OperationRecord.objects.get(action="accounts.role.created")
    assert record.after["permissions"] == sorted(created.permissions)


@pytest.mark.requirement("02-ROL-03")
@pytest.mark.parametrize(
    ("codes", "refusal"),
    [
        ([], PermissionRequired),
        (["accounts.own_profile"], PermissionRequired),  # a default alone is nothing
        (["accounts.operate_accounts"], PermissionNotOffered),  # the operator's
        (["no.such"], PermissionNotOffered),
    ],
)
def test_a_role_without_a_grantable_permission_is_refused(cast, codes, refusal) -> None:
    with pytest.raises(refusal):
        new_role(cast.actor(cast.mara), *codes)
    assert not Role.objects.filter(name="Renewals").exists()


@pytest.mark.requirement("02-ROL-03", "02-ORG-05")
@pytest.mark.parametrize("name", ["READ-ONLY auditor", "admin"])
def test_a_role_name_is_unique_in_the_tenant(cast, name) -> None:
    with pytest.raises(RoleNameTaken):
        new_role(cast.actor(cast.mara), VIEW_MEMBERS, name=name)
    assert Role.objects.filter(account=cast.tidemark).count() == 1
    if name != "admin":
        assert new_role(cast.actor(cast.nora), VIEW_MEMBERS, name=name).pk


@pytest.mark.requirement("02-ROL-04")
def test_the_eleventh_custom_role_is_refused_and_the_limit_is_a_setting(cast) -> None:
    actor = cast.actor(cast.mara)
    for number in range(9):  # Tidemark has one already
        new_role(actor, VIEW_MEMBERS, name=f"Role {number}")
    with pytest.raises(CustomRolesFull, match="limit of 10"):
        new_role(actor, VIEW_MEMBERS, name="One too many")
    assert Role.objects.filter(account=cast.tidemark).count() == 10
    Account.objects.filter(pk=cast.tidemark.pk).update(max_custom_roles=11)
    assert new_role(actor, VIEW_MEMBERS, name="The eleventh").pk


def _modify(actor, target: Role, **changes) -> Role:
    values = {
        "name": target.name,
        "description": target.description,
        "codes": target.permissions,
        "seen": queries.seen_of(target),
    }
    return roles.modify_role(actor, target.pk, **(values | changes))


@pytest.mark.requirement("02-ROL-12")
def test_modifying_a_role_takes_effect_for_all_holders(cast) -> None:
    actor = cast.actor(cast.mara)
    auditor = Role.objects.get(account=cast.tidemark)
    _modify(actor, auditor, codes=[VIEW_INFORMATION], description="Information only")
    ivy = cast.actor(cast.ivy)
    assert ivy.can(VIEW_INFORMATION) and not ivy.can(VIEW_MEMBERS)
    record = OperationRecord.objects.get(action="accounts.role.modified")
    assert record.before["permissions"] == [VIEW_MEMBERS]
    assert record.after["permissions"] == [VIEW_INFORMATION]


@pytest.mark.requirement("02-ROL-12")
def test_a_stale_role_is_not_modified(cast) -> None:
    actor, auditor = cast.actor(cast.mara), Role.objects.get(account=cast.tidemark)
    seen = queries.seen_of(auditor)
    _modify(actor, auditor, name="Auditor")
    with pytest.raises(Stale):
        _modify(actor, auditor, name="Inspector", seen=seen)
    assert Role.objects.get(pk=auditor.pk).name == "Auditor"


@pytest.mark.requirement("02-ORG-05", "02-ROL-12", "02-ROL-13")
@pytest.mark.parametrize("code", list(SystemRole))
def test_system_roles_are_neither_modified_nor_deleted(cast, code) -> None:
    actor, target = cast.actor(cast.mara), role(code)
    with pytest.raises(SystemRoleStays):
        _modify(actor, target, name="Mine")
    with pytest.raises(SystemRoleStays):
        roles.delete_role(actor, target.pk)
    assert role(code).name == code.label


@pytest.mark.requirement("02-ROL-13")
def test_a_role_with_users_is_not_deleted(cast) -> None:
    actor, auditor = cast.actor(cast.mara), Role.objects.get(account=cast.tidemark)
    with pytest.raises(RoleHasUsers, match="1 user has it"):
        roles.delete_role(actor, auditor.pk)
    give(actor, cast.ivy, SystemRole.FINANCE)
    roles.delete_role(actor, auditor.pk)
    assert not Role.objects.filter(pk=auditor.pk).exists()


@pytest.mark.requirement("02-ROL-10", "02-ROL-13")
def test_deleted_members_do_not_count_as_users_of_a_role(cast) -> None:
    actor, auditor = cast.actor(cast.mara), Role.objects.get(account=cast.tidemark)
    assert list(queries.users_with_role(actor, auditor)) == [cast.ivy]
    members.delete_member(actor, cast.ivy.pk)
    assert queries.get_role(actor, auditor.pk).users == 0
    roles.delete_role(actor, auditor.pk)


@pytest.mark.requirement("02-ROL-10", "02-ORG-04")
def test_users_of_a_system_role_are_counted_per_tenant(cast) -> None:
    new_member(cast.actor(cast.nora), SystemRole.MANAGER, username="t.weber")
    for user in (cast.mara, cast.nora):
        actor = cast.actor(user)
        manager = queries.get_role(actor, role(SystemRole.MANAGER).pk)
        assert manager.users == 1
        assert {u.account_id for u in queries.users_with_role(actor, manager)} == {user.account_id}


@pytest.mark.requirement("02-ORG-02")
def test_who_may_manage_roles_gives_only_what_it_holds(cast) -> None:
    owner = cast.actor(cast.mara)
    keeper = new_member(owner, new_role(owner, MANAGE_ROLES, name="Role keeper"))
    actor = cast.actor(keeper)
    with pytest.raises(MoreThanYouHold, match="Manage partner information"):
        new_role(actor, MANAGE_INFORMATION, name="Too much")
    big = new_role(owner, MANAGE_INFORMATION, name="Big")
    with pytest.raises(MoreThanYouHold):  # nor take away
        _modify(actor, big, codes=[VIEW_MEMBERS])
    assert set(Role.objects.get(pk=big.pk).permissions) == {MANAGE_INFORMATION, VIEW_INFORMATION}
    renamed = _modify(actor, big, name="Bigger", codes=[*big.permissions, VIEW_MEMBERS])
    assert VIEW_MEMBERS in renamed.permissions
    with pytest.raises(NotPermitted):
        new_role(cast.actor(cast.ivy), VIEW_MEMBERS)


@pytest.mark.requirement("02-ORG-04", "02-ROL-12")
def test_another_tenants_role_does_not_exist(cast) -> None:
    auditor = Role.objects.get(account=cast.tidemark)
    for call in (
        lambda: _modify(cast.actor(cast.nora), auditor, name="Stolen"),
        lambda: roles.delete_role(cast.actor(cast.nora), auditor.pk),
        lambda: queries.get_role(cast.actor(cast.nora), auditor.pk),
    ):
        with pytest.raises(NotFound):
            call()
    assert Role.objects.get(pk=auditor.pk).name == "Read-only auditor"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.requirement("02-ROL-04")
def test_two_at_once_do_not_pass_the_limit_of_roles(cast) -> None:
    actor = cast.actor(cast.mara)
    Account.objects.filter(pk=cast.tidemark.pk).update(max_custom_roles=2)
    calls = [partial(new_role, actor, VIEW_MEMBERS, name=f"Role {n}") for n in range(2)]
    assert refusals(at_once(*calls)) == ["accounts.role.limit"]
    assert Role.objects.filter(account=cast.tidemark).count() == 2


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.requirement("02-USR-05")
def test_two_administrators_do_not_add_a_fourth_role(cast) -> None:
    actor = cast.actor(cast.mara)
    first, second = (new_role(actor, VIEW_MEMBERS, name=name) for name in ("One", "Two"))
    give(actor, cast.ivy, SystemRole.FINANCE, SystemRole.MANAGER)
    seen = member_queries.seen_roles(cast.ivy)
    pair = [role(SystemRole.FINANCE).pk, role(SystemRole.MANAGER).pk]
    calls = [
        partial(members.assign_roles, actor, cast.ivy.pk, role_ids=[*pair, r.pk], seen=seen)
        for r in (first, second)
    ]
    assert refusals(at_once(*calls)) == ["stale"]
    assert RoleAssignment.objects.filter(user=cast.ivy).count() == 3


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.requirement("02-ROL-13")
def test_a_role_is_not_deleted_while_it_is_being_given(cast) -> None:
    actor = cast.actor(cast.mara)
    custom = new_role(actor, VIEW_MEMBERS)
    seen = member_queries.seen_roles(cast.felix)
    answers = at_once(
        partial(roles.delete_role, actor, custom.pk),
        partial(members.assign_roles, actor, cast.felix.pk, role_ids=[custom.pk], seen=seen),
    )
    assert refusals(answers) in (["not_found"], ["accounts.role.has_users"])
    exists = Role.objects.filter(pk=custom.pk).exists()
    assert exists is ("Renewals" in role_names(cast.felix))
