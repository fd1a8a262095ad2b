"""What the tests of the organization share: roles by code, members made by the real service."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test import Client

from accounts.choices import SystemRole
from accounts.models import Role, User
from accounts.queries import members as member_queries
from accounts.services import members, roles
from partner_center.actors import Actor
from partner_center.refusals import Refusal

PASSWORD = "Lantern2026"
DETAILS = members.MemberDetails(
    name="Kira Ramos", mobile="+639175550100", email="k.ramos@tidemark.example"
)


def role(code: SystemRole) -> Role:
    return Role.objects.get(system_code=code)


def details(username: str) -> members.MemberDetails:
    return members.MemberDetails(
        name=username.replace(".", " ").title(),
        mobile="+639175550101",
        email=f"{username}@staff.example",
    )


def new_member(
    actor: Actor,
    *given: Role | SystemRole,
    username: str = "k.ramos",
    director: User | None = None,
) -> User:
    return members.create_member(
        actor,
        username=username,
        password_hash=make_password(PASSWORD),
        details=DETAILS if username == "k.ramos" else details(username),
        role_ids=[(role(r) if isinstance(r, SystemRole) else r).pk for r in given],
        director_id=director.pk if director else None,
    )


def signed_in(user: User) -> Client:
    """A client of this user; a new member counts as one who has set its own password."""
    User.objects.filter(pk=user.pk).update(must_change_password=False)
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def new_role(actor: Actor, *codes: str, name: str = "Renewals") -> Role:
    return roles.create_role(actor, name=name, description="", codes=codes)


def give(actor: Actor, user: User, *given: Role | SystemRole) -> User:
    found = User.objects.get(pk=user.pk)
    return members.assign_roles(
        actor,
        user.pk,
        role_ids=[(role(r) if isinstance(r, SystemRole) else r).pk for r in given],
        seen=member_queries.seen_roles(found),
    )


def role_names(user: User) -> set[str]:
    return set(user.role_assignments.values_list("role__name", flat=True))


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run calls at the same instant, each on its own connection; results and refusals in order."""
    start = threading.Barrier(len(calls))
    answers: list[Any] = [None] * len(calls)

    def run(number: int, call: Callable[[], Any]) -> None:
        start.wait()
        try:
            answers[number] = call()
        except Refusal as refusal:
            answers[number] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def refusals(answers: Collection[Any]) -> list[str]:
    return [answer.code for answer in answers if isinstance(answer, Refusal)]
