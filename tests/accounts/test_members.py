"""Use cases of organization members (02 §3.1.1.3 and 3.1.1.5)."""

from __future__ import annotations

from functools import partial

import pytest
from django.contrib.auth import authenticate
from django.test import Client

from accounts.choices import AccessKeyStatus, PartnerKind, SystemRole, UserStatus
from accounts.models import AccessKey, Account, DirectorLink, RoleAssignment, User
from accounts.permissions import MANAGE_MEMBERS, VIEW_MEMBERS
from accounts.queries import members as queries
from accounts.refusals import (
    AlreadySo,
    EmailTaken,
    MainAccountStays,
    MemberAboveYou,
    MoreThanYouHold,
    OnlyAdminGivesAdmin,
    OwnMember,
    UsernameTaken,
)
from accounts.services import creation, members
from audit.models import OperationRecord
from customers.models import ManagerAssignment
from outbox.models import Delivery
from partner_center import clock
from partner_center.refusals import NotFound, NotPermitted, Stale

from .. import cast as players
from .organization import (
    DETAILS,
    PASSWORD,
    at_once,
    details,
    new_member,
    new_role,
    refusals,
    role,
    role_names,
)

pytestmark = pytest.mark.django_db


def _last_record() -> OperationRecord:
    return OperationRecord.objects.latest("pk")


@pytest.mark.requirement("02-USR-06", "02-LGN-03", "02-ORG-02")
def test_a_member_is_created_with_its_roles_and_told_without_the_password(cast) -> None:
    user = new_member(cast.actor(cast.mara), SystemRole.FINANCE)
    assert role_names(user) == {"Finance specialist"}
    assert user.check_password(PASSWORD) and user.must_change_password
    assert user.account == cast.tidemark and not user.is_main
    mail = Delivery.objects.get(target=DETAILS.email)
    assert "k.ramos" in mail.body and "tidemark-cloud" in mail.body
    assert PASSWORD not in mail.body + mail.subject
    record = _last_record()
    assert record.action == "accounts.member.created" and record.target_id == str(user.pk)
    assert record.after["roles"] == ["Finance specialist"] and "password" not in str(record.after)


@pytest.mark.requirement("02-ORG-06", "02-ORG-07", "02-ORG-08")
def test_a_company_of_eleven_members_is_built_with_the_preset_roles(db) -> None:
    account = creation.create_account(
        name="company-a",
        email="ceo@company-a.example",
        country="PH",
        password=PASSWORD,
        moment=clock.now(),
    )
    Account.objects.filter(pk=account.pk).update(partner_kind=PartnerKind.CSP)
    ceo = players.Cast.actor(None, User.objects.get(account=account))  # type: ignore[arg-type]
    new_member(ceo, SystemRole.FINANCE, username="finance")
    directors = [new_member(ceo, SystemRole.DIRECTOR, username=f"director{n}") for n in "12"]
    for director in directors:
        for n in range(4):
            name = f"{director.username}.manager{n}"
            new_member(ceo, SystemRole.MANAGER, username=name, director=director)
    assert queries.members_of(ceo).count() == 11
    assert [queries.managers_of(director).count() for director in directors] == [4, 4]
    assert RoleAssignment.objects.filter(account=account).count() == 11


@pytest.mark.requirement("02-ORG-02", "02-USR-06")
def test_who_lacks_the_permission_creates_nobody(cast) -> None:
    with pytest.raises(NotPermitted):
        new_member(cast.actor(cast.ivy), SystemRole.FINANCE)
    assert not User.objects.filter(username="k.ramos").exists()


@pytest.mark.requirement("02-LGN-05", "02-USR-03")
@pytest.mark.parametrize(
    ("username", "email", "refusal"),
    [
        ("J.LIM", "new@tidemark.example", UsernameTaken),
        ("new", "j.lim@tidemark-cloud.example", EmailTaken),
    ],
)
def test_username_and_email_are_unique_in_the_tenant(cast, username, email, refusal) -> None:
    actor, before = cast.actor(cast.mara), User.objects.count()
    call = partial(
        members.create_member,
        username=username,
        password_hash="x",
        details=members.MemberDetails("New", "+639175550100", email),
        role_ids=[role(SystemRole.FINANCE).pk],
    )
    with pytest.raises(refusal):
        call(actor)
    assert User.objects.count() == before
    assert call(cast.actor(cast.nora)).account == cast.northgate


