"""Agreements and who accepted which version when (01-ACC-07, ACC-09)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from partner_center.tenancy import TenantOwned


class AgreementDocument(models.Model):
    """One version of one agreement text. A published version never changes."""

    code = models.CharField(max_length=64)
    version = models.CharField(max_length=16)
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"))
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="agreement_version_unique")
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.version}"


class AgreementSignature(TenantOwned):
    """Somebody accepted a document for an account; append-only."""

    document = models.ForeignKey(AgreementDocument, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    ip = models.GenericIPAddressField(null=True)

    def __str__(self) -> str:
        return f"{self.document_id} signed by {self.user_id}"
