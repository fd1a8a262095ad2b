"""Writes of the notifications, one module a subject. ``notify`` and ``notify_each`` are what other
apps call."""

from .telling import Telling, notify, notify_each

__all__ = ["Telling", "notify", "notify_each"]
