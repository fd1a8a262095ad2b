"""The daily evaluation of Customer Alerts against its bare SQL.

200,000 customers of 500 partners have used two products a day for five weeks (14,000,000 rows of
DailySpend); the usage of one in a hundred has fallen. The bare SQL is the evaluation's own statement
over all of them at once, and the bare INSERT of the same alerts and audit records, in a transaction
that is taken back.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

import audit.services
from audit.models import OperationRecord
from churn import rules
from churn.services import evaluating
from customers.models import Association
from partner_center import clock
from partner_center.actors import Actor

from . import _people
from ._measure import Result, peak_memory, stopwatch
from ._people import execute

PARTNERS = 500
#: The usage of one customer in so many has fallen.
FALLING = 100


def run(scale: str) -> list[Result]:
    """At most twice the bare SQL, 300 MB."""
    customers = 200_000 if scale == "full" else 20_000
    _fill(customers)
    moment, day = clock.now(), clock.business_date(clock.now())
    bare = _bare(day, moment)
    with peak_memory() as memory, stopwatch() as full:
        raised = evaluating.evaluate(day, moment)
    if raised != customers // FALLING:
        raise RuntimeError(f"{raised} alerts of {customers // FALLING}")
    return [
        Result("alerts.evaluation", full.seconds, "s", bare, at_most=2),
        Result("alerts.evaluation.memory", memory.megabytes, "MB", at_most=300),
    ]


# --- Bare SQL ----------------------------------------------------------------------------------

#: The same alerts and audit records as the evaluation writes, of all customers at once.
_BARE = (
    f"CREATE TEMP TABLE bench_fallen ON COMMIT DROP AS {evaluating.FALLEN}",
    """INSERT INTO churn_customeralert (account_id, association_id, scenario, type, day, details,
        raised_at, status, handled_by_name, answer, text)
    SELECT a.account_id, a.id, %(scenario)s, 'loss', %(day)s, jsonb_build_object('drops',
        jsonb_agg(jsonb_build_object('product', f.name, 'days', f.low, 'usual', f.usual::text,
            'recent', f.recent::text, 'percent', trunc((f.usual - f.recent) * 100 / f.usual)))),
        %(moment)s, 'unhandled', '', '', ''
    FROM bench_fallen f JOIN customers_association a ON a.id = f.association_id
    GROUP BY a.account_id, a.id""",
)


def _bare(day: date, moment: datetime) -> float:
    """Seconds of the bare SQL; it is taken back."""
    own = [
        f.column
        for f in OperationRecord._meta.concrete_fields
        if f.column not in ("id", "uid", "account_id", "target_id")
    ]
    records = (
        f"INSERT INTO audit_operationrecord (uid, account_id, target_id, {', '.join(own)}) "
        f"SELECT gen_random_uuid(), c.account_id, c.id::text, {', '.join(f'r.{n}' for n in own)} "
        "FROM churn_customeralert c "
        "CROSS JOIN (SELECT * FROM audit_operationrecord ORDER BY id DESC LIMIT 1) r"
    )
    with transaction.atomic():
        ids = list(Association.objects.live().values_list("pk", flat=True))
        parameters = evaluating.figures(ids, day) | {"day": day, "moment": moment}
        with stopwatch() as watch:
            for statement in (*_BARE, records):
                execute(statement, parameters)
        transaction.set_rollback(True)
    return watch.seconds


# --- Filling -----------------------------------------------------------------------------------

_CATALOGUE = """
INSERT INTO catalog_servicetype (code, name, abbreviation, category, overview, has_percentile_billing,
    page_slug, is_marketplace, origin)
VALUES ('alerts.service', 'Alerts', '', '', '', false, '', false, 'catalogue');
INSERT INTO catalog_resourcetype (service_type_id, code, name, description, origin)
SELECT id, 'alerts.type', 'Alerts', '', 'catalogue' FROM catalog_servicetype
WHERE code = 'alerts.service';
INSERT INTO catalog_product (code, name, service_type_id, resource_type_id, mode, conversion_factor,
    is_spot, is_percentile, settlement, takes_partner_discount, on_behalf_kinds, payment_option,
    package_reset, is_on_sale, origin)
SELECT v.code, v.code, s.id, t.id, 'usage', 1, false, false, 'common', true, '{}', '', '', true,
    'catalogue'
FROM (VALUES ('alerts-host'), ('alerts-disk')) v (code)
JOIN catalog_servicetype s ON s.code = 'alerts.service'
JOIN catalog_resourcetype t ON t.code = 'alerts.type'
"""
_ASSOCIATIONS = """
INSERT INTO customers_association (account_id, customer_id, model, source, custom_tag, xaccount_id,
    xaccount_type, associated_at)
SELECT p.id, c.id, 'reseller', 'email', '', '', '', '2025-01-01 00:00+00'
FROM (SELECT id, row_number() OVER (ORDER BY id) n FROM accounts_account WHERE name LIKE 'alc-%%') c
JOIN accounts_account p ON p.name = 'alp-' || 1 + c.n %% %(partners)s
"""
#: Two products a day; one customer in FALLING uses a third of them in the last week.
_SPEND = """
INSERT INTO metering_dailyspend (cycle, spent_on, customer_id, association_id, partner_id, model,
    service_type_id, product_id, region_id, mode, bill_type, charges, list_amount, discount_amount,
    updated_at)
SELECT to_char(d.day, 'YYYY-MM'), d.day, a.customer_id, a.id, a.account_id, 'reseller',
    p.service_type_id, p.id, NULL, 'usage', 'expenditure', 24,
    CASE WHEN n %% %(falling)s = 0 AND d.day >= %(recent)s THEN 4 ELSE 12 END, 0, now()
FROM (SELECT a.*, row_number() OVER (ORDER BY a.id) n FROM customers_association a
      JOIN accounts_account c ON c.id = a.customer_id AND c.name LIKE 'alc-%%') a
CROSS JOIN generate_series(%(first)s::date, %(last)s::date, interval '1 day') s (at)
CROSS JOIN LATERAL (SELECT s.at::date AS day) d
CROSS JOIN (SELECT id, service_type_id FROM catalog_product WHERE code LIKE 'alerts-%%') p
"""


def _fill(customers: int) -> None:
    operator = _people.operator("alerts")
    template = _people.account("alerts-template")
    audit.services.record(
        Actor.system("bench", operator.pk, operator.name),
        "churn.alert.raised",
        template,
        after={"drops": [{"product": "Alerts", "days": 7, "usual": "24", "recent": "8"}]},
    )
    _people.copy(template, "alp", PARTNERS, "csp")
    _people.copy(template, "alc", customers)
    window = rules.Window.before(clock.business_date(clock.now()))
    execute(_CATALOGUE)
    execute(_ASSOCIATIONS, {"partners": PARTNERS})
    execute(_SPEND, {"falling": FALLING, **vars(window)})
    execute("VACUUM ANALYZE")
