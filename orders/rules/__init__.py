"""Decisions of the orders app over plain values, one module a subject."""
