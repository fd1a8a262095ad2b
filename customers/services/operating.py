"""Associations and the account managers who look after them (04 §8.3.1, 02 S-07, S-08)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

import audit.services
from accounts import locks as account_locks
from accounts.choices import SystemRole
from accounts.models import Account, RoleAssignment, User
from partner_center import clock
from partner_center.actors import Actor
from partner_center.refusals import NotFound

from ..choices import AssignmentOrigin, AssociationModel, Purpose, Side
from ..locks import lock_association
from ..models import Association, ManagerAssignment
from ..permissions import OPERATE_ASSOCIATIONS
from ..queries import facts
from ..refusals import (
    ModelNotGranted,
    NoAccountManager,
    NoCustomer,
    NoPartner,
    SameModel,
    StillHasCustomers,
)
from ..rules.attribution import attribution_end
from ..rules.eligibility import model_causes
from ..signals import association_type_changed
from . import associating
from .leaving_messages import tell_ended, tell_model_changed


@transaction.atomic(durable=True)
def associate(
    actor: Actor,
    *,
    partner_id: int,
    customer_id: int,
    model: AssociationModel = AssociationModel.RESELLER,
    freezes: bool = False,
    reason: str = "",
) -> Association:
    """Associate a customer with a partner, by the operator, for example from a service ticket.

    ``freezes`` places the default freeze hold as an invitation would; without it the customer is
    not frozen (08-CSA-16). Raises NoPartner, NoCustomer, AlreadyAssociated, NotFound.
    """
    actor.require(OPERATE_ASSOCIATIONS)
    locked = {pk: account_locks.lock_account(pk) for pk in sorted({partner_id, customer_id})}
    partner, customer = locked[partner_id], locked[customer_id]
    _refuse_wrong_kinds(partner, customer)
    terms = associating.Terms(model=model, freezes=freezes, reason=reason)
    return associating.complete(
        actor, partner=partner, customer=customer, terms=terms, moment=clock.now()
    )


@transaction.atomic(durable=True)
def end_association(actor: Actor, association_id: int, *, reason: str) -> Association:
    """End an association, by the operator; the history stays, and both sides are told.

    Raises NotFound when it has ended already.
    """
    actor.require(OPERATE_ASSOCIATIONS)
    association, moment = lock_association(association_id), clock.now()
    associating.end(actor, association, reason=reason, moment=moment)
    associating.add_record(
        actor, association, Purpose.DISASSOCIATE, moment, initiator=Side.OPERATOR, reason=reason
    )
    tell_ended(actor, association, reason, moment)
    return association


@transaction.atomic(durable=True)
def change_model(
    actor: Actor, association_id: int, *, model: AssociationModel, reason: str
) -> Association:
    """Change the association type; only the operator does so (08 X-25).

    Raises NotFound, SameModel, and ModelNotGranted when the partner may not have this customer in
    the new model (AF06, AF14, AF15).
    """
    actor.require(OPERATE_ASSOCIATIONS)
    association, moment = lock_association(association_id), clock.now()
    before = AssociationModel(association.model)
    if model == before:
        raise SameModel(model)
    _refuse_ungranted_model(association, model)
    association.model = model
    association.save(update_fields=["model"])
    request = associating.add_record(
        actor, association, Purpose.TYPE_CHANGE, moment, initiator=Side.OPERATOR, reason=reason
    )
    associating.record_type_change(actor, association, before, reason)
    association_type_changed.send(
        Association, association=association, before=before, actor=actor, moment=moment
    )
    tell_model_changed(actor, association, request, str(before.label))
    return association


@transaction.atomic(durable=True)
def assign_manager(actor: Actor, association_id: int, *, manager_id: int) -> ManagerAssignment:
    """Let an account manager or director of the partner look after the customer, by the operator.

    Whoever did so before is unassigned. Raises NoAccountManager, NotFound.
    """
    actor.require(OPERATE_ASSOCIATIONS)
    association = lock_association(association_id)
    manager = account_locks.lock_user(manager_id)
    if manager.account_id != association.account_id or manager.deleted_at:
        raise NotFound
    _refuse_no_manager(manager)
    moment = clock.now()
    live = ManagerAssignment.objects.filter(association=association, ended_at=None)
    before = live.values_list("manager__username", flat=True).first()
    live.update(ended_at=moment)
    assignment = ManagerAssignment.objects.create(
        account_id=association.account_id,
        association=association,
        manager=manager,
        origin=AssignmentOrigin.OPERATOR,
        assigned_by_id=actor.user_id,
        started_at=moment,
    )
    audit.services.record(
        actor,
        "customers.manager.assigned",
        association,
        before={"manager": before},
        after={"manager": manager.username},
        account_id=association.account_id,
    )
    return assignment


def end_assignments_of(actor: Actor, *, manager: User, moment: datetime) -> int:
    """Unassign all customers of a user, in the running transaction; returns how many (02 S-07).

    Expenditure counts for the user until ``rules.attribution_end(moment)``.
    """
    live = ManagerAssignment.objects.filter(manager=manager, ended_at=None)
    customers = list(live.values_list("association_id", flat=True).order_by("pk"))
    if not customers:
        return 0
    live.update(ended_at=moment)
    audit.services.record(
        actor,
        "customers.manager.unassigned",
        manager,
        before={"associations": customers},
        after={"associations": [], "counts_until": attribution_end(moment).isoformat()},
        account_id=manager.account_id,
    )
    return len(customers)


def refuse_losing_partner(account: Account) -> None:
    """Raise StillHasCustomers when the account has live customers, in the running transaction."""
    if count := Association.objects.live().filter(account=account).count():
        raise StillHasCustomers(count)


def _refuse_wrong_kinds(partner: Account, customer: Account) -> None:
    if not partner.partner_kind:
        raise NoPartner(partner.title)
    if customer.partner_kind or customer.is_operator:
        raise NoCustomer(customer.title)


def _refuse_ungranted_model(association: Association, model: AssociationModel) -> None:
    country = facts.country_of(association.customer)
    partner = facts.partner_facts(association.account, customer_country=country)
    if causes := model_causes(partner, model):
        raise ModelNotGranted([str(cause.label) for cause in causes])


def _refuse_no_manager(user: User) -> None:
    roles = RoleAssignment.objects.filter(user=user)
    if not roles.filter(role__system_code__in=[SystemRole.MANAGER, SystemRole.DIRECTOR]).exists():
        raise NoAccountManager(str(user))
