"""Where the partners of the demo transfer to."""

from __future__ import annotations

from billing.models import PartnerAccount, TopUpAccount
from billing.services import partner_accounts
from partner_center import clock
from partner_center.actors import Actor

from . import months

#: Banks and numbers are made up.
BANKS = (
    ("USD", "Harbour Commercial Bank (Demo)", "000-1105112-001"),
    ("HKD", "Harbour Commercial Bank (Demo)", "000-1105112-002"),
)


def seed(operator: Actor) -> None:
    """Publish an account in each currency, of the entity that partners have signed with."""
    entity = PartnerAccount._meta.get_field("signing_entity").default
    for currency, bank, number in BANKS:
        if TopUpAccount.objects.filter(signing_entity=entity, currency=currency).exists():
            continue
        values = {
            "signing_entity": entity,
            "currency": currency,
            "payee": entity,
            "address": "9/F, Demo Tower, Tsim Sha Tsui, Kowloon, Hong Kong",
            "bank": bank,
            "bank_account": number,
            "swift_code": "DEMOHKHH",
        }
        # There before the first bill: invoices say where to transfer to.
        moment = months.unbilled(clock.now()).start
        partner_accounts.add_top_up_account(operator, values=values, moment=moment)
