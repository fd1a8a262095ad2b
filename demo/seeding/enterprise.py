"""An enterprise: Bulan Media, of the Referral model, is the master of three member accounts."""

from __future__ import annotations

from accounts.choices import EnterpriseAccounting
from accounts.models import Account, EnterpriseMember
from accounts.services.enterprise import Membership, add_member
from partner_center.actors import Actor

MASTER = "bulan-media"
#: Referral customers too: the Reseller model takes no members of enterprises (04-AF13).
MEMBERS = {
    "lakan-legal": Membership(display_name="Legal affairs", unit="Services"),
    "pandan-pay": Membership(
        display_name="Ticket payments", unit="Services", accounting=EnterpriseAccounting.UNIFIED
    ),
    "yakal-freight": Membership(display_name="Outside broadcasts"),
}


def seed(operator: Actor) -> None:
    """Add the members that are in no enterprise yet; nothing without the master."""
    named = Account.objects.filter(name__in=(MASTER, *MEMBERS))
    accounts = {account.name: account for account in named}
    if MASTER not in accounts:
        return
    tied = EnterpriseMember.objects.values_list("member__name", flat=True)
    for name in MEMBERS.keys() - set(tied):
        add_member(
            operator,
            master_id=accounts[MASTER].pk,
            member_id=accounts[name].pk,
            membership=MEMBERS[name],
        )
