"""When the jobs of the orders app run."""

from datetime import timedelta

from partner_center import schedule

schedule.every(timedelta(minutes=5), "orders.cancel_overdue")
# From 03:00 GMT+08:00 on; what was tried today waits for tomorrow.
schedule.every(timedelta(minutes=10), "orders.renew_due")
schedule.every(timedelta(minutes=5), "orders.convert_due")
schedule.every(timedelta(minutes=5), "orders.end_on_behalf_sessions")
