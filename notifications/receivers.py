"""What the notifications give to the floors below: the number beside the bell."""

from partner_center import context

from . import queries

context.use_unread_counter(queries.unread_count)
