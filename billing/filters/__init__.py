"""Filters of billing, by list."""
