"""Messages in the portal, and who else gets them."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from outbox.models import Delivery
from partner_center.actors import Actor
from partner_center.tenancy import TenantOwned, TenantQuerySet

from . import catalogue


class Notice(TenantOwned):
    """Something an account is told, once: ``key`` names the event and is unique in the account."""

    type = models.CharField(max_length=48)
    key = models.CharField(max_length=128)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    #: Lines below the text: [[label, value], …], already in the account's language and zone.
    facts = models.JSONField(default=list)
    link = models.CharField(max_length=200, blank=True)
    link_label = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "key"], name="notice_once_per_event")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def kind(self) -> catalogue.MessageType:
        """Its message type."""
        return catalogue.get(self.type)


class MessageQuerySet(TenantQuerySet):
    """Messages of users."""

    def visible_to(self, actor: Actor) -> Self:
        """The user's own, without those it deleted."""
        mine = super().visible_to(actor).filter(user_id=actor.user_id)
        return mine.filter(deleted_at=None)

    def unread(self) -> Self:
        """Those that were not read yet."""
        return self.filter(read_at=None)


class Message(TenantOwned):
    """A notice in the Message Center of one user."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="messages")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "user"], name="message_once_per_user")
        ]
        indexes = [
            models.Index(
                fields=["user", "-id"],
                condition=models.Q(deleted_at=None),
                name="message_of_user",
            ),
            models.Index(
                fields=["user"],
                condition=models.Q(deleted_at=None, read_at=None),
                name="message_unread",
            ),
        ]

    def __str__(self) -> str:
        return str(self.notice)

    def get_absolute_url(self) -> str:
        """The message in the Message Center."""
        return reverse("notifications:message", args=[self.pk])


class Recipient(TenantOwned):
    """Somebody who gets e-mails and SMS of an account without being its user (04-RCP-02)."""

    name = models.CharField(_("recipient name"), max_length=64)
    email = models.EmailField(_("email address"))
    phone = models.CharField(_("phone number"), max_length=20)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "account", Lower("email"), name="recipient_email_unique_in_account"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def type_words(self) -> str:
        """Labels of the types of message that it gets."""
        return ", ".join(sorted(str(catalogue.get(link.type).label) for link in self.types.all()))


class TypeRecipient(TenantOwned):
    """A recipient gets the messages of one type."""

    type = models.CharField(max_length=48)
    recipient = models.ForeignKey(Recipient, on_delete=models.CASCADE, related_name="types")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "type"], name="type_recipient_once_per_type"
            )
        ]

    def __str__(self) -> str:
        return f"{self.recipient_id} gets {self.type}"


class TypeSetting(TenantOwned):
    """The channels that an account has chosen for one type of message."""

    type = models.CharField(max_length=48)
    email = models.BooleanField()
    sms = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "type"], name="type_setting_once_per_type")
        ]

    def __str__(self) -> str:
        return f"{self.type} of {self.account_id}"


class NoticeDelivery(TenantOwned):
    """One e-mail or SMS of a notice to one recipient; its state is that of the delivery."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="deliveries")
    delivery = models.OneToOneField(Delivery, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=64)
    channel = models.CharField(max_length=8)
    target = models.CharField(max_length=254)

    class Meta:
        verbose_name_plural = "notice deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "channel", "target"], name="notice_delivered_once_per_target"
            )
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} to {self.target}"


class RecipientTest(TenantOwned):
    """One test message to one address, sent by hand; its state is that of the delivery."""

    #: Absent for the administrator, and once the recipient was deleted.
    recipient = models.ForeignKey(
        Recipient, on_delete=models.SET_NULL, null=True, related_name="tests"
    )
    #: Of the settings page, when the recipients of a type were tested together.
    type = models.CharField(max_length=48, blank=True)
    delivery = models.OneToOneField(Delivery, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=64)
    channel = models.CharField(max_length=8)
    target = models.CharField(max_length=254)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    sent_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["account", "-sent_at"], name="recipient_test_of_account")]

    def __str__(self) -> str:
        return f"Test to {self.target}"
