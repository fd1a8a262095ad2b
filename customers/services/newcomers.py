"""Who registered through an invitation link (08-CSA-06, 04-HIS-01)."""

from __future__ import annotations

from datetime import datetime

from accounts.queries.registration import own_account
from partner_center.actors import Actor

from ..choices import InvitationStatus
from ..models import Invitation
from ..queries.landing import open_invitation
from ..refusals.acceptance import InvitationGone


def came_through(actor: Actor, token: str, moment: datetime) -> None:
    """Keep the record of a new account that came through a link, in the running transaction.

    It is what later tells the account from existing ones, for which links do not work (04-LNK-04).
    E-mailed invitations have their record already; a link that ended meanwhile gets none.
    """
    if not token:
        return
    try:
        opened = open_invitation(token, moment)
    except InvitationGone:
        return
    if (link := opened.link) is None:
        return
    Invitation.objects.create(
        account_id=link.account_id,
        link=link,
        method=link.method,
        model=opened.model,
        email=own_account(actor).email,
        custom_tag=link.custom_tag,
        manager_id=link.manager_id,
        status=InvitationStatus.INVITED,
        invited_by_id=link.created_by_id,
        invited_at=moment,
        customer_id=actor.account_id,
    )
