"""Use cases of the budgets app, one module a subject."""