@pytest.mark.requirement("02-USR-14")
def test_a_deleted_member_frees_username_and_email_and_stays_in_the_history(cast) -> None:
    actor = cast.actor(cast.mara)
    AccessKey.objects.create(
        account=cast.tidemark, user=cast.jun, ak="AK1", sk_encrypted="x", created_at=clock.now()
    )
    members.delete_member(actor, cast.jun.pk)
    gone = User.objects.get(pk=cast.jun.pk)
    assert gone.status == UserStatus.DELETED and gone.username == "j.lim" and gone.deleted_at
    assert not role_names(gone) and not queries.managers_of(cast.rosa).exists()
    assert DirectorLink.objects.get(manager=gone).ended_at
    assert AccessKey.objects.get(user=gone).status == AccessKeyStatus.DISABLED
    record = OperationRecord.objects.get(action="accounts.member.deleted")
    assert record.before["roles"] == ["Account manager"] and record.actor_user_id == cast.mara.pk
    again = members.create_member(
        actor,
        username="j.lim",
        password_hash="x",
        details=members.MemberDetails("Jun Again", "+639175550100", gone.email),
        role_ids=[role(SystemRole.MANAGER).pk],
    )
    assert again.pk != gone.pk


@pytest.mark.requirement("02-USR-14")
def test_deleting_a_manager_unassigns_its_customers(cast) -> None:
    members.delete_member(cast.actor(cast.mara), cast.jun.pk)
    assignment = ManagerAssignment.objects.get(manager=cast.jun)
    assert assignment.ended_at is not None
    record = OperationRecord.objects.get(action="customers.manager.unassigned")
    end = clock.BillingCycle.of(assignment.ended_at).end
    assert record.after["counts_until"] == end.isoformat()


@pytest.mark.requirement("02-USR-12", "02-USR-14", "02-LGN-04")
@pytest.mark.parametrize("end", [members.lock_member, members.delete_member])
def test_a_locked_or_deleted_member_loses_running_sessions(cast, end) -> None:
    client = Client()
    client.force_login(cast.ivy)
    assert client.session["_auth_user_id"]
    end(cast.actor(cast.mara), cast.ivy.pk)
    request = client.get("/").wsgi_request
    assert not request.user.is_authenticated
    assert User.objects.get(pk=cast.ivy.pk).session_epoch == 1
    assert authenticate(username="i.tan", password=players.PASSWORD) is None


@pytest.mark.requirement("02-USR-12")
def test_locking_keeps_customers_and_unlocking_brings_the_member_back(cast) -> None:
    actor = cast.actor(cast.mara)
    members.lock_member(actor, cast.jun.pk)
    assert ManagerAssignment.objects.get(manager=cast.jun).ended_at is None
    with pytest.raises(AlreadySo):
        members.lock_member(actor, cast.jun.pk)
    members.unlock_member(actor, cast.jun.pk)
    assert User.objects.get(pk=cast.jun.pk).is_active
    actions = list(
        OperationRecord.objects.filter(target_id=str(cast.jun.pk)).values_list("action", flat=True)
    )
    assert actions == ["accounts.member.locked", "accounts.member.unlocked"]


@pytest.mark.requirement("02-USR-13")
def test_reset_password_asks_no_old_one_and_must_be_changed(cast) -> None:
    members.reset_password(cast.actor(cast.mara), cast.ivy.pk, password="Another2026")
    user = User.objects.get(pk=cast.ivy.pk)
    assert user.check_password("Another2026") and user.must_change_password
    assert user.session_epoch == 1
    mail = Delivery.objects.get(target=user.email)
    assert "Another2026" not in mail.body
    assert "Another2026" not in str(_last_record().after)


def _modify(actor, user: User, **changes) -> User:
    director = queries.director_of(user)
    values = {
        "details": members.MemberDetails(user.name, user.mobile, user.email, user.office_phone),
        "status": UserStatus(user.status),
        "director_id": director.pk if director else None,
        "seen": queries.seen_of(user, director.pk if director else None),
    }
    return members.modify_member(actor, user.pk, **(values | changes))


@pytest.mark.requirement("02-USR-11", "02-USR-03")
def test_modify_changes_everything_but_the_username(cast) -> None:
    new = members.MemberDetails("Jun L.", "+6581250000", "jun@tidemark.example", "32 14 55")
    user = _modify(cast.actor(cast.mara), cast.jun, details=new, status=UserStatus.LOCKED)
    user.refresh_from_db()
    assert (user.name, user.mobile, user.email, user.office_phone) == (
        "Jun L.",
        "+6581250000",
        "jun@tidemark.example",
        "32 14 55",
    )
    assert user.username == "j.lim" and user.status == UserStatus.LOCKED
    assert user.session_epoch == 1
    record = OperationRecord.objects.get(action="accounts.member.modified")
    assert (record.before["name"], record.after["name"]) == ("J Lim", "Jun L.")


