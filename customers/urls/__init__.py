"""Addresses of the customers app: one module a subject, included by partner_center.urls."""
