"""Decisions of the budgets app over plain values."""
