"""Refusals of the demo app."""

from __future__ import annotations

from partner_center.refusals import Refusal


class NoDemo(Refusal):
    """The demo world was asked for outside demo mode."""

    code = "demo.not_in_demo_mode"
    default_sentence = (
        "The demo world exists in demo mode only. Start with DEMO_MODE=1, "
        "or use `manage.py create_operator` for a real installation."
    )


class FeedRefused(Refusal):
    """The HTTP feed did not take a batch of simulated usage."""

    code = "demo.feed_refused"

    def __init__(self, reason: str) -> None:
        super().__init__(f"The feed did not take the records: {reason}")
