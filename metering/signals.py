"""What metering tells the floors above. Sent inside the transaction that writes the charges."""

from django.dispatch import Signal

#: Spend of customers changed. Arguments: cycle (YYYY-MM), customer_ids (frozenset of accounts), moment.
spend_changed = Signal()
