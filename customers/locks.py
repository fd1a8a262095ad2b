"""Row locks of the customers app, always taken in this order: accounts by key (accounts.locks),
pre-registrations, links, invitations, associations by key, association records, authorizations."""

from __future__ import annotations

from collections.abc import Iterable

from partner_center.actors import Actor
from partner_center.refusals import NotFound

from .models import Association, Campaign, Invitation, InvitationLink, PreRegistration


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
