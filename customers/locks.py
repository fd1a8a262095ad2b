"""Row locks of the customers app, always taken in this order: accounts by key (accounts.locks),
e-mail address, pre-registrations by key, links, invitations, associations by key, association records,
authorizations."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.db.models import QuerySet

from partner_center.actors import Actor
from partner_center.refusals import NotFound

from .choices import Purpose
from .models import (
    Association,
    AssociationRequest,
    Campaign,
    Invitation,
    InvitationLink,
    OnBehalfAuthorization,
    PreRegistration,
)
from .queries import reach


def lock_email(email: str) -> None:
    """Let only one transaction at a time reserve this e-mail address, however it is written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"customers.reservation:{email.lower()}"],
        )


def lock_preregistration(preregistration_id: int) -> PreRegistration:
    """A pre-registration of anybody, locked to the end of the transaction. Raises NotFound.

    Whoever accepts, deletes, reviews or expires it decides after this lock, and locks its
    invitations only then.
    """
    rows = PreRegistration.objects.select_for_update(of=("self",), no_key=True)
    rows = rows.select_related("account", "created_by")
    if (found := rows.filter(pk=preregistration_id).first()) is None:
        raise NotFound
    return found


def lock_own_preregistrations(actor: Actor, ids: Iterable[int]) -> list[PreRegistration]:
    """Pre-registrations that the actor sees, locked, by key. Raises NotFound if one is missing."""
    wanted = set(ids)
    rows = PreRegistration.objects.visible_to(actor).filter(pk__in=wanted, deleted_at=None)
    found = list(rows.order_by("pk").select_for_update(of=("self",), no_key=True))
    if {row.pk for row in found} != wanted:
        raise NotFound
    return found


def lock_own_preregistration(actor: Actor, preregistration_id: int) -> PreRegistration:
    """A pre-registration that the actor sees, locked. Raises NotFound."""
    rows = PreRegistration.objects.visible_to(actor).filter(pk=preregistration_id)
    rows = rows.select_related("account").select_for_update(of=("self",), no_key=True)
    if (found := rows.first()) is None:
        raise NotFound
    return found


def lock_invitation(invitation_id: int) -> Invitation:
    """An invitation of anybody, locked after its pre-registration. Raises NotFound."""
    rows = Invitation.objects.filter(pk=invitation_id)
    PreRegistration.objects.select_for_update(no_key=True).filter(
        pk__in=rows.values("preregistration")
    ).first()
    rows = rows.select_related("preregistration", "account", "manager", "link")
    if (found := rows.select_for_update(of=("self",), no_key=True).first()) is None:
        raise NotFound
    return found


def lock_link(link_id: int) -> InvitationLink:
    """An invitation link of anybody, locked to the end of the transaction. Raises NotFound."""
    rows = InvitationLink.objects.filter(pk=link_id).select_related(
        "account", "manager", "campaign"
    )
    if (found := rows.select_for_update(of=("self",), no_key=True).first()) is None:
        raise NotFound
    return found


def lock_campaign(campaign_id: int) -> Campaign:
    """A campaign, locked to the end of the transaction. Raises NotFound."""
    found = Campaign.objects.select_for_update(no_key=True).filter(pk=campaign_id).first()
    if found is None:
        raise NotFound
    return found


def lock_association(association_id: int) -> Association:
    """A live association of anybody, locked to the end of the transaction. Raises NotFound."""
    rows = Association.objects.live().select_for_update(of=("self",), no_key=True)
    rows = rows.select_related("customer", "account")
    if (found := rows.filter(pk=association_id).first()) is None:
        raise NotFound
    return found


def lock_own_associations(actor: Actor, association_ids: Iterable[int]) -> list[Association]:
    """Live associations that the actor sees, locked, by key. Raises NotFound if one is missing."""
    wanted = set(association_ids)
    rows = Association.objects.visible_to(actor).live().filter(pk__in=wanted)
    rows = rows.select_related("customer", "account").order_by("pk")
    found = list(rows.select_for_update(of=("self",), no_key=True))
    if {row.pk for row in found} != wanted:
        raise NotFound
    return found


def lock_association_of_customer(actor: Actor) -> Association | None:
    """The live association of the acting customer, locked; None without a partner."""
    rows = Association.objects.live().filter(customer_id=actor.account_id)
    rows = rows.select_related("customer", "account")
    return rows.select_for_update(of=("self",), no_key=True).first()


def lock_disassociation(requests: QuerySet[AssociationRequest], pk: int) -> AssociationRequest:
    """A request to disassociate out of ``requests``, and its association before it, locked.

    Raises NotFound. The association may have ended and the request may be decided: look at both.
    """
    wanted = requests.filter(pk=pk, purpose=Purpose.DISASSOCIATE)
    association_id = wanted.values_list("association_id", flat=True).first()
    if association_id is None:
        raise NotFound
    rows = Association.objects.select_for_update(of=("self",), no_key=True)
    association = rows.select_related("customer", "account").get(pk=association_id)
    locked = AssociationRequest.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
    locked.association = association
    return locked


def lock_open_requests(association: Association) -> list[AssociationRequest]:
    """What of a locked association still waits for a decision, locked, by key."""
    rows = AssociationRequest.objects.open().filter(association=association).order_by("pk")
    return list(rows.select_for_update(of=("self",), no_key=True))


def lock_reachable(actor: Actor, association_id: int) -> Association:
    """A live association of the actor's account or of its resellers, locked. Raises NotFound."""
    rows = reach.reachable(actor).select_related("customer", "account").filter(pk=association_id)
    if (found := rows.select_for_update(of=("self",), no_key=True).first()) is None:
        raise NotFound
    return found


def lock_authorization(actor: Actor, authorization_id: int) -> OnBehalfAuthorization:
    """An authorization that the actor's account gives, locked after its association.

    Raises NotFound.
    """
    rows = OnBehalfAuthorization.objects.filter(customer_id=actor.account_id, pk=authorization_id)
    if (association_id := rows.values_list("association_id", flat=True).first()) is None:
        raise NotFound
    Association.objects.select_for_update(no_key=True).get(pk=association_id)
    locked = rows.select_for_update(of=("self",), no_key=True)
    return locked.select_related("account", "customer", "association").get()
