"""The operator's pages of distributors and their resellers, one module a subject."""

from . import associations, grants, invitations

__all__ = ["associations", "grants", "invitations"]
