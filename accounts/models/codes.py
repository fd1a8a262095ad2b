"""Verification codes (08-AXO-07)."""

from django.conf import settings
from django.db import models

from ..choices import CodeChannel


class VerificationCode(models.Model):
    """One code: six digits, single use, ten minutes, five tries, bound to a user and an operation.

    Codes of registration have no user yet: they are bound to the target (e-mail or phone) only.
    The digits are kept as a keyed hash.
    """

    account = models.ForeignKey(
        settings.TENANT_MODEL, on_delete=models.CASCADE, null=True, related_name="+"
    )
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, null=True, related_name="+")
    operation = models.CharField(max_length=64)
    channel = models.CharField(max_length=8, choices=CodeChannel)
    target = models.CharField(max_length=254)
    code_hash = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)
    #: Set when a newer code replaced this one or too many tries ended it.
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["user", "operation", "-sent_at"], name="code_user_operation"),
            models.Index(fields=["target", "operation", "-sent_at"], name="code_target_operation"),
        ]

    def __str__(self) -> str:
        return f"{self.operation} to {self.target}"
