"""The customer list and list_sub_customers of a partner with a tenth of all customers.

For every filter and sort: the SQL of a page of ours, against the best SQL that a careful hand would
write for the same rows, the same total and the same counts of the saved views. The hand has three
plans to choose from, the quickest one counts: everything joined at once; first the keys of the page
and then what is printed beside them; the same with the total read together with the keys. Names of
the API have two ways more to be found. Statements of both sides run in turns; the middle one of
their ratios counts, which a busy machine disturbs least.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from time import perf_counter
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse

from accounts.choices import SystemRole
from accounts.models import Account, Role, RoleAssignment, User
from accounts.queries.actors import actor_for
from accounts.services import creation
from bss_api import paging
from customers.queries import api
from partner_center import clock, trigrams
from partner_center.clock import BillingCycle

from ._measure import Result
from .bench_member_list import PLAIN_STATIC

#: Runs of each side: at least these, and more of quick ones, which others on the machine disturb.
RUNS, MOST_RUNS, PATIENCE = 5, 60, 1.0
MANAGERS = 20
#: What the user has chosen to see: the default columns and the tag, by which is sorted too.
COLUMNS = {
    "columns": [
        "contact",
        "monthly_budget",
        "one_time_budget",
        "budget_usage",
        "model",
        "associated_at",
        "manager",
        "custom_tag",
        "exhausts_on",
        "frozen",
    ],
}
#: Statements of a page that are about customers; the rest is the frame's.
TABLE = '"customers_association"'
BY_MANAGER = "coalesce(nullif(u.name, ''), u.username), a.id"


@dataclass(frozen=True)
class Case:
    """One address of the list, and what the hand writes for it."""

    name: str
    query: str = ""
    where: str = ""
    order: str = "a.associated_at DESC, a.id DESC"
    #: Letters of the tables that the condition or the order needs: c(ustomer), m, u, f, b(udget),
    #: s(pent this month), d(aily, of the last week).
    needs: str = ""


#: What a budget has used, of one row; and whether the check has told this threshold in its period.
USED = (
    "(SELECT greatest(coalesce(sum(x.list_amount), 0), 0) FROM metering_monthlyspend x "
    "WHERE x.customer_id = a.customer_id AND x.association_id = a.id AND x.model = 'reseller' "
    "AND x.cycle BETWEEN CASE WHEN b.type = 'one_time' THEN b.counts_from ELSE '{cycle}' END "
    "AND '{cycle}')"
)
TOLD = (
    "b.amount > 0 AND b.level >= {least} AND (b.type = 'one_time' OR b.period = '{{cycle}}') "
    f"AND {USED.replace('{', '{{').replace('}', '}}')} >= b.amount * {{least}} / 100"
)
EXCEEDING = f"{TOLD.format(least=75)} AND {USED} < b.amount"
NO_BUDGET = "a.model = 'reseller' AND coalesce(b.amount, 0) = 0"
MONTHLY = (
    "CASE WHEN a.model = 'reseller' AND coalesce(b.type, 'monthly') = 'monthly' "
    "THEN coalesce(b.amount, 0) END"
)
#: In words of the hand: what is left lasts no longer than so many days of the last week's average.
SOON = (
    "b.amount > coalesce(s.used, 0) AND f.state <> 'resources' "
    "AND (b.amount - coalesce(s.used, 0)) * 7 <= 7 * d.total"
)

CASES = (
    Case("default"),
    Case("page_100", "page=100"),
    Case("sort.name", "sort=name", order="c.name, a.id", needs="c"),
    Case("sort.name.down", "sort=-name", order="c.name DESC, a.id DESC", needs="c"),
    Case("sort.type", "sort=model", order="a.model, a.id"),
    Case("sort.time", "sort=associated_at", order="a.associated_at, a.id"),
    Case("sort.tag", "sort=custom_tag", order="a.custom_tag, a.id"),
    Case("sort.tag.down", "sort=-custom_tag", order="a.custom_tag DESC, a.id DESC"),
    Case("sort.manager", "sort=manager", order=BY_MANAGER, needs="mu"),
    Case("q.rare", "q=COPPER+REEF+77", "{copper} AND {reef} AND {seven}", needs="c"),
    Case("q.common", "q=reef", "{reef}", needs="c"),
    Case("q.short", "q=ee", "{ee}", needs="c"),
    Case("q.by_manager", "q=reef&sort=manager", "{reef}", order=BY_MANAGER, needs="cmu"),
    Case("q.nothing", "q=no-such-customer", "{nothing}", needs="c"),
    Case("frozen", "frozen=resources", "f.account_id = {p} AND f.state = 'resources'", needs="f"),
    Case("type", "model=referral", "a.model = 'referral'"),
    Case("type.most", "model=reseller", "a.model = 'reseller'"),
    Case("frozen.most", "frozen=normal", "f.account_id = {p} AND f.state = 'normal'", needs="f"),
    Case("source", "source=promotion", "a.source = 'promotion'"),
    Case(
        "manager",
        "manager=manager.07",
        "(upper(u.name) LIKE '%MANAGER.07%' OR upper(u.username) LIKE '%MANAGER.07%')",
        needs="mu",
    ),
    Case("mobile", "mobile=5550012", "upper(c.bound_mobile) LIKE '%5550012%'", needs="c"),
    Case("tag", "tag=tag-17", "upper(a.custom_tag) LIKE '%TAG-17%'"),
    Case("time", "associated_after={day}&associated_before={day}", "{on_day}"),
    Case("view.unassigned", "view=unassigned", "m.association_id IS NULL", needs="m"),
    Case(
        "view.frozen",
        "view=frozen",
        "f.account_id = {p} AND f.state IN ('account', 'resources')",
        needs="f",
    ),
    Case("view.new", "view=new", "a.associated_at >= {month}"),
    Case("sort.budget", "sort=monthly_budget", order=f"{MONTHLY}, a.id", needs="b"),
    Case(
        "sort.usage",
        "sort=-budget_usage",
        order="CASE WHEN b.amount > 0 THEN coalesce(s.used, 0) / b.amount END DESC NULLS LAST, "
        "a.id DESC",
        needs="bs",
    ),
    Case("usage.90", "usage=90", "b.amount > 0 AND s.used >= b.amount * 0.9", needs="bs"),
    Case("usage.none", "usage=none", NO_BUDGET, needs="b"),
    Case("exhausts", "exhausts=7", SOON, needs="bsdf"),
    Case("view.exceeding", "view=exceeding", EXCEEDING, needs="b"),
    Case("view.used_up", "view=used_up", TOLD.format(least=100), needs="b"),
    Case("view.no_budget", "view=no_budget", NO_BUDGET, needs="b"),
    Case(
        "together",
        "q=reef&model=referral&sort=name",
        "{reef} AND a.model = 'referral'",
        order="c.name, a.id",
        needs="c",
    ),
)
JOINS = {
    "c": "JOIN accounts_account c ON c.id = a.customer_id",
    "m": "LEFT JOIN customers_managerassignment m ON m.association_id = a.id AND m.account_id = {p} "
    "AND m.ended_at IS NULL AND (m.ends_at IS NULL OR m.ends_at > now())",
    "u": "LEFT JOIN accounts_user u ON u.id = m.manager_id",
    "f": "JOIN budgets_freezestate f ON f.association_id = a.id",
    "b": "LEFT JOIN budgets_budget b ON b.association_id = a.id",
}
#: Summed up once for the whole partner.
SUMS = {
    "s": "LEFT JOIN (SELECT association_id, sum(list_amount) AS used FROM metering_monthlyspend "
    "WHERE partner_id = {p} AND cycle = '{cycle}' AND model = 'reseller' GROUP BY 1) s "
    "ON s.association_id = a.id",
    "d": "LEFT JOIN (SELECT association_id, sum(list_amount) AS total FROM metering_dailyspend "
    "WHERE partner_id = {p} AND spent_on >= '{week}' AND spent_on < '{today}' "
    "AND model = 'reseller' AND mode = 'usage' GROUP BY 1) d ON d.association_id = a.id",
}
PRINTED = (
    "a.id, c.name, c.full_name, c.bound_mobile, c.email, a.model, a.associated_at, "
    "coalesce(nullif(u.name, ''), u.username), a.custom_tag, f.state, f.automatically_frozen, "
    f"b.type, b.amount, {USED}, "
    "(SELECT sum(y.list_amount) FROM metering_dailyspend y WHERE y.customer_id = a.customer_id "
    "AND y.association_id = a.id AND y.spent_on >= '{week}' AND y.spent_on < '{today}'), "
    "(SELECT may_discount FROM accounts_partnerterms t WHERE t.account_id = {p})"
)
LIVE = "a.account_id = {p} AND a.ended_at IS NULL"
#: What list_sub_customers answers beside a customer.
API_JOINS = JOINS | {
    "r": "LEFT JOIN realname_realnameapplication r ON r.account_id = a.customer_id "
    "AND r.status = 'approved'",
    "s": "LEFT JOIN accounts_accountstanding s ON s.account_id = a.customer_id",
}
_APPLIED = "EXISTS (SELECT FROM realname_realnameapplication o WHERE o.account_id = a.customer_id "
API_PRINTED = (
    "a.*, c.full_name, c.name, c.public_id, c.bound_mobile, c.tenant_type, c.email, f.state, "
    "u.username, s.level, r.name, r.identity, CASE WHEN r.id IS NOT NULL THEN 2 "
    f"WHEN {_APPLIED} AND o.status = 'under_review') THEN 0 "
    f"WHEN {_APPLIED} AND o.status = 'rejected') THEN 1 ELSE -1 END"
)


@override_settings(STORAGES=PLAIN_STATIC)
def run(scale: str) -> list[Result]:
    """At most 15 queries; SQL at most 1.5 times that of the careful hand."""
    every, own = (1_000_000, 100_000) if scale == "full" else (100_000, 10_000)
    partner = _fill(every, own)
    User.objects.filter(account=partner).update(preferences={"lists": {"customers": COLUMNS}})
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.get(account=partner, is_main=True))
    found = [result for case in CASES for result in _compare(client, partner, case)]
    manager = User.objects.get(account=partner, username="manager.07")
    found += _api(User.objects.get(account=partner, is_main=True), partner)
    client.force_login(manager)
    return [*found, *_scoped(client, partner, manager)]


def _compare(client: Client, partner: Account, case: Case, scope: str = "") -> list[Result]:
    names = _names(partner)
    address = f"{reverse('customers:list')}?{case.query.format(**names)}"
    ours, queries = _statements(client, address)
    where = f"{LIVE} AND {case.where or 'true'} {scope}".format(**names)
    hands = _hands(case, where, names, scope)
    figure, limit = _in_turns(ours, hands)
    label = f"customer_list.{case.name}"
    return [
        Result(label, figure=figure, unit="ms", limit=limit, at_most=1.5),
        Result(f"{label}.queries", figure=queries, unit="queries", at_most=15),
    ]


def _names(partner: Account) -> dict[str, Any]:
    """What the cases leave open."""
    day = clock.business_date(clock.now() - timedelta(days=300))
    cycle, today = BillingCycle.of(clock.now()), clock.business_date(clock.now())
    month = cycle.start
    return {
        "p": partner.pk,
        "cycle": str(cycle),
        "today": today,
        "week": today - timedelta(days=7),
        "day": day,
        "on_day": f"a.associated_at >= '{day} 00:00+08' "
        f"AND a.associated_at < timestamptz '{day} 00:00+08' + interval '1 day'",
        "month": f"'{month.isoformat()}'",
        **{
            key: f"(upper(c.name) LIKE '%{text}%' OR upper(c.full_name) LIKE '%{text}%')"
            for key, text in {
                "copper": "COPPER",
                "reef": "REEF",
                "seven": "77",
                "ee": "EE",
                "nothing": "NO-SUCH-CUSTOMER",
            }.items()
        },
    }


def _hands(case: Case, where: str, names: dict[str, Any], scope: str) -> list[list[str]]:
    """The statements of each of the three plans: the page, the total, the views."""
    offset = 990 if case.query == "page=100" else 0
    joins = JOINS | {letter: SUMS[letter] for letter in case.needs if letter in SUMS}
    needed = " ".join(joins[letter] for letter in case.needs).format(**names)
    everything = " ".join(JOINS.values()).format(**names)
    all_joins = " ".join(joins.values()).format(**names)
    page = f"ORDER BY {case.order} LIMIT 10 OFFSET {offset}"
    printed = PRINTED.format(**names)
    at_once = f"SELECT {printed} FROM customers_association a {all_joins} WHERE {where} {page}"
    keys_first = (
        "WITH hit AS MATERIALIZED (SELECT k.*, row_number() OVER () AS n FROM ("
        f"SELECT a.id FROM customers_association a {needed} WHERE {where} {page}) k) "
        f"SELECT {printed} FROM hit "
        f"JOIN customers_association a ON a.id = hit.id {everything} ORDER BY hit.n"
    )
    views = _views(names, scope)
    total = [f"SELECT count(*) FROM customers_association a {needed} WHERE {where}"]
    total = total if case.where else []
    return [[at_once, views, *total], [keys_first, views, *total], [_counted(keys_first), views]]


def _counted(keys_first: str) -> str:
    """The plan that reads all matches once: for their number and for the page."""
    return keys_first.replace("SELECT a.id FROM", "SELECT a.id, count(*) OVER () AS total FROM")


def _views(names: dict[str, Any], scope: str) -> str:
    """The counts of the seven views; that of All is the total of an unfiltered list."""
    conditions = (
        ("", "true"),
        ("m", "m.association_id IS NULL"),
        ("b", EXCEEDING),
        ("b", TOLD.format(least=100)),
        ("b", NO_BUDGET),
        ("f", "f.account_id = {p} AND f.state IN ('account', 'resources')"),
        ("", "a.associated_at >= {month}"),
    )
    counts = [
        f"(SELECT count(*) FROM customers_association a {JOINS.get(letter, '')} "
        f"WHERE {LIVE} AND {condition} {scope})"
        for letter, condition in conditions
    ]
    return f"SELECT {', '.join(counts)}".format(**names)


def _scoped(client: Client, partner: Account, manager: User) -> list[Result]:
    """The list of an account manager, who sees its own customers only."""
    scope = (
        "AND EXISTS (SELECT FROM customers_managerassignment s WHERE s.association_id = a.id "
        f"AND s.manager_id = {manager.pk} AND s.ended_at IS NULL "
        "AND (s.ends_at IS NULL OR s.ends_at > now()))"
    )
    cases = (
        Case("manager_scope"),
        Case("manager_scope.name", "sort=name", order="c.name, a.id", needs="c"),
    )
    return [result for case in cases for result in _compare(client, partner, case, scope)]


def _api(user: User, partner: Account) -> list[Result]:
    """list_sub_customers: 100 customers and the number of all."""
    actor = actor_for(User.objects.select_related("account").get(pk=user.pk))
    one = Account.objects.filter(name__startswith="bench-c-").order_by("pk")[7]
    cases: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
        "default": ({}, (_live("true"),)),
        "account_name": (
            {"account_name": "reef-77"},
            (_live("upper(c.name) LIKE '%REEF-77%'", "c"),),
        ),
        "customer": ({"customer": "copper"}, _called("COPPER")),
        "customer.rare": ({"customer": "copper reef 77"}, _called("COPPER REEF 77")),
        "label": ({"label": "tag-17"}, (_live("upper(a.custom_tag) LIKE '%TAG-17%'"),)),
        "type": ({"model": "referral"}, (_live("a.model = 'referral'"),)),
        "type.most": ({"model": "reseller"}, (_live("a.model = 'reseller'"),)),
        "customer_id": (
            {"customer_id": one.public_id},
            (_live(f"c.public_id = '{one.public_id}'", "c"),),
        ),
    }
    found = []
    for name, (criteria, ways) in cases.items():
        with CaptureQueriesContext(connection) as captured:
            rows = api.list_customers(actor, criteria)
            asked = {"offset": 0, "limit": 100}
            keys, _count = paging.keys_of(rows, asked, searched=api.is_search(criteria))
            list(api.with_facts(keys))
        ours = [query["sql"] for query in captured]
        figure, limit = _in_turns(ours, _api_hands(ways, _names(partner)))
        found.append(Result(f"list_sub_customers.{name}", figure, "ms", limit, at_most=1.5))
    return found


def _live(condition: str, needs: str = "") -> str:
    """Where the hand finds live customers: what stands behind FROM."""
    needed = " ".join(API_JOINS[letter] for letter in needs)
    return f"customers_association a {needed} WHERE {LIVE} AND {condition}"


def _called(text: str) -> tuple[str, str]:
    """Both ways to find an authenticated name, or the account's: row by row, and by indexes."""
    by_row = _live(f"upper(coalesce(nullif(r.name, ''), c.full_name)) LIKE '%{text}%'", "cr")
    real = _live(f"r.id IS NOT NULL AND upper(r.name) LIKE '%{text}%'", "r")
    own = _live(f"r.id IS NULL AND upper(c.full_name) LIKE '%{text}%'", "cr")
    columns = "SELECT a.id, a.associated_at FROM"
    return by_row, f"({columns} {real} UNION ALL {columns} {own}) a"


