"""Steps that several tests of accounts take: reading codes, moving the clock, filling in forms."""

from __future__ import annotations

import re
from datetime import timedelta

from django.db.models import F
from django.test import Client

from accounts.models import Account, User, VerificationCode
from outbox.models import Delivery

NEW_PASSWORD = "Lighthouse77"
EMAIL = "mara.velasco@newcomer.example"
MOBILE = "+639175552291"
PHONE = {"phone_code": "PH", "phone_number": "917 555 2291"}


def code_sent_to(target: str) -> str:
    """The digits of the newest code that was sent to an address."""
    body = Delivery.objects.filter(target=target).latest("pk").body
    return re.search(r"\b\d{6}\b", body).group()  # type: ignore[union-attr]


def wrong(code: str) -> str:
    """Six other digits."""
    return f"{(int(code) + 1) % 1_000_000:06d}"


def wait(seconds: int) -> None:
    """Let all codes grow older."""
    past = timedelta(seconds=seconds)
    VerificationCode.objects.update(sent_at=F("sent_at") - past, expires_at=F("expires_at") - past)


def sign_in(user: User, password: str) -> Client:
    """A browser in which the user signed in on the page."""
    client = Client()
    if user.is_main:
        answer = client.post("/sign-in", {"login": user.account.name, "password": password})
    else:
        answer = client.post(
            "/sign-in/member",
            {"account": user.account.name, "username": user.username, "password": password},
        )
    assert answer.status_code == 302, answer.content
    return client


def is_signed_in(client: Client) -> bool:
    """Whether the browser still has a session that counts."""
    return client.get("/security").status_code == 200


def start_registration(client: Client, email: str = EMAIL) -> str:
    """Ask for the e-mail code on the Register page and return it."""
    answer = client.post("/register", {"country": "PH", "email": email, "get_code": "1"})
    assert answer.status_code == 200, answer.content
    return code_sent_to(email)


def registered(client: Client, email: str = EMAIL) -> Account:
    """An account at stage *registered*, whose administrator is signed in in this browser."""
    code = start_registration(client, email)
    answer = client.post("/register", register_data(code, email=email))
    assert answer.status_code == 302, answer.content
    return Account.objects.get(email=email)


def register_data(code: str, **changes: str) -> dict[str, str]:
    """What the Register page posts."""
    return {
        "country": "PH",
        "email": EMAIL,
        "verification_code": code,
        "password": NEW_PASSWORD,
        "confirm_password": NEW_PASSWORD,
    } | changes


INFORMATION = {
    "tenant_type": "enterprise",
    "full_name": "Newcomer Cloud Inc.",
    "tax_id": "",
    "address_line1": "1 Harbour Road",
    "address_line2": "",
    "city": "Cebu",
    "state": "Cebu",
    "postal_code": "6000",
    "currency": "PHP",
    "industry": "software",
}
