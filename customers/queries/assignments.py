"""Reads of account managers and their customers (04 §8.3.1.13, 8.3.2)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from accounts.choices import SystemRole, UserStatus
from accounts.models import RoleAssignment, User
from partner_center.actors import Actor, Scope
from partner_center.refusals import NotFound

from ..models import (
    AssignmentBatch,
    AssignmentBatchRow,
    Association,
    ManagerAssignment,
)
from ..permissions import ASSIGN_CUSTOMERS, VIEW_ASSIGNMENTS, VIEW_CUSTOMERS

#: Roles whose holders look after customers (02-ROL-06, ROL-07; 04-LNK-03).
PORTFOLIO_ROLES = (SystemRole.MANAGER, SystemRole.DIRECTOR)


@dataclass(frozen=True)
class ManagerRow:
    """A manager as the pickers show it."""

    pk: int
    name: str
    username: str


def list_managers(actor: Actor) -> QuerySet[User]:
    """Account managers and directors of the partner; a director sees itself and its managers."""
    actor.require(VIEW_ASSIGNMENTS)
    return managers_for(actor)


def managers_for(actor: Actor) -> QuerySet[User]:
    """Account managers and directors whom the actor may name: all, its team's, or itself (S-06).

    Asks for no permission.
    """
    rows = User.objects.visible_to(actor).present().filter(_holds_portfolio_role())
    if actor.scope != Scope.ALL:
        rows = rows.filter(pk__in=actor.team or {actor.user_id})
    return rows.order_by("name", "pk")


def assignees_for(actor: Actor) -> QuerySet[User]:
    """Those of ``managers_for`` who can be given customers: whoever is locked out cannot."""
    return managers_for(actor).filter(status=UserStatus.NORMAL)


def looks_after_customers(user_id: int | None) -> bool:
    """Whether the user is an account manager or director now, and was not deleted."""
    return User.objects.present().filter(_holds_portfolio_role(), pk=user_id).exists()


def pick_managers(actor: Actor, words: str = "") -> list[ManagerRow]:
    """Managers whose name or login name holds these words, for a picker; nobody who is locked out."""
    actor.require(ASSIGN_CUSTOMERS)
    found = assignees_for(actor)
    if words := words.strip():
        found = found.filter(Q(name__icontains=words) | Q(username__icontains=words))
    return _rows(found)


def pick_sources(actor: Actor) -> list[ManagerRow]:
    """Managers whose customers can be transferred: those who are locked out as well."""
    actor.require(ASSIGN_CUSTOMERS)
    return _rows(managers_for(actor))


def get_manager(actor: Actor, user_id: int) -> User:
    """One account manager or director that the actor may see. Raises NotFound."""
    actor.require(VIEW_ASSIGNMENTS)
    if (found := managers_for(actor).filter(pk=user_id).first()) is None:
        raise NotFound
    return found


def current_manager(field: str, reference: str = "pk") -> Subquery:
    """Expression over associations: a field of whoever looks after the customer; None if nobody."""
    live = ManagerAssignment.objects.live().filter(association=OuterRef(reference))
    return Subquery(live.values(f"manager__{field}")[:1])


def customers_of_manager(actor: Actor, user_id: int) -> QuerySet[Association]:
    """Customers that the manager looks after, ending ones included, with since and until when."""
    actor.require(VIEW_ASSIGNMENTS)
    get_manager(actor, user_id)
    assignment = ManagerAssignment.objects.live().filter(
        association=OuterRef("pk"), manager_id=user_id
    )
    return (
        Association.objects.visible_to(actor)
        .live()
        .annotate(
            assigned_at=Subquery(assignment.values("started_at")[:1]),
            assigned_until=Subquery(assignment.values("ends_at")[:1]),
        )
        .exclude(assigned_at=None)
        .select_related("customer", "account")
    )


def assignable(
    actor: Actor, *, words: str = "", only_unassigned: bool = False
) -> QuerySet[Association]:
    """Customers for the dialog Select Customer, each with its ``manager_name`` (04-ASG-02)."""
    actor.require(ASSIGN_CUSTOMERS)
    found = (
        Association.objects.visible_to(actor)
        .live()
        .annotate(
            manager_id=current_manager("pk"),
            manager_name=current_manager("name"),
        )
        .select_related("customer")
        .order_by(F("manager_id").asc(nulls_first=True), "customer__full_name", "pk")
    )
    if only_unassigned:
        found = found.filter(manager_id=None)
    if words := words.strip():
        found = found.filter(
            Q(customer__name__icontains=words) | Q(customer__full_name__icontains=words)
        )
    return found


def chosen(actor: Actor, association_ids: list[int]) -> QuerySet[Association]:
    """Those of the customers that the actor sees, with their managers, by name."""
    actor.require(VIEW_CUSTOMERS)
    found = Association.objects.visible_to(actor).live().filter(pk__in=association_ids)
    found = found.annotate(manager_id=current_manager("pk"), manager_name=current_manager("name"))
    return found.select_related("customer").order_by("customer__full_name", "pk")


def has_batches(actor: Actor) -> bool:
    """Whether Batch transfer history would show the actor anything."""
    return list_batches(actor).exists()


def list_batches(actor: Actor) -> QuerySet[AssignmentBatch]:
    """Batches of the partner; a member without the view of all customers sees its own (D-24)."""
    actor.require(VIEW_ASSIGNMENTS)
    batches = AssignmentBatch.objects.visible_to(actor)
    if actor.scope != Scope.ALL:
        batches = batches.filter(created_by_id=actor.user_id)
    return batches.select_related("manager", "source", "created_by")


def get_batch(actor: Actor, batch_id: int) -> AssignmentBatch:
    """One batch. Raises NotFound."""
    if (found := list_batches(actor).filter(pk=batch_id).first()) is None:
        raise NotFound
    return found


def rows_of(actor: Actor, batch_id: int) -> QuerySet[AssignmentBatchRow]:
    """What a batch did, row by row."""
    batch = get_batch(actor, batch_id)
    rows = AssignmentBatchRow.objects.filter(batch=batch)
    return rows.select_related("association__customer")


def _rows(managers: QuerySet[User]) -> list[ManagerRow]:
    return [ManagerRow(user.pk, str(user), user.username) for user in managers[:100]]


def _holds_portfolio_role() -> Exists:
    held = RoleAssignment.objects.filter(user=OuterRef("pk"), role__system_code__in=PORTFOLIO_ROLES)
    return Exists(held)
