"""Account names: what members of an organization type to sign in, beside their username."""

from __future__ import annotations

import re
from collections.abc import Iterator

PATTERN = re.compile(r"[a-z][a-z0-9-]{2,62}[a-z0-9]")
#: Mailboxes that say nothing about whose they are: the domain names the account instead.
SHARED_MAILBOXES = {
    "account", "accounts", "admin", "billing", "cloud", "contact", "finance", "hello", "info",
    "it", "mail", "office", "partner", "partners", "sales", "service", "support", "team",
}  # fmt: skip


def suggestions(email: str) -> Iterator[str]:
    """Account names made from an e-mail address, best first, without end.

    ``mara.velasco@tidemark.ph`` gives ``mara-velasco``, ``mara-velasco-2``, …;
    ``info@tidemark.ph`` gives ``tidemark``, ``tidemark-2``, …
    """
    local, _at, domain = email.lower().partition("@")
    base = domain.partition(".")[0] if local in SHARED_MAILBOXES else local
    base = re.sub(r"[^a-z0-9]+", "-", base).strip("-")[:50]
    if not PATTERN.fullmatch(base):
        base = f"account-{base}".rstrip("-")
    yield base
    number = 2
    while True:
        yield f"{base}-{number}"
        number += 1
