"""When the outbox is swept: what no nudge has reached, what comes due, what is tried again."""

from datetime import timedelta

from partner_center import schedule

schedule.every(timedelta(seconds=10), "outbox.send_deliveries")
