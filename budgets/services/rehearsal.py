"""Previews: what a change will do, found out by doing it and taking it back.

The very service runs in a transaction together with the check that would follow it; then everything is
read, and the transaction is rolled back. So a preview cannot differ from the effect, and nothing is
written, queued or told. Rows stay locked for that moment only.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from django.db import transaction

from customers.models import Association

from ..queries import prospects
from ..queries.prospects import Prospect
from . import checking


def rehearse(
    association_ids: Collection[int], act: Callable[[], object], moment: datetime
) -> list[Prospect]:
    """Before and after of each customer, by key, if ``act`` were carried out now.

    ``act`` is the service without its own transaction (``setting.carry_out``,
    ``freezing.carry_out_freeze``, …) and raises the refusals that the real one would raise.
    """
    with transaction.atomic():
        before = prospects.facts_of(association_ids, moment)
        act()
        customers = Association.objects.filter(pk__in=association_ids)
        ids = set(customers.values_list("customer_id", flat=True))
        checking.check_customers(ids, moment)
        after = prospects.facts_of(association_ids, moment)
        transaction.set_rollback(True)
    return [Prospect(before[key], after[key]) for key in sorted(after)]
