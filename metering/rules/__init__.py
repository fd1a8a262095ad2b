"""Formats of usage records and their values: pure functions over plain text."""
