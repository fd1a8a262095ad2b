"""Which bills a run issues together: lots of some partners, whose charges are settled at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from accounts.currencies import DEFAULT_CURRENCY
from accounts.queries import information
from budgets.queries import consumption as quotas
from metering.services import statements
from partner_center.clock import BillingCycle

from ..models import Coupon, RunPart
from ..queries.taxes import Book
from ..rules import taxes
from . import funds
from .issuing import BillToIssue
from .staging import Scope

#: For how many partners what is known of them is read at once.
PARTNERS_AT_ONCE = 200
#: How many charges a lot has at most, unless one partner has more. Fewer cost more statements a bill;
#: more are slower again, because they no longer fit where the processor has them at hand.
CHARGES_AT_ONCE = 25_000
_NEXT_BILLS = """
SELECT nextval(pg_get_serial_sequence('billing_bill', 'id')) FROM generate_series(1, %(count)s)
"""


def lots(
    parts: Sequence[int], cycle: BillingCycle, scopes: Mapping[int, Scope], book: Book
) -> Iterator[list[BillToIssue]]:
    """The bills of parts of a run in lots, in the order of the parts."""
    for first in range(0, len(parts), PARTNERS_AT_ONCE):
        yield from _cut(_bills(parts[first : first + PARTNERS_AT_ONCE], cycle, scopes, book))


def _bills(
    keys: Sequence[int], cycle: BillingCycle, scopes: Mapping[int, Scope], book: Book
) -> Iterator[BillToIssue]:
    """The bills of some parts, with what is known of their partners."""
    parts = list(RunPart.objects.filter(pk__in=keys).select_related("account").order_by("pk"))
    accounts = [part.account_id for part in parts]
    funds.open_accounts(accounts)
    currencies = information.currencies_of(accounts, cycle)
    holders = set(Coupon.objects.filter(account__in=accounts).values_list("account", flat=True))
    creditors, limited = funds.creditors(accounts), quotas.holders(accounts)
    numbers = statements.rows(_NEXT_BILLS, {"count": len(parts)})
    for part, (bill_id,) in zip(parts, numbers, strict=True):
        payer_id = part.account_id
        yield BillToIssue(
            part_id=part.pk,
            bill_id=bill_id,
            payer=part.account,
            scope=scopes.get(payer_id, Scope(cycle, payer_id)),
            spans=taxes.spans(book.rules_of(part.account)),
            currency=currencies.get(payer_id, DEFAULT_CURRENCY),
            has_coupons=payer_id in holders,
            has_credit=payer_id in creditors,
            has_quota=payer_id in limited,
        )


def _cut(bills: Iterable[BillToIssue]) -> Iterator[list[BillToIssue]]:
    lot: list[BillToIssue] = []
    charges = 0
    for planned in bills:
        charges += planned.scope.charges
        if lot and charges > CHARGES_AT_ONCE:
            yield lot
            lot, charges = [], planned.scope.charges
        lot.append(planned)
    yield lot
