"""Filters of list pages of the customers app, one module a subject."""
