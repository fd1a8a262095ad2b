"""Writes of the resellers app, one module a subject."""
