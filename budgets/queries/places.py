"""Where the pages about customers belong, and where they lead back to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.choices import PartnerKind
from customers import row_operations
from customers.models import Association
from partner_center.actors import Actor


def list_of(actor: Actor, associations: Sequence[Association]) -> str:
    """The list that these customers stand on: distributors have two (06-DX-01)."""
    own = all(row_operations.is_own(actor, row) for row in associations)
    return reverse("customers:list" if own else "customers:resellers")


def page_after(query: Mapping[str, str], actor: Actor, associations: Sequence[Association]) -> str:
    """Where an operation ends: on the details of the customer if it was chosen there, else the list.

    ``query`` is that of the operation's address.
    """
    if len(associations) == 1 and query.get("from") == "details":
        return reverse("customers:details", args=[associations[0].pk])
    return list_of(actor, associations)


def crumbs(actor: Actor, associations: Sequence[Association], *here: str) -> list[tuple[str, str]]:
    """``Customer Management-Customers / account name / Set Budget``; the tab for distributors only."""
    found = [(words, "") for words in here]
    if len(associations) == 1:
        one = associations[0]
        found.insert(0, (one.customer.name, reverse("customers:details", args=[one.pk])))
    if actor.partner_kind == PartnerKind.DISTRIBUTOR:
        own = all(row_operations.is_own(actor, row) for row in associations)
        tab = _("Customers") if own else _("Resellers’ Customers")
        found.insert(0, (tab, list_of(actor, associations)))
    return found
