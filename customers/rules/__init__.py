"""Decisions of the customers app over plain values, one module a subject."""
