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


class SignInDeclined(Refusal):
    """Unknown account or user, wrong password, or one that may not act: the same words for all."""

    code = "bss_api.sign_in.declined"
    default_sentence = "the account name, user name or password is wrong"


class PasswordMustBeChanged(Refusal):
    """A new member has not signed in on the portal yet."""

    code = "bss_api.sign_in.password_must_be_changed"
    default_sentence = "the password must be changed first: sign in on the portal"


class SecondFactorNeeded(Refusal):
    """The user has a second factor, and its passcode is missing or wrong."""

    code = "bss_api.sign_in.second_factor"
    default_sentence = (
        "the passcode of the second factor is missing or wrong: send the method totp as well"
    )
