"""Believable usage of the demo customers."""
