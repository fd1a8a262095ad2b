"""10,000 customers stream usage while workers are killed 20 times: every crossing is told once."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import Count

from accounts.models import Account
from budgets.models import BudgetAlert, FreezeHold, FreezeRecord, PendingAlert, PendingCheck
from budgets.services import alerting, pending
from metering.services import feeding
from notifications.models import Notice, NoticeDelivery
from partner_center import clock
from tests.cast import Cast
from tests.goods import stock

from ..metering.usage import system
from ..processes import environment

CUSTOMERS, HOURS, KILLS_AN_HOUR = 10_000, 2, 10
#: One customer in so many crosses a line in an hour: in turn 75% and, by a jump, 100%.
CROSSES = 200

#: Customers like Harborline, all of them Tidemark's, with a budget of 100 USD that freezes.
_MANY = """
INSERT INTO accounts_account (public_id, name, email, {names})
SELECT md5('kc' || n), 'kc-' || n, 'kc' || n || '@kc.example', {names}
FROM accounts_account, generate_series(1, %(many)s) n WHERE id = %(template)s;
INSERT INTO customers_association (account_id, customer_id, model, source, custom_tag, xaccount_id,
    xaccount_type, associated_at)
SELECT %(partner)s, id, 'reseller', 'email', '', '', '', '2025-01-01 00:00+00'
FROM accounts_account WHERE name LIKE 'kc-%%';
INSERT INTO budgets_budget (association_id, account_id, customer_id, type, amount, action, counts_from,
    set_at, period, level, arming)
SELECT id, account_id, customer_id, 'one_time', 100, 'restrict', '2025-01', now(), '', 0, 0
FROM customers_association WHERE associated_at = '2025-01-01 00:00+00';
"""


def _enter(cast: Cast) -> list[str]:
    own = ("id", "public_id", "name", "email")
    names = [f.column for f in Account._meta.concrete_fields if f.column not in own]
    with connection.cursor() as cursor:
        cursor.execute(
            _MANY.format(names=", ".join(names)),
            {"many": CUSTOMERS, "template": cast.harborline.pk, "partner": cast.tidemark.pk},
        )
    rows = Account.objects.filter(name__startswith="kc-").order_by("pk")
    return list(rows.values_list("public_id", flat=True))


def _hours_of(number: int, hour: int) -> int:
    """Hours at 0.10 USD: 76% or 120% of the budget for those whose turn it is, else next to nothing."""
    if number % CROSSES != hour:
        return 1
    return 760 if number // CROSSES % 2 else 1200


def _feed(customers: list[str], hour: int) -> None:
    begin = clock.now().replace(minute=0, second=0, microsecond=0) - timedelta(
        hours=HOURS + 1 - hour
    )
    times = f"{begin.isoformat()},{(begin + timedelta(hours=1)).isoformat()}"
    lines = [
        f"k-{public}-{hour},{public},host-usage,ap-southeast-3,i-{public},"
        f"{3600 * _hours_of(number, hour)},{times}"
        for number, public in enumerate(customers)
    ]
    head = "record_id,customer_id,product_id,region,resource_id,usage,start,end"
    batch = feeding.take_batch(
        system(),
        source_name="stream",
        batch_id=f"h{hour}",
        content="\n".join([head, *lines]).encode(),
    )
    assert batch.intake.accepted == CUSTOMERS


@pytest.mark.requirement("04-BFM-04", "04-BFM-05", "04-BFM-07", "04-BFM-16")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_every_crossing_is_told_and_frozen_once_though_workers_are_killed(cast: Cast) -> None:
    stock()
    customers = _enter(cast)
    killer = subprocess.Popen(
        [sys.executable, "-m", "tests.budgets.killing"],
        cwd=settings.BASE_DIR,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert killer.stdin and killer.stdout
    for hour in range(HOURS):
        _feed(customers, hour)
        for _kill in range(KILLS_AN_HOUR):
            print(file=killer.stdin, flush=True)
            assert killer.stdout.readline() == "killed\n"
    killer.stdin.close()
    assert killer.wait(30) == 0
    pending.check_pending()
    while alerting.tell_pending():
        pass
    _assert_once()


def _assert_once() -> None:
    assert not PendingCheck.objects.exists() and not PendingAlert.objects.exists()
    crossing = CUSTOMERS // CROSSES * HOURS
    told = BudgetAlert.objects.values_list("threshold").annotate(n=Count("pk"))
    assert dict(told.order_by()) == {75: crossing // 2, 100: crossing // 2}
    assert BudgetAlert.objects.values("association").distinct().count() == crossing
    holds = FreezeHold.objects.filter(owner="budget", released_at=None)
    assert holds.count() == holds.values("association").distinct().count() == crossing // 2
    assert FreezeRecord.objects.filter(origin="budget").count() == crossing // 2
    notices = Notice.objects.filter(key__startswith="budget-alert:")
    assert notices.filter(type="partner_budget").count() == crossing
    assert notices.filter(type="account_restriction").count() == crossing // 2
    once = NoticeDelivery.objects.filter(notice__in=notices).values("notice", "channel", "target")
    assert not once.annotate(n=Count("pk")).filter(n__gt=1).exists()
    assert NoticeDelivery.objects.filter(notice__type="partner_budget").count() == crossing
