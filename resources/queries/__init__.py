"""Reads of the resources app, one module a subject."""
