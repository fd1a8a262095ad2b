"""Addresses of the accounts app: one module a subject, included by partner_center.urls."""
