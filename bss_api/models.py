"""What the API door remembers."""

from django.db import models


class SeenSignature(models.Model):
    """A signature that was accepted, kept until its date is too old to be accepted again."""

    signature = models.CharField(max_length=64, primary_key=True)
    first_seen_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.signature
