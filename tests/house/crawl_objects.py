"""What the tenant crawl needs to know: one object of Tidemark for every route with a parameter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import audit.services
import notifications.services.settings
from accounts.models import AccessKey, CustomerContact, Role, User
from accounts.services import access_keys
from audit.models import OperationRecord
from customers.models import AssignmentBatch, Association
from exports.models import ExportTask
from notifications.models import Message, Recipient
from partner_center import clock

from .. import cast


@dataclass
class Scene:
    """The cast and the objects of Tidemark that the routes are asked for."""

    cast: cast.Cast
    export: ExportTask
    record: OperationRecord
    message: Message
    recipient: Recipient
    role: Role
    contact: CustomerContact
    key: AccessKey
    association: Association
    batch: AssignmentBatch


def build_scene(canary: str) -> Scene:
    """The cast, with ``canary`` in the name of everything that Tidemark owns."""
    players = cast.assemble()
    User.objects.filter(account=players.tidemark).update(name=f"{canary} person")
    mara = players.actor(players.mara)
    recipient = notifications.services.settings.create_recipient(
        mara, name=f"{canary} recipient", email="r@tidemark.example", phone="+639175552291"
    )
    notice = notifications.services.notify(
        mara,
        account_id=players.tidemark.pk,
        type="settings_changed",
        key="crawl",
        template="recipients_changed",
        context={"type": canary},
    )
    return Scene(
        cast=players,
        export=_export(players, canary),
        record=audit.services.record(mara, "x.y.z", after={"note": canary}, trace="customerEnter"),
        message=notice.messages.get(user=players.mara),
        recipient=recipient,
        role=_custom_role(players, canary),
        contact=CustomerContact.objects.create(
            account=players.tidemark,
            name="Service desk",  # customers of Tidemark see it by right (02-CON-03)
            mobile="+639175552291",
            email="desk@tidemark.example",
            created_at=clock.now(),
        ),
        key=access_keys.create_key(mara, user_id=players.mara.pk, description=canary),
        association=Association.objects.get(customer=players.harborline),
        batch=AssignmentBatch.objects.create(
            account=players.tidemark,
            kind="transfer",
            created_by=players.mara,
            created_at=clock.now(),
            total=0,
        ),
    )


def _custom_role(players: cast.Cast, canary: str) -> Role:
    Role.objects.filter(account=players.tidemark).update(name=f"{canary} role")
    return Role.objects.get(account=players.tidemark)


def _export(players: cast.Cast, canary: str) -> ExportTask:
    moment = clock.now()
    return ExportTask.objects.create(
        account=players.tidemark,
        uid="0" * 32,
        exporter="members",
        title=f"{canary} members",
        file_format="csv",
        created_by=players.mara,
        created_at=moment,
        touched_at=moment,
    )


#: Route name → keyword arguments that name an object of Tidemark (public pages: any object).
OBJECTS: dict[str, Callable[[Scene], dict[str, Any]]] = {
    "accounts:agreement": lambda scene: {"code": "user-agreement"},
    "accounts:agreement-version": lambda scene: {"code": "user-agreement", "version": "1.0"},
    **{
        f"organization:{name}": lambda scene: {"pk": scene.cast.rosa.pk}
        for name in (
            "member",
            "created",
            "member-modify",
            "member-roles",
            "member-team",
            "member-password",
            "member-delete",
        )
    },
    **{
        f"organization:{name}": lambda scene: {"pk": scene.role.pk}
        for name in ("role", "role-users", "role-modify", "role-delete")
    },
    **{
        f"organization:{name}": lambda scene: {"pk": scene.contact.pk}
        for name in ("contact-modify", "contact-delete")
    },
    "access_keys:disable": lambda scene: {"ak": scene.key.ak},
    "access_keys:enable": lambda scene: {"ak": scene.key.ak},
    "access_keys:delete": lambda scene: {"ak": scene.key.ak},
    "audit:record": lambda scene: {"uid": scene.record.uid},
    "audit:trace": lambda scene: {"uid": scene.record.uid},
    "notifications:message": lambda scene: {"pk": scene.message.pk},
    "notifications:read": lambda scene: {"pk": scene.message.pk},
    "notifications:unread": lambda scene: {"pk": scene.message.pk},
    "notifications:delete": lambda scene: {"pk": scene.message.pk},
    "notifications:recipient": lambda scene: {"pk": scene.recipient.pk},
    "notifications:recipient-delete": lambda scene: {"pk": scene.recipient.pk},
    **{
        f"assignment:{name}": lambda scene: {"user_id": scene.cast.jun.pk}
        for name in ("customers", "choose", "select")
    },
    **{
        name: lambda scene: {"association_id": scene.association.pk}
        for name in (
            "assignment:assign",
            "assignment:unassign",
            "discounts:set",
            "customers:details",
            "customers:basic-information",
        )
    },
    "assignment:batch": lambda scene: {"batch_id": scene.batch.pk},
    "exports:download": lambda scene: {"uid": scene.export.uid},
    "exports:cancel": lambda scene: {"uid": scene.export.uid},
    "exports:repeat": lambda scene: {"uid": scene.export.uid},
}

#: Routes that do not stand on PortalView, each with the reason.
FOREIGN: dict[str, str] = {
    "healthz": "for load balancers: answers everybody, shows no tenant",
    "readyz": "for load balancers: answers everybody, shows no tenant",
}
