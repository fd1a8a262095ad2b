"""Settled charges of some partners, worked out together and kept aside until the bills are written.

Looking for charges and terms costs the same for a hundred partners as for one. What is kept is a
temporary table of the connection: it outlives the transaction that filled it, so that each bill can be
written in its own. The charges of a closed cycle and their terms no longer change (05-CDC-04), so
nothing of it can be out of date by then.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from metering.services import statements
from partner_center.clock import BillingCycle

from . import settlement

_TABLE = """
CREATE TEMP TABLE billing_staged (
    payer_id bigint NOT NULL, record_id bigint NOT NULL, cycle text NOT NULL, partner_id bigint NOT NULL,
    customer_id bigint NOT NULL, service_type_id bigint NOT NULL, product_id bigint NOT NULL,
    region_id bigint, mode text NOT NULL, bill_type text NOT NULL, order_no text NOT NULL,
    charged_at timestamptz NOT NULL, at timestamptz NOT NULL, is_marketplace boolean NOT NULL,
    is_outside boolean NOT NULL, list_amount numeric NOT NULL, percent numeric, unit_price numeric,
    settlement text NOT NULL, settled numeric NOT NULL
)
"""
_INDEX = "CREATE INDEX ON billing_staged (payer_id)"
_FILL = """
INSERT INTO billing_staged
SELECT payer_id, record_id, cycle, partner_id, customer_id, service_type_id, product_id, region_id, mode,
    bill_type, order_no, charged_at, at, is_marketplace, is_outside, list_amount, percent, unit_price,
    settlement, settled
FROM ({rated}) s
"""
#: Who is associated with a payer, itself or its resellers, and what the roll-ups say of their charges.
_SCOPES = """
SELECT coalesce(s.distributor_id, s.partner_id), array_agg(DISTINCT s.partner_id), sum(s.charges),
    sum(s.list_amount)
FROM metering_monthlyspend s
WHERE s.cycle = %(cycle)s AND s.model = 'reseller'
    AND (%(payer)s::bigint IS NULL OR coalesce(s.distributor_id, s.partner_id) = %(payer)s)
GROUP BY 1
"""


@dataclass(frozen=True)
class Scope:
    """Whose charges are billed: payer, associated partners, and what there must be. USD, exact."""

    cycle: BillingCycle
    payer_id: int
    partner_ids: tuple[int, ...] = ()
    charges: int = 0
    list_amount: Decimal = Decimal(0)


def scopes(cycle: BillingCycle, payer_id: int | None = None) -> dict[int, Scope]:
    """What the roll-ups say is to be billed, by payer: of one, or of all."""
    rows = statements.rows(_SCOPES, {"cycle": str(cycle), "payer": payer_id})
    return {
        payer: Scope(cycle, payer, tuple(partners), int(charges), amount)
        for payer, partners, charges, amount in rows
    }


def scope(cycle: BillingCycle, payer_id: int) -> Scope:
    """That of one payer, who may have nothing."""
    return scopes(cycle, payer_id).get(payer_id, Scope(cycle, payer_id))


@transaction.atomic
def stage(cycle: BillingCycle, wanted: Collection[Scope]) -> None:
    """Settle the charges of some payers of a cycle, in place of what was staged before."""
    forget()
    statements.run(_TABLE)
    partners = sorted({partner for scope in wanted for partner in scope.partner_ids})
    parameters = {
        "cycle": str(cycle),
        "payers": [scope.payer_id for scope in wanted],
        "partners": partners,
    }
    settlement.find_terms(parameters)
    statements.run(_FILL.format(rated=settlement.rated_of_payers()), parameters)
    statements.run(_INDEX)


def forget() -> None:
    """Throw away every temporary table of the connection, of whatever job.

    A commit empties all tables that are to be emptied by commits, also those of a job that this worker
    did before, whenever it has touched any temporary table; for each bill of a run that is too much.
    """
    statements.run("DISCARD TEMP")
