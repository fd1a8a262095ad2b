"""``manage.py create_operator``: the operator's account of a real installation, and its staff."""

from __future__ import annotations

from getpass import getpass
from os import environ
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from accounts.services import operator_account
from partner_center.refusals import Refusal

QUESTIONS = {
    "name": "Account name of the operator",
    "email": "Email address",
    "country": "Country or region (two letters)",
    "username": "Username",
}


class Command(BaseCommand):
    """The first run creates the operator's account; later runs add staff to it.

    What is not given as an argument is taken from the environment (``OPERATOR_NAME``,
    ``OPERATOR_EMAIL``, ``OPERATOR_COUNTRY``, ``OPERATOR_USERNAME``, ``OPERATOR_PASSWORD``), and what
    is not there either is asked for. The password is no argument: others could read it.
    """

    help = "Create the operator's account, or a further user of it with the role Admin."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", help="account name (first run only)")
        parser.add_argument("--email")
        parser.add_argument("--country", help="two letters, such as PH (first run only)")
        parser.add_argument("--username", help="username (further staff only)")
        parser.add_argument("--no-input", action="store_true", help="never ask")

    def handle(self, *args: Any, **options: Any) -> None:
        self.options = options
        email = self._answer("email")
        try:
            validate_email(email)
            if operator_account.exists():
                self._add_staff(email)
            else:
                self._create_account(email)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal

    def _create_account(self, email: str) -> None:
        name, country = self._answer("name"), self._answer("country")
        account = operator_account.create(
            name=name, email=email, country=country, password=self._password()
        )
        self.stdout.write(f"Created the operator's account {account.name}. Sign in at /sign-in.")

    def _add_staff(self, email: str) -> None:
        user = operator_account.add_staff(
            username=self._answer("username"), email=email, password=self._password()
        )
        self.stdout.write(
            f"Created {user.username}. Sign in at /sign-in/member with the account name "
            f"{user.account.name}."
        )

    def _answer(self, name: str) -> str:
        given = self.options[name] or environ.get(f"OPERATOR_{name.upper()}", "")
        if given:
            return str(given)
        if self.options["no_input"]:
            raise CommandError(f"Give --{name} or set OPERATOR_{name.upper()}.")
        return input(f"{QUESTIONS[name]}: ").strip()

    def _password(self) -> str:
        password = environ.get("OPERATOR_PASSWORD", "")
        if not password and self.options["no_input"]:
            raise CommandError("Set OPERATOR_PASSWORD.")
        if not password:
            password = getpass("Password: ")
            if getpass("Again: ") != password:
                raise CommandError("The two passwords are not the same.")
        validate_password(password)
        return password