def _api_hands(ways: tuple[str, ...], names: dict[str, Any]) -> list[list[str]]:
    """The page in the order of time and the total, together or each in the best way for it."""
    order = "ORDER BY a.associated_at DESC, a.id DESC"
    everything = " ".join(API_JOINS.values())
    condition = ways[0].split(" WHERE ", 1)[1]
    at_once = (
        f"SELECT {API_PRINTED} FROM customers_association a {everything} "
        f"WHERE {condition} {order} LIMIT 100"
    )
    keys_first = [
        f"WITH hit AS MATERIALIZED (SELECT a.id FROM {way} {order} LIMIT 100) "
        f"SELECT {API_PRINTED} FROM hit "
        f"JOIN customers_association a ON a.id = hit.id {everything} {order}"
        for way in ways
    ]
    plans = [
        [page, f"SELECT count(*) FROM {way}"] for page in (at_once, keys_first[0]) for way in ways
    ]
    plans += [[_counted(page)] for page in keys_first]
    return [[statement.format(**names) for statement in plan] for plan in plans]


def _statements(client: Client, address: str) -> tuple[list[str], int]:
    """Statements of a page about customers, and the number of all its queries."""
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    if answer.status_code != 200 or b"pc-note-amber" in answer.content:
        raise RuntimeError(f"{address} answers {answer.status_code}")
    return [query["sql"] for query in captured if TABLE in query["sql"]], len(captured)


