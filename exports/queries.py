"""Reads of exports."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from accounts.backends import PortalBackend
from accounts.models import User
from accounts.models.user import UserQuerySet
from accounts.queries import actors
from partner_center.actors import Actor, Door
from partner_center.refusals import NotFound

from .choices import UNFINISHED, ExportStatus
from .models import ExportTask, ExportTaskQuerySet
from .refusals import NoLongerPermitted


def list_tasks(actor: Actor) -> ExportTaskQuerySet:
    """Export tasks that the actor sees: own ones, or all of the account with the permission."""
    return ExportTask.objects.visible_to(actor)


def get_task_for(actor: Actor, uid: str) -> ExportTask:
    """One task. Raises NotFound for a missing one and for another tenant's or member's."""
    task = list_tasks(actor).filter(uid=uid).first()
    if task is None:
        raise NotFound
    return task


def creators(actor: Actor) -> UserQuerySet:
    """Users who created the tasks that the actor sees."""
    return User.objects.filter(pk__in=list_tasks(actor).values("created_by")).order_by("username")


def creator_of(task: ExportTask) -> Actor:
    """Who created the task, as this member stands now: permissions and scope of this moment.

    Raises NoLongerPermitted when the member or the account may no longer sign in.
    """
    user = PortalBackend().get_user(task.created_by_id)
    if user is None or user.account_id != task.account_id:
        raise NoLongerPermitted
    return actors.actor_for(user, door=Door.JOB)


@dataclass(frozen=True)
class TaskCounts:
    """Export tasks under way, and files that can be downloaded."""

    unfinished: int
    completed: int


def task_counts(actor: Actor) -> TaskCounts:
    """Counts over the tasks that the actor sees. One query."""
    unfinished = Count("pk", filter=Q(status__in=UNFINISHED))
    completed = Count("pk", filter=Q(status=ExportStatus.COMPLETED))
    found = list_tasks(actor).aggregate(unfinished=unfinished, completed=completed)
    return TaskCounts(**found)
