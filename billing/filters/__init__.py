"""Filters of the billing lists."""
