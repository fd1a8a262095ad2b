"""The member list: number of queries and time of a page, with few and with many members."""

from __future__ import annotations

from time import perf_counter

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse

from accounts.models import Account, User
from accounts.services import creation
from partner_center import clock

from ._measure import Result

PAGES = 20


#: Static files by their plain names: nothing needs to be built for this.
PLAIN_STATIC = {
    **settings.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


@override_settings(STORAGES=PLAIN_STATIC)
def run(scale: str) -> list[Result]:
    """At most 12 queries, and as many with 20 members as with thousands."""
    many = 20_000 if scale == "full" else 2_000
    account = creation.create_account(
        name="bench-members",
        email="bench-members@partner-center.example",
        country="PH",
        password="Harbour2026",
        moment=clock.now(),
    )
    Account.objects.filter(pk=account.pk).update(partner_kind="csp", stage="complete")
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.get(account=account))
    _add_members(account, 0, 20)
    few_queries, _few_seconds = _measure(client)
    _add_members(account, 20, many)
    many_queries, seconds = _measure(client)
    return [
        Result("member_list.queries", figure=many_queries, unit="queries", at_most=12),
        Result(
            "member_list.queries.growth",
            figure=many_queries - few_queries,
            unit=f"more queries with {many} members than with 20",
            at_most=0,
        ),
        Result("member_list.page", figure=seconds * 1000, unit="ms"),
    ]


def _add_members(account: Account, first: int, last: int) -> None:
    User.objects.bulk_create(
        User(
            account=account,
            username=f"member.{n:06d}",
            name=f"Member {n:06d}",
            email=f"member.{n}@partner-center.example",
            mobile="+639170001234",
            created_at=clock.now(),
        )
        for n in range(first, last)
    )


def _measure(client: Client) -> tuple[int, float]:
    """Queries of one page, and the seconds of the quickest of some."""
    address = reverse("organization:members")
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    queries = len(captured)
    if answer.status_code != 200:
        raise RuntimeError(f"The member list answers {answer.status_code}")
    times = []
    for _page in range(PAGES):
        start = perf_counter()
        client.get(address)
        times.append(perf_counter() - start)
    return queries, min(times)
