"""Page notes that users have put away."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class DismissedNote(models.Model):
    """A note of a page that this user does not want to see again (05-BQY-02)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    note = models.CharField(max_length=32)
    dismissed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "note"], name="dismissed_note_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.note}"