@pytest.mark.requirement("02-USR-11")
def test_a_stale_modify_page_changes_nothing(cast) -> None:
    actor = cast.actor(cast.mara)
    seen = queries.seen_of(cast.jun, cast.rosa.pk)
    _modify(actor, cast.jun, details=details("somebody.faster"))
    with pytest.raises(Stale):
        _modify(actor, cast.jun, details=details("too.late"), seen=seen)
    assert User.objects.get(pk=cast.jun.pk).name == "Somebody Faster"


OWN_CALLS = [
    members.lock_member,
    members.delete_member,
    lambda actor, pk: members.reset_password(actor, pk, password="Another2026"),
    lambda actor, pk: members.assign_roles(
        actor, pk, role_ids=[role(SystemRole.FINANCE).pk], seen="any"
    ),
]


@pytest.mark.parametrize("call", OWN_CALLS)
@pytest.mark.requirement("02-USR-12", "02-USR-14")
def test_nobody_locks_deletes_or_re_roles_oneself(cast, call) -> None:
    own = new_member(cast.actor(cast.mara), SystemRole.ADMIN)
    with pytest.raises(OwnMember):
        call(cast.actor(own), own.pk)
    own.refresh_from_db()
    assert own.is_active and own.session_epoch == 0 and role_names(own) == {"Admin"}


@pytest.mark.parametrize("call", OWN_CALLS)
@pytest.mark.requirement("02-USR-14")
def test_the_main_account_stays(cast, call) -> None:
    admin = new_member(cast.actor(cast.mara), SystemRole.ADMIN)
    with pytest.raises(MainAccountStays):
        call(cast.actor(admin), cast.mara.pk)
    cast.mara.refresh_from_db()
    assert cast.mara.is_active and cast.mara.session_epoch == 0


@pytest.mark.parametrize("call", OWN_CALLS)
@pytest.mark.requirement("02-ORG-04")
def test_another_tenants_member_does_not_exist(cast, call) -> None:
    with pytest.raises(NotFound):
        call(cast.actor(cast.nora), cast.jun.pk)
    cast.jun.refresh_from_db()
    assert cast.jun.is_active and cast.jun.session_epoch == 0


@pytest.fixture
def staff_manager(cast) -> User:
    """A member who may manage members, and nothing else."""
    keeper = new_role(cast.actor(cast.mara), VIEW_MEMBERS, MANAGE_MEMBERS, name="Staff")
    return new_member(cast.actor(cast.mara), keeper, username="s.taff")


@pytest.mark.requirement("02-ORG-02")
def test_nobody_gives_more_than_it_holds(cast, staff_manager) -> None:
    actor = cast.actor(staff_manager)
    with pytest.raises(MoreThanYouHold) as refused:
        new_member(actor, SystemRole.FINANCE)
    assert "View partner information" in refused.value.sentence
    with pytest.raises(OnlyAdminGivesAdmin):
        new_member(actor, SystemRole.ADMIN)
    assert not User.objects.filter(username="k.ramos").exists()
    equal = new_role(cast.actor(cast.mara), VIEW_MEMBERS, name="Viewer")
    assert role_names(new_member(actor, equal)) == {"Viewer"}


@pytest.mark.parametrize("call", OWN_CALLS)
@pytest.mark.requirement("02-ORG-02")
def test_who_holds_less_does_not_touch_a_member(cast, staff_manager, call) -> None:
    admin = new_member(cast.actor(cast.mara), SystemRole.ADMIN)
    with pytest.raises(MemberAboveYou):
        call(cast.actor(staff_manager), admin.pk)
    admin.refresh_from_db()
    assert admin.is_active and admin.check_password(PASSWORD)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.requirement("02-USR-03")
def test_two_members_with_one_username_at_once(cast) -> None:
    actor = cast.actor(cast.mara)
    calls = [
        partial(
            members.create_member,
            actor,
            username="twin",
            password_hash="x",
            details=details(f"twin{number}"),
            role_ids=[role(SystemRole.FINANCE).pk],
        )
        for number in range(2)
    ]
    assert refusals(at_once(*calls)) == ["accounts.username.taken"]
    assert User.objects.filter(username="twin").count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.requirement("02-USR-14")
def test_a_member_is_deleted_once(cast) -> None:
    actor = cast.actor(cast.mara)
    call = partial(members.delete_member, actor, cast.jun.pk)
    assert refusals(at_once(call, call)) == ["not_found"]
    assert OperationRecord.objects.filter(action="accounts.member.deleted").count() == 1
