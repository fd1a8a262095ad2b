"""What a partner decides for its customers (01 §2.2)."""

from django.db import models

from partner_center.tenancy import TenantOwned

from ..choices import NotificationCategory


class CustomerNotificationRule(TenantOwned):
    """One line of the partner's notification template: a message type and its channels (01-BAS-11)."""

    category = models.CharField(max_length=16, choices=NotificationCategory)
    type_code = models.CharField(max_length=48)
    email = models.BooleanField(default=True)
    sms = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "type_code"],
                name="notification_rule_unique_per_type",
            )
        ]

    def __str__(self) -> str:
        return f"{self.category}/{self.type_code}"
