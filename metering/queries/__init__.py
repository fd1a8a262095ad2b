"""Reads of usage, charges and roll-ups, one module a subject."""
