"""Sign-in: by account and as a member, what is refused, what ends a session."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from accounts.choices import AccountStatus, UserStatus
from accounts.models import Account, RoleAssignment, User
from accounts.queries.actors import actor_for
from accounts.services import creation, sessions
from audit.models import OperationRecord
from partner_center import clock

from ..cast import PASSWORD, Cast
from . import steps

pytestmark = pytest.mark.django_db
NEUTRAL = "These details do not match."


def _by_account(client: Client, login: str, password: str = PASSWORD, **more: str) -> object:
    return client.post("/sign-in", {"login": login, "password": password} | more)


def _by_member(
    client: Client, account: str, username: str, password: str = PASSWORD, **more: str
) -> object:
    data = {"account": account, "username": username, "password": password} | more
    return client.post("/sign-in/member", data)


@pytest.mark.requirement("01-LGN-01", "01-LGN-02", "01-LGN-04")
def test_sign_in_page_shows_both_ways_and_what_is_not_configured(client: Client) -> None:
    page = client.get("/sign-in").content.decode()
    assert "Phone/Email/Login ID/account name" in page
    for words in (
        "Use Another Account",
        "IAM User",
        "Federated User",
        "not configured",
        "Register",
    ):
        assert words in page
    assert "used to improve the login experience" in page and "Learn more" in page
    assert "data-pc-password-eye" in page


@pytest.mark.requirement("01-LGN-01")
def test_an_administrator_signs_in_by_name_email_id_and_security_phone(cast: Cast) -> None:
    Account.objects.filter(pk=cast.tidemark.pk).update(security_phone="+639179999999")
    logins = ["tidemark-cloud", "Tidemark-Cloud", cast.tidemark.email.upper(), "+63 917 999 9999"]
    for login in [*logins, "639179999999", cast.tidemark.public_id]:
        client = Client()
        assert _by_account(client, login).status_code == 302, login  # type: ignore[attr-defined]
        assert steps.is_signed_in(client)


@pytest.mark.requirement("02-LGN-01", "02-LGN-02")
def test_a_member_signs_in_by_username_or_email_in_its_account(cast: Cast) -> None:
    for username in ("f.cruz", "F.Cruz", cast.felix.email):
        client = Client()
        assert _by_member(client, "tidemark-cloud", username).status_code == 302  # type: ignore[attr-defined]
        assert steps.is_signed_in(client)


@pytest.mark.requirement("02-LGN-05")
def test_the_tenant_decides_between_two_members_of_the_same_name(cast: Cast) -> None:
    twin = creation.create_user(
        account=cast.northgate,
        username="f.cruz",
        password="Northern99",
        email="f.cruz@northgate.example",
        moment=clock.now(),
    )
    first, second = Client(), Client()
    _by_member(first, "tidemark-cloud", "f.cruz")
    _by_member(second, "northgate", "f.cruz", "Northern99")
    assert int(first.session["_auth_user_id"]) == cast.felix.pk
    assert int(second.session["_auth_user_id"]) == twin.pk
    assert NEUTRAL in _by_member(Client(), "northgate", "f.cruz").content.decode()  # type: ignore[attr-defined]


@pytest.mark.requirement("02-LGN-04")
@pytest.mark.parametrize(
    ("page", "data"),
    [
        ("/sign-in", {"login": "tidemark-cloud", "password": "Wrong2026"}),
        ("/sign-in", {"login": "nobody", "password": PASSWORD}),
        ("/sign-in", {"login": "f.cruz", "password": PASSWORD}),
        ("/sign-in/member", {"account": "tidemark-cloud", "username": "f.cruz", "password": "No1"}),
        ("/sign-in/member", {"account": "nobody", "username": "f.cruz", "password": PASSWORD}),
        ("/sign-in/member", {"account": "northgate", "username": "f.cruz", "password": PASSWORD}),
    ],
)
def test_whatever_is_wrong_is_said_in_one_sentence(
    cast: Cast, client: Client, page: str, data: dict[str, str]
) -> None:
    answer = client.post(page, data)
    assert answer.status_code == 422
    assert NEUTRAL in answer.content.decode()
    assert "_auth_user_id" not in client.session
    typed = data.get("login") or data["username"]
    assert f'value="{typed}"' in answer.content.decode()


def test_an_unknown_name_costs_as_much_time_as_a_wrong_password(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    from django.contrib.auth.hashers import MD5PasswordHasher

    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher,
        "encode",
        lambda self, password, salt: hashed.append(password) or encode(self, password, salt),
    )
    _by_account(client, "nobody", "Guess2026")
    unknown = len(hashed)
    _by_account(client, "tidemark-cloud", "Guess2026")
    assert unknown == len(hashed) - unknown == 1


def test_a_deleted_member_is_unknown(cast: Cast, client: Client) -> None:
    User.objects.filter(pk=cast.felix.pk).update(status=UserStatus.DELETED)
    assert NEUTRAL in _by_member(client, "tidemark-cloud", "f.cruz").content.decode()  # type: ignore[attr-defined]


@pytest.mark.requirement("02-USR-12")
def test_a_locked_member_with_the_right_password_is_told_whom_to_ask(
    cast: Cast, client: Client
) -> None:
    User.objects.filter(pk=cast.felix.pk).update(status=UserStatus.LOCKED)
    answer = _by_member(client, "tidemark-cloud", "f.cruz").content.decode()  # type: ignore[attr-defined]
    assert "has been locked. Contact the administrator" in answer
    wrong = _by_member(client, "tidemark-cloud", "f.cruz", "Wrong2026").content.decode()  # type: ignore[attr-defined]
    assert NEUTRAL in wrong
    assert "_auth_user_id" not in client.session


def test_a_suspended_account_lets_nobody_in(cast: Cast) -> None:
    Account.objects.filter(pk=cast.tidemark.pk).update(status=AccountStatus.SUSPENDED)
    for answer in (
        _by_account(Client(), "tidemark-cloud"),
        _by_member(Client(), "tidemark-cloud", "f.cruz"),
    ):
        assert "This account has been suspended." in answer.content.decode()  # type: ignore[attr-defined]


def test_the_sixth_try_from_one_address_waits_and_others_are_not_kept_out(cast: Cast) -> None:
    attacker = Client(REMOTE_ADDR="203.0.113.9")
    for _try in range(5):
        assert _by_account(attacker, "tidemark-cloud", "Guess2026").status_code == 422  # type: ignore[attr-defined]
    blocked = _by_account(attacker, "tidemark-cloud")
    assert blocked.status_code == 429  # type: ignore[attr-defined]
    assert "Try again in 5 minutes." in blocked.content.decode()  # type: ignore[attr-defined]
    assert "_auth_user_id" not in attacker.session
    owner = Client(REMOTE_ADDR="198.51.100.4")
    assert _by_account(owner, "tidemark-cloud").status_code == 302  # type: ignore[attr-defined]
    assert _by_account(attacker, "northgate").status_code == 302  # type: ignore[attr-defined]


def test_many_addresses_together_are_throttled_at_one_name(cast: Cast) -> None:
    for number in range(50):
        client = Client(REMOTE_ADDR=f"203.0.113.{number}")
        assert _by_account(client, "tidemark-cloud", "Guess2026").status_code == 422  # type: ignore[attr-defined]
    answer = _by_account(Client(REMOTE_ADDR="203.0.113.99"), "tidemark-cloud")
    assert answer.status_code == 429  # type: ignore[attr-defined]


def test_signing_in_clears_the_tries_of_its_own_address(cast: Cast) -> None:
    for _round in range(3):
        for _try in range(4):
            _by_account(Client(), "tidemark-cloud", "Guess2026")
        assert _by_account(Client(), "tidemark-cloud").status_code == 302  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("wish", "leads_to"),
    [
        ("/partners", "/partners"),
        ("https://evil.example/", "/"),
        ("//evil.example/x", "/"),
        ("javascript:alert(1)", "/"),
        ("/\\evil.example", "/"),
    ],
)
def test_sign_in_leads_only_to_pages_of_this_portal(
    cast: Cast, client: Client, wish: str, leads_to: str
) -> None:
    answer = _by_account(client, "tidemark-cloud", next=wish)
    assert answer["Location"] == leads_to  # type: ignore[index]
    again = client.get("/sign-in", {"next": wish})
    assert again["Location"] == leads_to


def test_operator_staff_land_in_the_admin(cast: Cast, client: Client) -> None:
    assert _by_account(client, "operator")["Location"] == "/admin/"  # type: ignore[index]


@pytest.mark.requirement("02-LGN-02")
def test_remember_me_keeps_the_session_after_the_browser_closes(cast: Cast) -> None:
    short, long = Client(), Client()
    _by_member(short, "tidemark-cloud", "f.cruz")
    _by_member(long, "tidemark-cloud", "f.cruz", remember="on")
    name = settings.SESSION_COOKIE_NAME
    assert short.cookies[name]["max-age"] == ""
    assert long.cookies[name]["max-age"] == settings.REMEMBERED_SESSION_AGE


def test_signing_in_gives_the_session_a_new_key(cast: Cast, client: Client) -> None:
    client.get("/sign-in")
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    before = session.session_key
    _by_account(client, "tidemark-cloud")
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != before
    stolen = Client()
    stolen.cookies[settings.SESSION_COOKIE_NAME] = before
    assert not steps.is_signed_in(stolen)


def test_signing_in_is_recorded_with_its_address(cast: Cast) -> None:
    _by_account(Client(REMOTE_ADDR="198.51.100.4"), "tidemark-cloud")
    record = OperationRecord.objects.get(action="accounts.session.started")
    assert (record.actor_user_id, record.ip) == (cast.mara.pk, "198.51.100.4")


@pytest.mark.requirement("02-USR-12", "02-USR-14")
@pytest.mark.parametrize("status", [UserStatus.LOCKED, UserStatus.DELETED])
def test_locking_and_deleting_end_running_sessions(cast: Cast, status: UserStatus) -> None:
    client = steps.sign_in(cast.felix, PASSWORD)
    assert steps.is_signed_in(client)
    User.objects.filter(pk=cast.felix.pk).update(status=status)
    assert not steps.is_signed_in(client)


def test_suspending_the_account_ends_running_sessions(cast: Cast) -> None:
    client = steps.sign_in(cast.felix, PASSWORD)
    Account.objects.filter(pk=cast.tidemark.pk).update(status=AccountStatus.SUSPENDED)
    assert not steps.is_signed_in(client)


def test_log_out_of_other_devices_leaves_this_one_signed_in(cast: Cast) -> None:
    here, there = steps.sign_in(cast.mara, PASSWORD), steps.sign_in(cast.mara, PASSWORD)
    stranger = steps.sign_in(cast.nora, PASSWORD)
    assert here.post("/security/devices").status_code == 302
    assert steps.is_signed_in(here)
    assert not steps.is_signed_in(there)
    assert steps.is_signed_in(stranger)


def test_signing_out_needs_a_post_and_ends_the_session(cast: Cast) -> None:
    client = steps.sign_in(cast.mara, PASSWORD)
    assert client.get("/sign-out").status_code == 405
    assert steps.is_signed_in(client)
    assert client.post("/sign-out")["Location"] == "/sign-in"
    assert not steps.is_signed_in(client)


@pytest.fixture
def newcomer(cast: Cast) -> User:
    """A member with the password that its administrator gave out."""
    user = creation.create_user(
        account=cast.tidemark,
        username="new.one",
        password="Initial2026",
        email="new.one@tidemark-cloud.example",
        moment=clock.now(),
        must_change_password=True,
    )
    role = RoleAssignment.objects.get(user=cast.felix).role
    RoleAssignment.objects.create(
        account=cast.tidemark, user=user, role=role, assigned_at=clock.now()
    )
    return user


@pytest.mark.requirement("02-LGN-03")
def test_a_member_reaches_no_page_before_its_own_password(newcomer: User) -> None:
    client = steps.sign_in(newcomer, "Initial2026")
    for page in ("/", "/security", "/partners", "/admin/", "/register", "/no-such-page"):
        assert client.get(page)["Location"] == "/first-password", page
        assert client.post(page)["Location"] == "/first-password", page
    same = {"password": "Initial2026", "confirm_password": "Initial2026"}
    assert "differs from the present one" in client.post("/first-password", same).content.decode()
    weak = {"password": "weak", "confirm_password": "weak"}
    assert client.post("/first-password", weak).status_code == 422
    newcomer.refresh_from_db()
    assert newcomer.must_change_password and newcomer.check_password("Initial2026")
    own = {"password": steps.NEW_PASSWORD, "confirm_password": steps.NEW_PASSWORD}
    assert client.post("/first-password", own).status_code == 302
    assert steps.is_signed_in(client)
    newcomer.refresh_from_db()
    assert newcomer.check_password(steps.NEW_PASSWORD) and not newcomer.must_change_password


@pytest.mark.requirement("02-LGN-03")
def test_a_member_may_sign_out_instead_of_choosing_a_password(newcomer: User) -> None:
    client = steps.sign_in(newcomer, "Initial2026")
    assert client.post("/sign-out")["Location"] == "/sign-in"
    assert client.get("/first-password")["Location"] == "/sign-in"


def test_who_has_an_own_password_is_not_asked_for_a_first_one(cast: Cast) -> None:
    from accounts.refusals import StepRefused
    from accounts.services import passwords

    client = steps.sign_in(cast.felix, PASSWORD)
    assert client.get("/first-password").status_code == 302
    with pytest.raises(StepRefused):
        passwords.set_first(cast.actor(cast.felix), password=steps.NEW_PASSWORD)
    cast.felix.refresh_from_db()
    assert cast.felix.check_password(PASSWORD)


def test_an_identity_proof_is_of_one_user_and_ten_minutes(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from accounts.choices import CodeChannel

    actor = cast.actor(cast.mara)
    sessions.send_identity_code(actor, channel=CodeChannel.EMAIL)
    proof = sessions.verify_identity(actor.with_code(steps.code_sent_to(cast.mara.email)))
    assert sessions.is_proved(actor, proof)
    assert not sessions.is_proved(actor_for(cast.nora), proof)
    assert not sessions.is_proved(actor, proof + "x")
    monkeypatch.setattr(sessions, "PROOF_LIFETIME", -1)
    assert not sessions.is_proved(actor, proof)
