"""Filters of metering."""
