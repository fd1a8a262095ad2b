"""What the crawl sends to each operation: a whole request that names objects of Tidemark.

Every operation needs an entry. Those that name no object of an account have none to give away: their
request names nothing of Tidemark's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.cast import Cast


@dataclass(frozen=True)
class CrawlRequest:
    """Path parameters, query and body; ``names_object`` when it names an object of Tidemark."""

    path: dict[str, str] = field(default_factory=dict)
    query: list[tuple[str, object]] = field(default_factory=list)
    body: dict[str, Any] | None = None
    names_object: bool = False


REQUESTS: dict[str, Callable[[Cast], CrawlRequest]] = {
    # Another partner's customer is no error: it is not in the list (B.1).
    "list_sub_customers": lambda cast: CrawlRequest(
        body={"customer_id": cast.harborline.public_id}
    ),
    "create_sub_customer": lambda cast: CrawlRequest(
        body={"domain_area": "PH", "xaccount_id": "u-1", "xaccount_type": "tidemark-shop"}
    ),
    "check_user_identity": lambda cast: CrawlRequest(
        body={"search_type": "name", "search_value": "acme-es"}
    ),
    "send_verification_message_code": lambda cast: CrawlRequest(
        body={"receiver_type": 2, "email": "ops@acme.example"}
    ),
    "list_indirect_partners": lambda cast: CrawlRequest(body={"account_name": "lagoon"}),
    "list_domains": lambda cast: CrawlRequest(),
    "show_caller_identity": lambda cast: CrawlRequest(),
}

#: Open to those who are not known yet, each with the reason.
PUBLIC = {"create_token": "the password is the proof"}
