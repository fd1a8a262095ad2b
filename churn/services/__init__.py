"""Use cases of Customer Alerts, one module a subject."""
