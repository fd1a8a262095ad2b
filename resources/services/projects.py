"""Enterprise projects: making and renaming them (08 §10.5 "Create Enterprise Project")."""

from __future__ import annotations

from django.db import transaction

import audit.services
from accounts.locks import lock_account
from accounts.permissions import MANAGE_ENTERPRISE
from partner_center import clock
from partner_center.actors import Actor
from partner_center.permissions import Audience
from partner_center.refusals import NotFound
from partner_center.stale import fingerprint_of, refuse_stale

from ..models import EnterpriseProject
from ..queries import projects as queries
from ..refusals import ProjectNameMissing, ProjectNameTaken, ProjectsNotEnabled

LONGEST_NAME, LONGEST_DESCRIPTION = 64, 256
FIELDS = ("name", "description")


@transaction.atomic(durable=True)
def create(actor: Actor, name: str, description: str = "") -> EnterpriseProject:
    """Make a project of the actor's own account.

    Raises NotFound for accounts that are no customers, ProjectsNotEnabled, ProjectNameMissing,
    ProjectNameTaken.
    """
    actor.require(MANAGE_ENTERPRISE)
    if actor.audience != Audience.CUSTOMER:
        raise NotFound
    account = lock_account(actor.account_id)
    if not account.enterprise_projects_at:
        raise ProjectsNotEnabled
    project = EnterpriseProject(
        account=account,
        name=_free_name(actor, name),
        description=description.strip()[:LONGEST_DESCRIPTION],
        created_at=clock.now(),
    )
    project.save(force_insert=True)
    _record(actor, project, "created", before={})
    return project


@transaction.atomic(durable=True)
def modify(
    actor: Actor, project_id: int, name: str, description: str, *, seen: str
) -> EnterpriseProject:
    """Give a project another name or description. Raises NotFound, Stale, and as :func:`create`."""
    actor.require(MANAGE_ENTERPRISE)
    lock_account(actor.account_id)
    project = queries.get_own(actor, project_id)
    refuse_stale(seen, fingerprint_of(project, FIELDS))
    before = _described(project)
    project.name = _free_name(actor, name, but=project.pk)
    project.description = description.strip()[:LONGEST_DESCRIPTION]
    project.save(update_fields=["name", "description"])
    _record(actor, project, "modified", before=before)
    return project


def _free_name(actor: Actor, name: str, but: int | None = None) -> str:
    name = name.strip()
    if not 1 <= len(name) <= LONGEST_NAME:
        raise ProjectNameMissing
    same = EnterpriseProject.objects.filter(account_id=actor.account_id, name__iexact=name)
    if name.lower() == queries.DEFAULT_NAME or same.exclude(pk=but).exists():
        raise ProjectNameTaken(name)
    return name


def _described(project: EnterpriseProject) -> dict[str, str]:
    return {"name": project.name, "description": project.description}


def _record(actor: Actor, project: EnterpriseProject, done: str, before: dict[str, str]) -> None:
    audit.services.record(
        actor,
        f"resources.enterprise_project.{done}",
        project,
        before=before,
        after=_described(project),
    )
