"""Writes of the notifications, one module a subject. ``notify`` is what other apps call."""

from .telling import notify

__all__ = ["notify"]
