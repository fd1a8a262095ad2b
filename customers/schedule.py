"""When the customers app works by itself."""

from datetime import timedelta

from partner_center import schedule

schedule.every(timedelta(minutes=1), "customers.resume_assignment_batches")
schedule.every(timedelta(minutes=10), "customers.end_due_assignments")
# A discount ends at 00:00 GMT+08:00; asking every ten minutes needs no calendar and misses no day.
schedule.every(timedelta(minutes=10), "customers.expire_discounts")
