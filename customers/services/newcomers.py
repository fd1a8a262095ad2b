"""Who registered through an invitation link (08-CSA-06, 04-HIS-01)."""

from __future__ import annotations

from datetime import datetime

from accounts.queries.registration import own_account
from partner_center.actors import Actor

from ..locks import lock_link
from ..queries.landing import open_invitation
from ..refusals.acceptance import InvitationGone
from .links import from_link


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
    if opened.link:
        from_link(lock_link(opened.link.pk), own_account(actor), moment)
