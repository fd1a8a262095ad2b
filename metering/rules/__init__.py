"""Decisions of metering over plain values."""
