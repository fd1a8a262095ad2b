"""Access keys of the HTTP API."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from partner_center.tenancy import TenantOwned

from ..choices import AccessKeyStatus


class AccessKey(TenantOwned):
    """AK and SK of one user. The SK is encrypted, because signatures are checked with it."""

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="access_keys")
    ak = models.CharField(_("access key ID"), max_length=32, unique=True)
    sk_encrypted = models.TextField(editable=False)
    description = models.CharField(_("description"), max_length=128, blank=True)
    status = models.CharField(
        max_length=16, choices=AccessKeyStatus, default=AccessKeyStatus.ENABLED
    )
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    #: Five wrong signatures in a row lock the key for five minutes.
    failures_in_row = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.ak
