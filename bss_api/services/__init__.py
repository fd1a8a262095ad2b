"""Writes of the API door, one module a subject."""
