"""What stands on pages before a change is confirmed: the prospects of a rehearsal, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partner_center import money
from partner_center.stale import fingerprint
from partner_center.usage import UsageBar, usage_bar

from ..choices import FreezeStatus, HoldOwner
from ..queries.prospects import Facts, Prospect
from ..rules import freezing as rules
from ..rules.matrix import Operation

#: How the matrix names its rows (04 "Purchase and operation matrix").
OPERATIONS: dict[Operation, str | Promise] = {
    Operation.BUY_PERIOD: _("Buy yearly/monthly products"),
    Operation.BUY_RESERVED: _("Buy reserved instances and savings plans"),
    Operation.BUY_USAGE: _("Buy pay-per-use and spot products"),
    Operation.RENEW: _("Renew yearly/monthly products"),
    Operation.CHANGE_PERIOD: _("Change specifications of yearly/monthly products"),
    Operation.CHANGE_USAGE: _("Change specifications of pay-per-use products"),
    Operation.TO_USAGE: _("Change from yearly/monthly to pay-per-use"),
    Operation.TO_PERIOD: _("Change from pay-per-use to yearly/monthly"),
    Operation.OPERATE: _("Start, stop and restart resources"),
    Operation.DELETE: _("Delete resources"),
    Operation.UNSUBSCRIBE: _("Unsubscribe from yearly/monthly products"),
    Operation.RENAME: _("Rename resources"),
    Operation.VIEW: _("View resource information"),
}
#: Customers that a table of a batch names; the rest is counted.
MOST_ROWS = 50


@dataclass(frozen=True)
class Side:
    """One customer before or after, as the page prints it."""

    facts: Facts

    @property
    def state(self) -> str:
        """The word of the badge family "freeze"."""
        return str(self.facts.status.label)

    @property
    def amount(self) -> Decimal | None:
        """The budget in USD; None without one."""
        return self.facts.standing.amount or None

    @property
    def bar(self) -> UsageBar:
        """How much of the budget is used."""
        words = gettext("of %(amount)s") % {"amount": money.number(self.amount or 0)}
        return usage_bar(self.facts.standing.used, self.amount, words=words)

    @property
    def owners(self) -> list[str | Promise]:
        """Whose holds are live, in the words of the records."""
        return [owner.label for owner in HoldOwner if owner in self.facts.owners]


@dataclass(frozen=True)
class Preview:
    """What a change does to one customer."""

    prospect: Prospect

    @property
    def name(self) -> str:
        """The customer's account name."""
        return self.prospect.association.customer.name

    @property
    def before(self) -> Side:
        """The customer as it is."""
        return Side(self.prospect.before)

    @property
    def after(self) -> Side:
        """The customer as it will be."""
        return Side(self.prospect.after)

    @property
    def closes(self) -> list[str | Promise]:
        """What the customer can do now and will be refused."""
        return [OPERATIONS[each] for each in self.prospect.closes]

    @property
    def opens(self) -> list[str | Promise]:
        """What the customer is refused now and will be able to do."""
        return [OPERATIONS[each] for each in self.prospect.opens]

    @property
    def stays_refused(self) -> list[str | Promise]:
        """What is refused before and after."""
        refused = set(self.prospect.after.refused) - set(self.prospect.closes)
        return [OPERATIONS[each] for each in Operation if each in refused]

    @property
    def is_exhausted(self) -> bool:
        """Whether nothing prepaid can be bought afterwards: the budget is used up or withdrawn."""
        return self.prospect.after.standing.is_exhausted


@dataclass(frozen=True)
class Previews:
    """What a change does to all chosen customers: totals, and a table of the first of them."""

    every: Sequence[Preview]

    @property
    def only(self) -> Preview | None:
        """The one customer, if it is one."""
        return self.every[0] if len(self.every) == 1 else None

    @property
    def rows(self) -> Sequence[Preview]:
        """Those that the table names."""
        return self.every[:MOST_ROWS]

    @property
    def more(self) -> int:
        """How many it does not name."""
        return max(len(self.every) - MOST_ROWS, 0)

    @property
    def freezes(self) -> int:
        """Customers whose shown state becomes a stronger one."""
        return sum(
            rules.is_stronger_state(each.prospect.after.status, each.prospect.before.status)
            for each in self.every
        )

    @property
    def unfreezes(self) -> int:
        """Customers that become Normal."""
        return sum(
            each.prospect.after.status == FreezeStatus.NORMAL != each.prospect.before.status
            for each in self.every
        )

    @property
    def exhausted(self) -> int:
        """Customers whose budget is used up or withdrawn afterwards."""
        return sum(each.is_exhausted for each in self.every)

    @property
    def stops(self) -> int:
        """Resources that stop."""
        return sum(each.prospect.stops for each in self.every)

    @property
    def resumes(self) -> int:
        """Resources that run again."""
        return sum(each.prospect.resumes for each in self.every)

    @property
    def per_hour_before(self) -> Decimal:
        """What goes on costing in an hour now, in USD at list price."""
        return sum((each.prospect.before.per_hour for each in self.every), Decimal(0))

    @property
    def per_hour_after(self) -> Decimal:
        """What goes on costing in an hour afterwards."""
        return sum((each.prospect.after.per_hour for each in self.every), Decimal(0))

    @property
    def release_at(self) -> datetime | None:
        """When the first frozen resources are released and their data is deleted."""
        ends = (each.prospect.after.release_at for each in self.every)
        return min((end for end in ends if end), default=None)

    @property
    def digest(self) -> str:
        """Fingerprint of what is foretold: the same change, seen again, has the same one."""
        return fingerprint(
            {
                str(each.prospect.association.pk): [
                    each.after.state,
                    each.after.bar.percent,
                    each.after.amount,
                    [str(owner) for owner in each.after.owners],
                    each.prospect.stops,
                ]
                for each in self.every
            }
        )


def previews_of(prospects: Iterable[Prospect]) -> Previews:
    """The prospects of a rehearsal, ordered by account name."""
    return Previews(sorted((Preview(each) for each in prospects), key=lambda each: each.name))
