"""Addresses of metering."""
