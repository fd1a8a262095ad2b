"""The optional second factor: turning on and off, signing in, recovery codes."""

from __future__ import annotations

import re

import pyotp
import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from accounts.choices import UserStatus
from accounts.models import User
from audit.models import OperationRecord
from outbox.models import Delivery
from partner_center import clock

from ..cast import PASSWORD, Cast
from . import steps

pytestmark = pytest.mark.django_db


def _turn_on(client: Client, email: str) -> tuple[pyotp.TOTP, list[str]]:
    """Go through the pages; the authenticator app and the recovery codes that were shown."""
    page = "/security/verify-identity?next=/security/second-factor/on"
    client.post(page, {"channel": "email", "get_code": "1"})
    code = steps.code_sent_to(email)
    client.post(page, {"channel": "email", "verification_code": code})
    shown = client.get("/security/second-factor/on").content.decode()
    assert "data:image/svg+xml;base64," in shown
    app = pyotp.TOTP(re.search(r'pc-key">([A-Z2-7]+)<', shown).group(1))  # type: ignore[union-attr]
    answer = client.post("/security/second-factor/on", {"code": app.now()})
    assert answer.status_code == 200, answer.content
    return app, re.findall(r"<code>(\d{8})</code>", answer.content.decode())


def _password(login: str = "tidemark-cloud") -> Client:
    client = Client()
    answer = client.post("/sign-in", {"login": login, "password": PASSWORD, "next": "/partners"})
    assert answer["Location"] == "/sign-in/second-factor"
    return client


@pytest.fixture
def mara(cast: Cast) -> Client:
    return steps.sign_in(cast.mara, PASSWORD)


def test_turning_on_asks_for_an_identity_check_first(cast: Cast, mara: Client) -> None:
    assert "verify-identity" in mara.get("/security/second-factor/on")["Location"]
    assert "verify-identity" in mara.post("/security/second-factor/on", {"code": "1"})["Location"]
    assert not Authenticator.objects.exists()


def test_turned_on_signing_in_asks_for_the_code(cast: Cast, mara: Client) -> None:
    app, recovery = _turn_on(mara, cast.mara.email)
    assert len(recovery) == len(set(recovery)) == 10
    assert "10 recovery codes are left." in mara.get("/security").content.decode()
    assert app.secret not in str(Authenticator.objects.values_list("data", flat=True))
    assert OperationRecord.objects.filter(action="accounts.second_factor.on").exists()
    assert Delivery.objects.filter(template="security_changed").exists()
    client = _password()
    assert not steps.is_signed_in(client)
    assert client.post("/sign-in/second-factor", {"code": "000000"}).status_code == 422
    assert not steps.is_signed_in(client)
    cache.clear()  # an app's code works once: the one that turned it on is spent for 30 seconds
    answer = client.post("/sign-in/second-factor", {"code": app.now()})
    assert answer["Location"] == "/partners"
    assert steps.is_signed_in(client)


def test_a_code_of_the_app_works_once(cast: Cast, mara: Client) -> None:
    app, _recovery = _turn_on(mara, cast.mara.email)
    cache.clear()
    code = app.now()
    first, second = _password(), _password()
    assert first.post("/sign-in/second-factor", {"code": code}).status_code == 302
    assert second.post("/sign-in/second-factor", {"code": code}).status_code == 422


def test_a_code_that_was_read_a_moment_too_early_still_counts(cast: Cast, mara: Client) -> None:
    app, _recovery = _turn_on(mara, cast.mara.email)
    cache.clear()
    before = app.at(clock.now(), counter_offset=-1)
    assert _password().post("/sign-in/second-factor", {"code": before}).status_code == 302
    old = app.at(clock.now(), counter_offset=-3)
    assert _password().post("/sign-in/second-factor", {"code": old}).status_code == 422


