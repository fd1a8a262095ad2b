"""Refusals of the API door."""

from __future__ import annotations

from partner_center.refusals import Refusal


class AlreadyReceived(Refusal):
    """The same signature was seen before: a replay, or two equal calls within one second."""

    code = "bss_api.signature.already_received"
    status = 401
    default_sentence = (
        "verify aksk signature fail, a request with this signature was already received and was "
        "not carried out again. Signatures change every second: to repeat the call on purpose, "
        "sign it again."
    )
