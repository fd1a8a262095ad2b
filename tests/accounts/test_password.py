"""Passwords: change after an identity check, forgotten ones without telling who exists."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.choices import AccountStatus, UserStatus
from accounts.models import Account, User
from audit.models import OperationRecord
from outbox.models import Delivery

from ..cast import PASSWORD, Cast
from . import steps

pytestmark = pytest.mark.django_db
NEW = {"password": steps.NEW_PASSWORD, "confirm_password": steps.NEW_PASSWORD}
REFUSED = "The code is wrong or has expired."


def _verify(client: Client, target: str, channel: str = "email", page: str = "password") -> object:
    address = f"/security/verify-identity?next=/security/{page}"
    client.post(address, {"channel": channel, "get_code": "1"})
    code = steps.code_sent_to(target)
    return client.post(address, {"channel": channel, "verification_code": code})


@pytest.mark.requirement("01-PWD-02")
@pytest.mark.parametrize("channel", ["email", "sms"])
def test_identity_is_verified_before_the_password_page(cast: Cast, channel: str) -> None:
    client = steps.sign_in(cast.mara, PASSWORD)
    first = client.get("/security/password")
    assert first["Location"] == "/security/verify-identity?next=%2Fsecurity%2Fpassword"
    page = client.get(first["Location"]).content.decode()
    assert "acc****@tidemark-cloud.example" in page and cast.mara.email not in page
    target = cast.mara.email if channel == "email" else "+639170000001"
    assert _verify(client, target, channel)["Location"] == "/security/password"  # type: ignore[index]
    assert client.get("/security/password").status_code == 200


@pytest.mark.requirement("01-PWD-02")
def test_without_the_identity_check_nothing_is_changed(cast: Cast) -> None:
    client = steps.sign_in(cast.mara, PASSWORD)
    assert client.post("/security/password", NEW).status_code == 302
    client.post("/security/verify-identity", {"channel": "email", "get_code": "1"})
    code = steps.code_sent_to(cast.mara.email)
    wrong = client.post(
        "/security/verify-identity", {"channel": "email", "verification_code": steps.wrong(code)}
    )
    assert wrong.status_code == 422 and "Tries left: 4." in wrong.content.decode()
    assert client.post("/security/password", NEW).status_code == 302
    cast.mara.refresh_from_db()
    assert cast.mara.check_password(PASSWORD)


@pytest.mark.requirement("01-PWD-01", "01-PWD-03", "01-PWD-04")
@pytest.mark.parametrize(("end_others", "others_stay"), [("on", False), ("", True)])
def test_the_checkbox_decides_about_other_devices(
    cast: Cast, end_others: str, others_stay: bool
) -> None:
    here, there = steps.sign_in(cast.mara, PASSWORD), steps.sign_in(cast.mara, PASSWORD)
    assert "/security/password" in here.get("/security").content.decode()
    _verify(here, cast.mara.email)
    page = here.get("/security/password").content.decode()
    for words in (
        "Log out of other devices",
        "Letters and numbers, no spaces",
        "<meter",
        "Forgot password?",
    ):
        assert words in page
    assert here.post("/security/password", NEW | {"end_others": end_others}).status_code == 302
    assert steps.is_signed_in(here)
    assert steps.is_signed_in(there) is others_stay
    cast.mara.refresh_from_db()
    assert cast.mara.check_password(steps.NEW_PASSWORD)
    assert OperationRecord.objects.filter(action="accounts.password.changed").count() == 1
    assert Delivery.objects.filter(template="password_changed", target=cast.mara.email).exists()
    assert here.get("/security/password").status_code == 302, "one check, one change"


@pytest.mark.requirement("01-PWD-03")
@pytest.mark.parametrize(
    ("password", "confirm", "words"),
    [
        ("Short1", "Short1", "Use at least 8 characters."),
        ("lettersonly", "lettersonly", "Use both letters and digits."),
        ("12345678", "12345678", "Use both letters and digits."),
        ("has a space 1", "has a space 1", "Leave out spaces."),
        ("Lighthouse77", "Lighthouse78", "The two passwords are not the same."),
    ],
)
def test_a_weak_or_unequal_password_is_refused_by_its_rule(
    cast: Cast, password: str, confirm: str, words: str
) -> None:
    client = steps.sign_in(cast.mara, PASSWORD)
    _verify(client, cast.mara.email)
    answer = client.post("/security/password", {"password": password, "confirm_password": confirm})
    assert answer.status_code == 422 and words in answer.content.decode()
    cast.mara.refresh_from_db()
    assert cast.mara.check_password(PASSWORD)


def _forget(client: Client, **who: str) -> object:
    page = "/forgot-password/member" if "account" in who else "/forgot-password"
    return client.post(page, who)


def _reset(client: Client, code: str) -> object:
    return client.post("/forgot-password/new", NEW | {"verification_code": code})


@pytest.mark.requirement("01-ACC-08")
def test_a_forgotten_password_is_reset_by_email_and_all_sessions_end(cast: Cast) -> None:
    there = steps.sign_in(cast.mara, PASSWORD)
    client = Client()
    _forget(client, login=cast.tidemark.email)
    assert _reset(client, steps.code_sent_to(cast.mara.email))["Location"] == "/sign-in"  # type: ignore[index]
    assert not steps.is_signed_in(there)
    cast.mara.refresh_from_db()
    assert cast.mara.check_password(steps.NEW_PASSWORD)
    record = OperationRecord.objects.get(action="accounts.password.reset")
    assert (record.actor_user_id, record.code_verified) == (cast.mara.pk, True)
    assert client.get("/forgot-password/new").status_code == 302, "done once"


@pytest.mark.requirement("01-ACC-08")
def test_the_security_phone_gets_the_code_by_sms(cast: Cast) -> None:
    Account.objects.filter(pk=cast.tidemark.pk).update(security_phone="+639179999999")
    client = Client()
    _forget(client, login="+63 917 999 9999")
    sent = Delivery.objects.get(target="+639179999999")
    assert sent.channel == "sms"
    assert _reset(client, steps.code_sent_to("+639179999999")).status_code == 302  # type: ignore[attr-defined]
    cast.mara.refresh_from_db()
    assert cast.mara.check_password(steps.NEW_PASSWORD)


@pytest.mark.requirement("02-LGN-02")
def test_a_member_resets_by_its_email(cast: Cast) -> None:
    client = Client()
    _forget(client, account="tidemark-cloud", username="f.cruz")
    answer = _reset(client, steps.code_sent_to(cast.felix.email))
    assert answer["Location"] == "/sign-in/member"  # type: ignore[index]
    cast.felix.refresh_from_db()
    assert cast.felix.check_password(steps.NEW_PASSWORD)


def test_known_and_unknown_names_get_the_same_pages(cast: Cast) -> None:
    pages = []
    for login in (cast.tidemark.email, "nobody@nowhere.example"):
        client = Client()
        asked = _forget(client, login=login)
        shown = client.get("/forgot-password/new").content.decode().replace(login, "…")
        refused = _reset(client, "000000").content.decode().replace(login, "…")  # type: ignore[attr-defined]
        again = _forget(client, login=login)
        pages.append((asked["Location"], shown, refused, again["Location"]))  # type: ignore[index]
    known, unknown = (_without_tokens(page) for page in pages)
    assert REFUSED in known[2]
    assert known == unknown


def _without_tokens(page: tuple[str, ...]) -> list[str]:
    import re

    token = r'(name="csrfmiddlewaretoken" value|name="pc-csrf" content)="[^"]*"'
    return [re.sub(token, "", part) for part in page]


@pytest.mark.parametrize("change", ["locked", "deleted", "suspended"])
def test_who_may_not_sign_in_gets_no_code(cast: Cast, change: str) -> None:
    if change == "suspended":
        Account.objects.filter(pk=cast.tidemark.pk).update(status=AccountStatus.SUSPENDED)
    else:
        User.objects.filter(pk=cast.felix.pk).update(status=UserStatus(change))
    client = Client()
    assert _forget(client, account="tidemark-cloud", username="f.cruz").status_code == 302  # type: ignore[attr-defined]
    assert not Delivery.objects.filter(target=cast.felix.email).exists()
    assert REFUSED in _reset(client, "123456").content.decode()  # type: ignore[attr-defined]


def test_five_wrong_codes_end_a_reset_and_the_right_one_comes_too_late(cast: Cast) -> None:
    client = Client()
    _forget(client, login=cast.tidemark.email)
    code = steps.code_sent_to(cast.mara.email)
    for _try in range(5):
        assert REFUSED in _reset(client, steps.wrong(code)).content.decode()  # type: ignore[attr-defined]
    assert REFUSED in _reset(client, code).content.decode()  # type: ignore[attr-defined]
    cast.mara.refresh_from_db()
    assert cast.mara.check_password(PASSWORD)


def test_codes_are_limited_per_hour(cast: Cast) -> None:
    client = Client()
    for _time in range(10):
        assert _forget(client, login=cast.tidemark.email).status_code == 302  # type: ignore[attr-defined]
        steps.wait(61)
    assert Delivery.objects.filter(target=cast.mara.email).count() == 10
    refused = _forget(client, login=cast.tidemark.email)
    assert refused.status_code == 429  # type: ignore[attr-defined]
    assert "Try again in 60 minutes." in refused.content.decode()  # type: ignore[attr-defined]
    assert Delivery.objects.filter(target=cast.mara.email).count() == 10


def test_a_code_of_one_account_does_not_reset_another(cast: Cast) -> None:
    own, other = Client(), Client()
    _forget(own, login="northgate")
    code = steps.code_sent_to(cast.nora.email)
    _forget(other, login="tidemark-cloud")
    assert REFUSED in _reset(other, code).content.decode()  # type: ignore[attr-defined]
    cast.mara.refresh_from_db()
    assert cast.mara.check_password(PASSWORD)


def test_the_second_page_is_reached_only_by_the_first(client: Client) -> None:
    assert client.get("/forgot-password/new")["Location"] == "/forgot-password"
    assert _reset(client, "123456")["Location"] == "/forgot-password"  # type: ignore[index]
