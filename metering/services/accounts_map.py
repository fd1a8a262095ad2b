"""Which customer a provider's sub-account is: the map that the operator keeps."""

from __future__ import annotations

import csv
from collections.abc import Iterable

from django.db import transaction

import audit.services
from accounts.models import Account
from partner_center.actors import Actor

from ..models import SubAccount, UsageSource
from ..permissions import OPERATE_USAGE
from ..refusals import WrongMap

#: Second column of a map, and what it says of a customer.
NAMED_BY = {"customer_id": "public_id", "account_name": "name"}
_SUB_ACCOUNT = "sub_account_id"


def import_map(actor: Actor, source: UsageSource, lines: Iterable[str]) -> int:
    """Map sub-accounts of a source by a CSV; how many are new or moved.

    Columns ``sub_account_id,customer_id`` (domain ID) or ``sub_account_id,account_name``.
    Sub-accounts that the file does not name stay as they are.
    Records that are in already keep the customer that they were charged to.
    Raises WrongMap, and maps nothing then.
    """
    actor.require(OPERATE_USAGE)
    field, wanted = read(lines)
    named = {f"{field}__in": set(wanted.values())}
    rows = Account.objects.filter(**named, is_operator=False, partner_kind="")
    customers = dict(rows.values_list(field, "pk"))
    if missing := sorted(set(wanted.values()) - customers.keys()):
        what = "names" if field == "name" else "IDs"
        raise WrongMap(
            f"No customer has these {what}: {', '.join(missing[:10])}.", field="accounts"
        )
    return _write(actor, source, {name: customers[public] for name, public in wanted.items()})


@transaction.atomic
def _write(actor: Actor, source: UsageSource, wanted: dict[str, int]) -> int:
    kept = dict(
        SubAccount.objects.filter(source=source, sub_account_id__in=wanted).values_list(
            "sub_account_id", "customer_id"
        )
    )
    changed = {name: pk for name, pk in wanted.items() if kept.get(name) != pk}
    SubAccount.objects.bulk_create(
        [
            SubAccount(source=source, sub_account_id=name, customer_id=customer)
            for name, customer in sorted(changed.items())
        ],
        update_conflicts=True,
        unique_fields=["source", "sub_account_id"],
        update_fields=["customer"],
    )
    if changed:
        audit.services.record(
            actor, "metering.sub_accounts.mapped", source, after={"changed": len(changed)}
        )
    return len(changed)


def read(lines: Iterable[str]) -> tuple[str, dict[str, str]]:
    """By which field of an account customers are named, and sub-account → customer. Raises WrongMap."""
    try:
        rows = [row for row in csv.reader(lines) if any(cell.strip() for cell in row)]
    except (csv.Error, UnicodeDecodeError) as error:
        raise WrongMap(f"The map cannot be read: {error}.", field="accounts") from error
    head = [cell.strip().lstrip("\ufeff").lower() for cell in rows[0]] if rows else []
    if len(head) != 2 or head[0] != _SUB_ACCOUNT or head[1] not in NAMED_BY:
        heads = " or ".join(f"{_SUB_ACCOUNT},{column}" for column in NAMED_BY)
        raise WrongMap(f"The map must begin with the head {heads}.", field="accounts")
    found: dict[str, str] = {}
    for number, row in enumerate(rows[1:], 2):
        sub_account, customer = _pair(number, row)
        if found.setdefault(sub_account, customer) != customer:
            raise WrongMap(
                f"Line {number}: {sub_account} is mapped to two customers.", field="accounts"
            )
    return NAMED_BY[head[1]], found


def _pair(number: int, row: list[str]) -> tuple[str, str]:
    cells = [cell.strip() for cell in row]
    if len(cells) != 2 or not all(cells) or len(cells[0]) > 255 or "\0" in "".join(cells):
        raise WrongMap(f"Line {number} must name a sub-account and a customer.", field="accounts")
    return cells[0], cells[1]
