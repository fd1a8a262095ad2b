"""Addresses of the orders app."""
