"""What a payment gateway does for us. Every call may be repeated with its key: it happens once.

A gateway is called outside of any transaction. What it says is a value; only :class:`Unreachable` is
raised, when it is not known whether anything happened.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, Protocol


class Outcome(StrEnum):
    """What became of a charge, a refund or a verification."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    #: Not decided: the issuer asks the holder first, or works on it.
    PENDING = "pending"


@dataclass(frozen=True)
class CardDetails:
    """A card as it was typed. Number and code are passed on, never stored, logged or shown."""

    holder: str
    month: int
    year: int
    number: str = field(repr=False)
    code: str = field(repr=False)


@dataclass(frozen=True)
class Customer:
    """A partner, as the gateway is told about it; ``reference`` is the gateway's own name of it."""

    account_id: int
    name: str
    reference: str = ""


@dataclass(frozen=True)
class Verification:
    """What the gateway made of a card, and where its issuer verifies the holder (05-PMT-07)."""

    outcome: Outcome
    customer: str = ""
    token: str = ""
    brand: str = ""
    last4: str = ""
    reference: str = ""
    #: Where the holder answers the issuer: an address of the issuer; empty for our own page.
    challenge: str = ""
    failure: str = ""


#: The keys of test charges begin like this, whatever they amount to in the payment currency.
TEST_KEY = "test-"


@dataclass(frozen=True)
class Order:
    """A charge of a card in the payment currency; ``key`` is ours and makes it happen once."""

    key: str
    customer: str
    token: str
    amount: Decimal
    currency: str


@dataclass(frozen=True)
class Answer:
    """What became of a charge or a refund; ``reference`` is the gateway's own number of it."""

    outcome: Outcome
    reference: str = ""
    failure: str = ""


@dataclass(frozen=True)
class Event:
    """What a gateway tells by itself: the charge of this key has come to an end."""

    key: str
    answer: Answer


class Unreachable(Exception):
    """The gateway did not answer, or not as it should: whether something happened is not known."""


class BadSignature(Exception):
    """What came in does not come from the gateway."""


class Gateway(Protocol):
    """A payment company."""

    name: ClassVar[str]

    def register(
        self, customer: Customer, card: CardDetails, *, key: str, back: str
    ) -> Verification:
        """Exchange a card for a token and begin its verification; ``back`` is where a challenge ends."""
        ...

    def verification(self, reference: str) -> Verification:
        """What became of a verification."""
        ...

    def change(self, token: str, card: CardDetails) -> Verification:
        """Another validity period and code of a stored card; its number is empty."""
        ...

    def forget(self, token: str) -> None:
        """Drop a stored card."""
        ...

    def charge(self, order: Order) -> Answer:
        """Charge a stored card. Repeated with the same key, it answers what became of the first."""
        ...

    def find(self, order: Order) -> Answer | None:
        """What became of the charge of this key; None if the gateway never heard of it."""
        ...

    def refund(self, order: Order, reference: str) -> Answer:
        """Give a charge back to its card, whole and once."""
        ...

    def event(self, payload: bytes, headers: Mapping[str, str]) -> Event | None:
        """What a webhook says; None if it does not concern a charge of ours. Raises BadSignature."""
        ...
