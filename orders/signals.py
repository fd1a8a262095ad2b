"""What orders tell the floors above."""

from django.dispatch import Signal

#: An order was paid and closed, or gave something back, in the transaction that did it. Arguments:
#: ``order``, ``moment``.
order_settled = Signal()
