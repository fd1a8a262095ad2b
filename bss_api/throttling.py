"""At most so many requests per second (docs/api/bss-api.md A.9).

Counted per source address, operation and account, in Redis, in windows of one second. Only comfort
lives there: when Redis is away, requests pass.
"""

from __future__ import annotations

import logging

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

from partner_center import clock
from partner_center.actors import Actor

from .errors import THROTTLED, ApiError

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
