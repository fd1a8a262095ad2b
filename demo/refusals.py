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