def _in_turns(ours: list[str], hands: list[list[str]]) -> tuple[float, float]:
    """Milliseconds of ours and of the quickest hand, by the middle one of the ratios of all pairs."""
    best = min(hands, key=lambda hand: min(_milliseconds(hand) for _run in range(RUNS)))
    pairs: list[tuple[float, float]] = []
    end = perf_counter() + PATIENCE
    while len(pairs) < RUNS or (perf_counter() < end and len(pairs) < MOST_RUNS):
        pairs.append((_milliseconds(ours), _milliseconds(best)))
    figure = median(mine for mine, _hand in pairs)
    return figure, figure / median(mine / hand for mine, hand in pairs)


def _milliseconds(statements: list[str]) -> float:
    start = perf_counter()
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
            cursor.fetchall()
    return (perf_counter() - start) * 1000


# --- The rows -----------------------------------------------------------------------------------


def _fill(every: int, own: int) -> Account:
    """Ten partners with ``own`` customers each; the first one is measured."""
    moment = clock.now()
    partners = [
        creation.create_account(
            name=f"bench-partner-{n}",
            email=f"bench-partner-{n}@partner-center.example",
            country="PH",
            password="Harbour2026",
            moment=moment,
        )
        for n in range(every // own)
    ]
    Account.objects.filter(pk__in=[p.pk for p in partners]).update(
        partner_kind="csp", stage="complete"
    )
    role = Role.objects.get(system_code=SystemRole.MANAGER)
    for partner in partners:
        _add_managers(partner, role)
    parameters = {
        "every": every,
        "first": partners[0].pk,
        "partners": len(partners),
        "managers": MANAGERS,
        "cycle": str(BillingCycle.of(moment)),
        "today": clock.business_date(moment),
    }
    _fill_tables(parameters)
    return partners[0]


def _fill_tables(parameters: dict[str, Any]) -> None:
    """Rows before trigrams, and no trigger per row: minutes become seconds."""
    for _model, index in trigrams.all_indexes():
        _execute_alone(f"DROP INDEX IF EXISTS {index.name}")
    _execute_alone("SET session_replication_role = replica")
    for statement in FILL:
        _execute(statement, parameters)
    _execute_alone("SET session_replication_role = origin")
    _execute(HOLDS, parameters)
    trigrams.add_missing()
    _execute_alone("VACUUM ANALYZE")


def _add_managers(partner: Account, role: Role) -> None:
    users = User.objects.bulk_create(
        User(
            account=partner,
            username=f"manager.{n:02d}",
            name=f"Manager Number {n:02d}",
            created_at=clock.now(),
        )
        for n in range(MANAGERS)
    )
    RoleAssignment.objects.bulk_create(
        RoleAssignment(account=partner, user=user, role=role, assigned_at=clock.now())
        for user in users
    )


def _execute(statement: str, parameters: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def _execute_alone(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


_WORDS = (
    "array['copper','amber','silent','golden','royal','harbour','northern','lucky','green','iron']"
)
_PLACES = "array['reef','bay','island','river','valley','field','forest','market','bridge','tower']"
#: Customers, their associations with the partners in turn, managers for nine of ten and past
#: managers; six of ten authenticated under a name of their own, two more with another application;
#: freeze states as the trigger begins them; holds for three of a hundred; budgets for seven of eight
#: of the Reseller model, spend of this month, and of the last week for the first partner.
FILL: tuple[str, ...] = (
    f"""
    INSERT INTO accounts_account (
        public_id, name, is_operator, partner_kind, status, stage, registered_at, email, country,
        service_country, security_phone, bound_mobile, wants_marketing, tenant_type, full_name,
        tax_id, address_line1, address_line2, city, state, postal_code, industry, website, profile,
        logo, contact_name, contact_position, contact_email, contact_phone, language, time_zone,
        verifies, max_custom_roles, templates_on_behalf, revokes_customer_bills)
    SELECT md5('bench customer ' || n), 'bench-c-' || word || '-' || place || '-' || n, false, '',
        'active', 'complete', now() - n * interval '90 seconds',
        'c' || n || '@' || word || place || '.example', 'PH', 'PH', '',
        '+63917' || lpad((hashint8(n) & 9999999)::text, 7, '0'), false, 'enterprise',
        initcap(word) || ' ' || initcap(place) || ' ' || n,
        '', '', '', '', '', '', '', '', '', '', '', '', '', '', 'en', 'Asia/Shanghai',
        false, 10, false, false
    FROM generate_series(1, %(every)s) n,
        LATERAL (SELECT ({_WORDS})[1 + (hashint8(n) & 1023) %% 10] AS word,
                        ({_PLACES})[1 + (hashint8(n + 7) & 1023) %% 10] AS place) names""",
    """
    INSERT INTO customers_association (
        account_id, customer_id, model, source, custom_tag, xaccount_id, xaccount_type, associated_at)
    SELECT partner.id, customer.id,
        CASE WHEN hashint8(customer.id) & 15 = 0 THEN 'referral' ELSE 'reseller' END,
        (array['email','general','custom','promotion','ticket','api'])
            [1 + (hashint8(customer.id + 3) & 1023) %% 6],
        'tag-' || (hashint8(customer.id + 5) & 1023) %% 40, '', '',
        now() - (hashint8(customer.id + 9) & 67108863) * interval '1 second'
    FROM accounts_account customer
    JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS number
          FROM accounts_account WHERE name LIKE 'bench-partner-%%') partner
        ON partner.number = customer.id %% %(partners)s
    WHERE customer.name LIKE 'bench-c-%%'""",
    """
    INSERT INTO customers_managerassignment (
        account_id, association_id, manager_id, origin, started_at, ended_at)
    SELECT a.account_id, a.id, manager.id, 'single', a.associated_at,
        CASE WHEN past THEN a.associated_at + interval '1 day' END
    FROM customers_association a
    CROSS JOIN (VALUES (false), (true)) kinds (past)
    JOIN (SELECT id, account_id, row_number() OVER (PARTITION BY account_id ORDER BY id) - 1 AS number
          FROM accounts_user WHERE username LIKE 'manager.%%') manager
        ON manager.account_id = a.account_id
        AND manager.number = (hashint8(a.id) & 1023) %% %(managers)s
    WHERE a.account_id >= %(first)s
        AND (hashint8(a.id + 1) & 1023) %% 10 < CASE WHEN past THEN 3 ELSE 9 END""",
    f"""
    INSERT INTO realname_realnameapplication (
        account_id, submitted_for_id, submitted_by_id, identity, is_change, certificate, name,
        number_encrypted, number_digest, country, address, legal_person, legal_number_encrypted,
        submitted_at, status, reviewed_at, opinion, bars_number)
    SELECT id, id, (SELECT min(id) FROM accounts_user), 1, false, 0,
        initcap(word) || ' ' || initcap(place) || ' ' || id || ' Inc.', '', md5('bench ' || id),
        'PH', '', '', '', registered_at, known.status,
        CASE WHEN known.status <> 'under_review' THEN registered_at END,
        CASE WHEN known.status = 'rejected' THEN 'Benchmark' ELSE '' END, false
    FROM accounts_account,
        LATERAL (SELECT ({_WORDS})[1 + (hashint8(id + 11) & 1023) %% 10] AS word,
                        ({_PLACES})[1 + (hashint8(id + 12) & 1023) %% 10] AS place,
                        (array['approved','approved','approved','approved','approved','approved',
                               'under_review','rejected'])
                            [1 + (hashint8(id + 13) & 1023) %% 10] AS status) known
    WHERE name LIKE 'bench-c-%%' AND known.status IS NOT NULL""",
    """
    INSERT INTO budgets_freezestate (association_id, account_id, state, automatically_frozen, since)
    SELECT id, account_id, 'normal', false, associated_at
    FROM customers_association WHERE account_id >= %(first)s""",
    """
    INSERT INTO budgets_budget (association_id, account_id, customer_id, type, amount, action,
        counts_from, set_at, period, level, arming)
    SELECT id, account_id, customer_id, kind.type, 100, 'manual', %(cycle)s, now(),
        CASE WHEN kind.type = 'monthly' THEN %(cycle)s ELSE '' END,
        CASE WHEN id %% 50 = 0 THEN (ARRAY[75, 90, 100])[1 + id / 50 %% 3] ELSE 0 END, 0
    FROM customers_association,
        LATERAL (SELECT CASE WHEN hashint8(id + 20) & 7 = 0 THEN 'one_time' ELSE 'monthly' END
                 AS type) kind
    WHERE account_id >= %(first)s AND model = 'reseller' AND (hashint8(id + 21) & 7 > 0)""",
    """
    INSERT INTO metering_monthlyspend (cycle, customer_id, association_id, partner_id, model,
        service_type_id, product_id, region_id, mode, bill_type, charges, list_amount,
        discount_amount, updated_at)
    SELECT %(cycle)s, b.customer_id, b.association_id, b.account_id, 'reseller', 1, n, NULL, 'usage',
        'expenditure', 24, CASE WHEN b.association_id %% 50 > 0 THEN b.association_id %% 20
            ELSE (ARRAY[40, 47.5, 60])[1 + b.association_id / 50 %% 3] END, 0, now()
    FROM budgets_budget b, generate_series(1, 2) n""",
    """
    INSERT INTO metering_dailyspend (cycle, spent_on, customer_id, association_id, partner_id, model,
        service_type_id, product_id, region_id, mode, bill_type, charges, list_amount,
        discount_amount, updated_at)
    SELECT to_char(%(today)s::date - n, 'YYYY-MM'), %(today)s::date - n, b.customer_id,
        b.association_id, b.account_id, 'reseller', 1, 1, NULL, 'usage', 'expenditure', 24,
        b.association_id %% 20, 0, now()
    FROM budgets_budget b, generate_series(1, 7) n WHERE b.account_id = %(first)s""",
)
#: The triggers derive the states from these.
HOLDS = """
    INSERT INTO budgets_freezehold (
        account_id, association_id, owner, strength, reason, placed_at, retention_until)
    SELECT account_id, id, 'partner',
        CASE WHEN id %% 3 = 0 THEN 'resources' ELSE 'account' END, 'Benchmark', now(),
        CASE WHEN id %% 3 = 0 THEN now() + interval '15 days' END
    FROM customers_association
    WHERE account_id >= %(first)s AND (hashint8(id + 2) & 1023) %% 100 < 3"""
