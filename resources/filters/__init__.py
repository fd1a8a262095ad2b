"""Filters of the resources app."""
