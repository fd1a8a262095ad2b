"""Tenancy: every tenant-owned row carries its account, every read starts from ``visible_to``."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models

from .actors import Actor


class TenantQuerySet(models.QuerySet):
    """Rows of one table that belong to accounts."""

    def visible_to(self, actor: Actor) -> Self:
        """Only the rows of the actor's own account. Narrower tables override this."""
        return self.filter(account_id=actor.account_id)


class TenantOwned(models.Model):
    """A row that belongs to one account. The key stands in the row even where it could be joined."""

    account = models.ForeignKey(
        settings.TENANT_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )

    objects = TenantQuerySet.as_manager()

    class Meta:
        abstract = True
