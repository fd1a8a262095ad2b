"""``manage.py demo_accounts``: the demo logins and access keys."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from demo import queries
from partner_center.refusals import Refusal


class Command(BaseCommand):
    """Print the demo logins as lines, as a Markdown table or as JSON."""

    help = "Print the demo tenants with their users and access keys."

    def add_arguments(self, parser: ArgumentParser) -> None:
        form = parser.add_mutually_exclusive_group()
        form.add_argument("--json", action="store_true", help="as a JSON list")
        form.add_argument("--markdown", action="store_true", help="as the README's table")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            accounts = queries.demo_accounts()
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        if options["json"]:
            self.stdout.write(json.dumps(accounts, indent=2))
        elif options["markdown"]:
            self.stdout.write(markdown(accounts))
        else:
            self.stdout.write(lines(accounts))


def lines(accounts: list[dict[str, Any]]) -> str:
    """One line per demo user: how to sign in and as what."""
    rows = [
        (account["kind"], account["account_name"], user["username"], ", ".join(user["roles"]))
        for account in accounts
        for user in account["users"]
    ]
    widths = [max(len(row[i]) for row in rows) for i in range(3)]
    password = accounts[0]["users"][0]["password"]
    head = (
        f"Demo logins, all with the password {password}. A username that equals its account name\n"
        "signs in on the tab Account, every other one on the tab IAM User.\n"
    )
    return head + "\n".join(
        "  " + "  ".join([*(row[i].ljust(widths[i]) for i in range(3)), row[3]]) for row in rows
    )


def markdown(accounts: list[dict[str, Any]]) -> str:
    """The table of the README."""
    head = "| kind | account | of | users (roles) | access key (AK / SK) |\n|---|---|---|---|---|\n"
    names = {account["account_id"]: account["account_name"] for account in accounts}
    return head + "\n".join(
        f"| {a['kind']} | `{a['account_name']}` | {names.get(a['partner_account_id'], '')} | "
        + ", ".join(f"`{u['username']}` ({', '.join(u['roles'])})" for u in a["users"])
        + f" | `{a['access_key']['ak']}` / `{a['access_key']['sk']}` |"
        for a in accounts
    )
