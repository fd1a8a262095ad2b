"""Decisions of the resources app over plain values."""
