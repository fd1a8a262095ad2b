"""Reads of the orders app, one module a subject."""
