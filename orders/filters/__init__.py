"""Filters of the orders app."""
