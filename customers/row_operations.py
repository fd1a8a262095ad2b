"""What may be done with one customer: one table for the row's More menu and the page of details.

An operation is offered when the actor holds the permission and the customer's state allows it. The
service behind the page decides again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.choices import PartnerKind
from partner_center.actors import Actor

from .choices import AssociationModel
from .models import Association
from .permissions import (
    ASSIGN_CUSTOMERS,
    DISASSOCIATE,
    REQUEST_AUTHORIZATION,
    SET_DISCOUNTS,
    VERIFY_CUSTOMERS,
)

#: Menus of the page of details; operations without one stand there as buttons.
ASSOCIATION = "association"
FREEZING = "freezing"
_DETAILS = "details"
#: Offered in the More menu of the lists only: the page of details has cards and tabs for them.
ROWS = "rows"


@dataclass(frozen=True)
class RowOperation:
    """One operation. ``url_name`` takes the key of the association; some pages open as dialogs."""

    key: str
    label: str | Promise
    url_name: str
    permission: str
    icon: str
    applies: Callable[[Actor, Association], bool] = lambda actor, association: True
    menu: str = ""
    is_dangerous: bool = False
    opens_dialog: bool = False
    #: Its name where the customer's state gives it another one; empty for the label.
    label_when: Callable[[Association], str | Promise] = lambda association: ""
    #: Whether it ends on the page where it was chosen; others have a page of their own to go on to.
    returns: bool = False
    #: It stands in the row itself, beside the More menu; at most one does.
    is_link: bool = False


@dataclass(frozen=True)
class Offered:
    """An operation that may be done with a certain customer."""

    operation: RowOperation
    url: str
    label: str | Promise

    @property
    def url_on_details(self) -> str:
        """The address on the page of details."""
        return f"{self.url}?from={_DETAILS}" if self.operation.returns else self.url


def is_own(actor: Actor, association: Association) -> bool:
    """Whether the customer is the actor's, and not one of its resellers' (06-DCU-14, DX-11)."""
    return association.account_id == actor.account_id


def _takes_authorization(actor: Actor, association: Association) -> bool:
    """On-behalf work is for customers of the Reseller model; a reseller's are its distributor's too
    (04-OBO-01, 06-DX-09)."""
    return association.model == AssociationModel.RESELLER


def _obtained(association: Association) -> str | Promise:
    """What was asked for and given has another name (06-DCU-09, 07-RCUS-11).

    Rows carry ``has_authorized``: whether the customer has authorized the actor's own account.
    """
    return _("Authorization Obtained") if getattr(association, "has_authorized", False) else ""


def _takes_discount(actor: Actor, association: Association) -> bool:
    """Referral customers of providers and distributors whom the operator lets (04 D-45, 07-RDF-06).

    Rows carry ``may_discount``: whether the partner's terms and country allow discounts.
    """
    return (
        is_own(actor, association)
        and association.model == AssociationModel.REFERRAL
        and actor.partner_kind != PartnerKind.RESELLER
        and bool(getattr(association, "may_discount", False))
    )


#: In the order of the menus. Floors above add theirs with :func:`add_operation`.
OPERATIONS: list[RowOperation] = [
    RowOperation(
        "assign",
        _("Assign Account Manager"),
        "assignment:assign",
        ASSIGN_CUSTOMERS,
        "user-check",
        is_own,
        opens_dialog=True,
        returns=True,
    ),
    RowOperation(
        "authorization",
        _("Request Authorization"),
        "authorizations:request",
        REQUEST_AUTHORIZATION,
        "key",
        _takes_authorization,
        opens_dialog=True,
        label_when=_obtained,
    ),
    RowOperation(
        "discount",
        _("Create Discount"),
        "discounts:set",
        SET_DISCOUNTS,
        "rosette-discount-check",
        _takes_discount,
        returns=True,
    ),
    RowOperation(
        "realname",
        _("Real-Name Authentication"),
        "realname:customer",
        VERIFY_CUSTOMERS,
        "id",
        is_own,
        menu=ROWS,
    ),
    RowOperation(
        "disassociate",
        _("Disassociate"),
        "association_records:disassociate",
        DISASSOCIATE,
        "unlink",
        is_own,
        menu=ASSOCIATION,
        is_dangerous=True,
    ),
]


def add_operation(operation: RowOperation, *, before: str = "") -> None:
    """Add an operation of a floor above, called once at start from its ``row_operations.py``.

    It stands in front of the operation with the key ``before``, else behind all others.
    """
    keys = [each.key for each in OPERATIONS]
    OPERATIONS.insert(keys.index(before) if before in keys else len(keys), operation)


def page_after(query: Mapping[str, str], association_id: int | None) -> str:
    """Where an operation ends: on the details of the customer if it was chosen there, else the list.

    ``query`` is that of the operation's address.
    """
    if association_id and query.get("from") == _DETAILS:
        return reverse("customers:details", args=[association_id])
    return reverse("customers:list")


def offered(actor: Actor, association: Association) -> list[Offered]:
    """What the actor may do with this customer, dangerous operations last."""
    found = (
        Offered(
            operation,
            reverse(operation.url_name, args=[association.pk]),
            operation.label_when(association) or operation.label,
        )
        for operation in OPERATIONS
        if actor.can(operation.permission) and operation.applies(actor, association)
    )
    return sorted(found, key=lambda each: each.operation.is_dangerous)
