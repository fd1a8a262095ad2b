"""At most so many requests per second (docs/api/bss-api.md A.9).

Counted per source address, operation and account, in Redis, in windows of one second. Only comfort
lives there: when Redis is away, requests pass.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from allauth.core.internal import ratelimit
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError

from partner_center import clock
from partner_center.actors import Actor

from .errors import THROTTLED, ApiError
from .services.tokens import Credentials

logger = logging.getLogger(__name__)


def refuse_too_many(actor: Actor, operation: str, own_limit: int | None = None) -> None:
    """Raise 429 when the operation was called too often in the running second.

    ``own_limit`` is the operation's own figure; the common one applies otherwise. With the common
    one at 0 nothing is throttled.
    """
    limit = settings.API_THROTTLE_PER_SECOND and (own_limit or settings.API_THROTTLE_PER_SECOND)
    if limit and _count(actor, operation) > limit:
        raise ApiError(
            429,
            THROTTLED,
            "The throttling threshold has been reached: policy user over "
            f"ratelimit,limit:{limit},time:1 second",
            headers={"Retry-After": "1"},
        )


def _count(actor: Actor, operation: str) -> int:
    """How many calls this second has seen, this one included."""
    second = int(clock.now().timestamp())
    key = f"api-throttle:{actor.ip}:{operation}:{actor.account_id}:{second}"
    try:
        cache.add(key, 0, timeout=5)
        return cache.incr(key)
    except (RedisError, ValueError):
        logger.warning("The API does not throttle: the cache cannot be reached")
        return 0


@contextmanager
def sign_in_tries(request: HttpRequest, credentials: Credentials) -> Iterator[None]:
    """Count a try to sign in by address and by user, as the portal's own sign-in does.

    A try that succeeds is not counted. Raises 429 when there were too many.
    """
    name = f"{credentials.account_name}/{credentials.username}".lower()
    counted = ratelimit.consume(request, app="allauth.account", action="login_failed", key=name)
    if counted is None:
        raise ApiError(
            429,
            THROTTLED,
            "Too many failed tries to sign in. Try again in five minutes.",
            headers={"Retry-After": "300"},
        )
    yield
    counted.rollback()
