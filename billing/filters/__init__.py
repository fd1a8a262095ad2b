"""Filters of billing, one module a subject."""
