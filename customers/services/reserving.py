"""What every change of a reservation shares, inside the transaction of whoever calls."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from accounts import locks as account_locks
from accounts.models import Account

from .. import locks
from ..choices import InvitationStatus, PreRegistrationReason, PreRegistrationStatus
from ..models import Invitation, PreRegistration
from ..queries import facts
from ..rules import eligibility
from ..rules.preregistration import VALIDITY


@dataclass(frozen=True)
class Parties:
    """The partner that reserves, and the account behind the address if there is one; both locked."""

    partner: Account
    customer: Account | None
    email: str


def lock_parties(partner_id: int, email: str) -> Parties:
    """Lock partner, customer and address: from now on nobody else reserves it. Raises NotFound."""
    known = facts.account_of_email(email)
    keys = {partner_id} | ({known.pk} if known else set())
    locked = {key: account_locks.lock_account(key) for key in sorted(keys)}
    locks.lock_email(email)
    return Parties(locked[partner_id], locked[known.pk] if known else None, email)


def reasons_against(parties: Parties, moment: datetime) -> list[PreRegistrationReason]:
    """Everything that keeps the partner from reserving the customer directly."""
    known = facts.customer_facts(
        parties.customer, email=parties.email, partner=parties.partner, moment=moment
    )
    return eligibility.preregistration_reasons(known, moment)


def free_address(email: str, moment: datetime) -> None:
    """Write Expired where a reservation of this address is over: the job need not have run."""
    over = PreRegistration.objects.of_email(email).filter(
        status=PreRegistrationStatus.REGISTERED, expires_at__lte=moment
    )
    rows = over.order_by("pk").select_for_update(of=("self",), no_key=True)
    expire([row.pk for row in rows], moment)


def expire(preregistration_ids: Collection[int], moment: datetime) -> None:
    """End locked reservations whose time is over, with their open invitations (04-PRE-05)."""
    if preregistration_ids:
        PreRegistration.objects.filter(pk__in=preregistration_ids).update(
            status=PreRegistrationStatus.EXPIRED
        )
        _close_invitations(preregistration_ids, InvitationStatus.EXPIRED, moment)


def withdraw_invitations(preregistration_ids: Collection[int], moment: datetime) -> None:
    """Withdraw the open invitations of locked pre-registrations: their links are dead."""
    _close_invitations(preregistration_ids, InvitationStatus.WITHDRAWN, moment)


def start(preregistration: PreRegistration, moment: datetime) -> None:
    """Let the reservation hold from now on, on a row that the caller saves (D-32)."""
    preregistration.status = PreRegistrationStatus.REGISTERED
    preregistration.registered_at = moment
    preregistration.expires_at = moment + VALIDITY


def _close_invitations(
    preregistration_ids: Collection[int], status: InvitationStatus, moment: datetime
) -> None:
    Invitation.objects.filter(
        preregistration__in=preregistration_ids, status=InvitationStatus.INVITED
    ).update(status=status, finished_at=moment)
