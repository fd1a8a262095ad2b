"""What billing tells higher floors about."""

from django.dispatch import Signal

#: Inside the transaction that pays a bill in full: ``bill``, ``moment``.
bill_paid = Signal()