def test_a_recovery_code_lets_in_once(cast: Cast, mara: Client) -> None:
    _app, recovery = _turn_on(mara, cast.mara.email)
    client = _password()
    assert client.post("/sign-in/second-factor", {"code": recovery[0]}).status_code == 302
    assert steps.is_signed_in(client)
    again = _password()
    assert again.post("/sign-in/second-factor", {"code": recovery[0]}).status_code == 422
    assert "9 recovery codes are left." in client.get("/security").content.decode()


def test_wrong_codes_of_the_app_are_throttled(cast: Cast, mara: Client) -> None:
    app, _recovery = _turn_on(mara, cast.mara.email)
    cache.clear()
    client = _password()
    for _try in range(5):
        assert client.post("/sign-in/second-factor", {"code": "000000"}).status_code == 422
    answer = client.post("/sign-in/second-factor", {"code": app.now()})
    assert "Too many attempts. Try again in 5 minutes." in answer.content.decode()
    assert not steps.is_signed_in(client)


def test_a_member_locked_between_password_and_code_stays_out(cast: Cast) -> None:
    client = steps.sign_in(cast.felix, PASSWORD)
    app, _recovery = _turn_on(client, cast.felix.email)
    cache.clear()
    between = Client()
    data = {"account": "tidemark-cloud", "username": "f.cruz", "password": PASSWORD}
    assert between.post("/sign-in/member", data)["Location"] == "/sign-in/second-factor"
    User.objects.filter(pk=cast.felix.pk).update(status=UserStatus.LOCKED)
    answer = between.post("/sign-in/second-factor", {"code": app.now()})
    assert "has been locked" in answer.content.decode()
    assert "_auth_user_id" not in between.session


def test_turning_off_asks_for_a_code(cast: Cast, mara: Client) -> None:
    app, _recovery = _turn_on(mara, cast.mara.email)
    cache.clear()
    refused = mara.post("/security/second-factor/off", {"code": "000000"})
    assert refused.status_code == 422 and "The code is wrong." in refused.content.decode()
    assert Authenticator.objects.count() == 2
    assert mara.post("/security/second-factor/off", {"code": app.now()}).status_code == 302
    assert not Authenticator.objects.exists()
    assert steps.is_signed_in(steps.sign_in(cast.mara, PASSWORD))


def test_new_recovery_codes_end_the_old_ones(cast: Cast, mara: Client) -> None:
    app, old = _turn_on(mara, cast.mara.email)
    cache.clear()
    answer = mara.post("/security/recovery-codes", {"code": app.now()})
    new = re.findall(r"<code>(\d{8})</code>", answer.content.decode())
    assert len(new) == 10 and not set(new) & set(old)
    client = _password()
    assert client.post("/sign-in/second-factor", {"code": old[0]}).status_code == 422
    assert client.post("/sign-in/second-factor", {"code": new[0]}).status_code == 302


def test_a_wrong_first_code_turns_nothing_on(cast: Cast, mara: Client) -> None:
    page = "/security/verify-identity?next=/security/second-factor/on"
    mara.post(page, {"channel": "email", "get_code": "1"})
    mara.post(page, {"channel": "email", "verification_code": steps.code_sent_to(cast.mara.email)})
    shown = mara.get("/security/second-factor/on").content.decode()
    secret = re.search(r'pc-key">([A-Z2-7]+)<', shown).group(1)  # type: ignore[union-attr]
    refused = mara.post("/security/second-factor/on", {"code": "000000"})
    assert refused.status_code == 422
    assert secret in refused.content.decode(), "the scanned code stays good"
    assert not Authenticator.objects.exists()


def test_the_second_page_is_reached_only_with_the_right_password(cast: Cast, mara: Client) -> None:
    app, _recovery = _turn_on(mara, cast.mara.email)
    stranger = Client()
    for answer in (
        stranger.get("/sign-in/second-factor"),
        stranger.post("/sign-in/second-factor", {"code": app.now()}),
    ):
        assert answer["Location"] == "/sign-in"
    assert not steps.is_signed_in(stranger)
