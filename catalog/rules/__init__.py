"""Decisions about prices over plain values."""
