"""Distributor and reseller in turn, each acting for the same customer, and what they read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from customers.models import Association

from ..accounts.organization import signed_in
from .conftest import World

LIST, RESELLERS = reverse("customers:list"), reverse("customers:resellers")
QUOTA = reverse("information:budget-quota")
PERMISSIONS = reverse("resellers:list")
SET = {
    "monthly": "The monthly budget has been set successfully.",
    "one_time": "The one-time budget has been set successfully.",
}


class Side(NamedTuple):
    """Who acts, for whose customer, and on which list it stands."""

    user: User
    association: Association
    page: str


def sides(world: World) -> list[Side]:
    """A distributor for a customer of its reseller, and the reseller; others have tests of their own.

    The reseller comes last: from then on it is authorized, and its distributor no longer decides.
    """
    cast = world.cast
    return [
        Side(cast.dina, world.lagoons, RESELLERS),
        Side(cast.leo, world.lagoons, LIST),
    ]


def each(world: World, found: list[Side]) -> Iterator[tuple[Side, Client]]:
    """The sides, each with what it needs to act."""
    for side in found:
        if side.user == world.cast.leo:
            world.authorize(monthly_quota="1000", one_time_quota="500")
        yield side, signed_in(side.user)


def said(response: HttpResponse) -> str:
    """The messages that stand on the page to which it leads; empty where it leads nowhere."""
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def words(response) -> str:
    """What is read on the page, in one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def page_of(association: Association) -> str:
    return reverse("budgets:set", args=[association.pk])


def sets(client: Client, address: str, **changes: str):
    """Set Budget confirmed, with the form as it comes but for the changes."""
    form = client.get(address).context["form"]
    entered = {name: form[name].value() for name in ("type", "action", "seen", "agreed_version")}
    return client.post(address, entered | {"amount": "100.00", "confirmed": "1"} | changes)


def dialog_of(action: str, association: Association) -> str:
    return reverse(f"budgets:{action}", args=[association.pk])


def does(client: Client, action: str, association: Association):
    """The dialog of a freeze operation, and what answers its OK."""
    where = dialog_of(action, association)
    dialog = client.get(where)
    form = dialog.context["form"]
    entered = {name: form[name].value() for name in ("customers", "seen")} | {"reason": "Late"}
    return dialog, client.post(where, entered)
