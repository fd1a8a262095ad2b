"""Enterprise projects of a customer, and in which of them a resource was at a moment."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet

from accounts.permissions import VIEW_ENTERPRISE
from partner_center.actors import Actor
from partner_center.refusals import NotFound

from ..choices import ResourceStatus
from ..models import EnterpriseProject, ProjectStay

#: What is in no project is in this one, as the API and people name it.
DEFAULT_ID, DEFAULT_NAME = "0", "default"


def list_own(actor: Actor) -> QuerySet[EnterpriseProject]:
    """The projects of the actor's account with the number of their resources, by name."""
    actor.require(VIEW_ENTERPRISE)
    there = Count("resources", filter=~Q(resources__status=ResourceStatus.RELEASED))
    return choices_of(actor.account_id).annotate(resources_there=there)


def get_own(actor: Actor, project_id: int) -> EnterpriseProject:
    """One project of the actor's account. Raises NotFound."""
    return of_account(actor.account_id, project_id)


def choices_of(account_id: int) -> QuerySet[EnterpriseProject]:
    """What can be chosen beside the default project, by name."""
    return EnterpriseProject.objects.filter(account_id=account_id).order_by("name", "pk")


def of_account(account_id: int, project_id: int) -> EnterpriseProject:
    """One project of an account. Raises NotFound."""
    if (found := choices_of(account_id).filter(pk=project_id).first()) is None:
        raise NotFound
    return found


def named(public_id: str) -> Q:
    """Condition over resources: now in the project of this ID; ``0`` is the default one."""
    if public_id == DEFAULT_ID:
        return Q(project=None)
    try:
        return Q(project__public_id=UUID(public_id))
    except ValueError:
        return Q(pk__in=[])


def are_used(account_ids: Collection[int]) -> bool:
    """Whether anything of these accounts ever was in a project of its own."""
    return ProjectStay.objects.filter(account__in=account_ids).exists()


def stay_of_charge() -> QuerySet[ProjectStay]:
    """Subquery over charges: where the resource was at the moment of the transaction."""
    moment = OuterRef("charged_at")
    stays = ProjectStay.objects.filter(
        account=OuterRef("customer"),
        resource__resource_id=OuterRef("resource_id"),
        began_at__lte=moment,
    )
    return stays.filter(Q(ended_at=None) | Q(ended_at__gt=moment))
