"""Who registered through an invitation link (08-CSA-06, 04-HIS-01)."""

from __future__ import annotations

from datetime import datetime

from accounts.queries.registration import own_account
from accounts.services.registration import name_newcomer
from partner_center.actors import Actor

from ..locks import lock_link
from ..queries.landing import open_invitation
from ..refusals.acceptance import InvitationGone
from .links import from_link


def came_through(actor: Actor, token: str, moment: datetime) -> None:
    """Keep what an invitation says about a new account, in the running transaction.

    A link: the record that later tells the account from existing ones, for which links do not work
    (04-LNK-04); one that ended meanwhile gets none. An e-mailed invitation has its record already; it
    gives the account the name that the partner preregistered, so that the partner finds it again.
    """
    if not token:
        return
    try:
        opened = open_invitation(token, moment)
    except InvitationGone:
        return
    if opened.link:
        from_link(lock_link(opened.link.pk), own_account(actor), moment)
    elif opened.invitation:
        name_newcomer(actor, own_account(actor), full_name=opened.invitation.customer_name)
