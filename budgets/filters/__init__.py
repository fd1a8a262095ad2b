"""Filters of the budgets app, one module a subject."""
