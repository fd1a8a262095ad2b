"""Signing the Instructions for associating with a partner (08 §10.7)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

import audit.services
from accounts import locks as account_locks
from accounts.models import AgreementSignature
from accounts.queries import agreements
from accounts.services import registration
from partner_center import clock
from partner_center.actors import Actor

from ..permissions import MANAGE_PARTNER
from ..queries import instructions as reads
from ..refusals.acceptance import InstructionsChanged


@transaction.atomic(durable=True)
def sign(actor: Actor, *, version: str) -> None:
    """Sign the Instructions in the version that was shown (INS-02, INS-03).

    Signing them again changes nothing. Raises InstructionsChanged.
    """
    actor.require(MANAGE_PARTNER)
    account = account_locks.lock_account(actor.account_id)
    if reads.instructions().version != version:
        raise InstructionsChanged
    if signed := sign_missing(actor, [reads.INSTRUCTIONS], clock.now()):
        audit.services.record(
            actor,
            "customers.instructions.signed",
            account,
            after={"document": signed[0].document.title, "version": version},
        )


def sign_missing(actor: Actor, codes: list[str], moment: datetime) -> list[AgreementSignature]:
    """Sign the present versions that the account has not signed yet, in the running transaction.

    A version is signed once by an account, whose row the caller has locked.
    """
    missing = [
        document.code
        for document in agreements.current(codes, moment)
        if not reads.has_signed(actor.account_id, document)
    ]
    return registration.sign(actor, missing, moment)


def sign_letter(actor: Actor, moment: datetime) -> AgreementSignature:
    """Sign the Letter of Authorization for an association that may follow later (08-CSA-04)."""
    return registration.sign(actor, [reads.LETTER], moment)[0]
