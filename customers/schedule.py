"""When the jobs of the customers app run."""

from datetime import timedelta

from partner_center import schedule

schedule.every(timedelta(minutes=10), "customers.expire_preregistrations")
schedule.every(timedelta(minutes=30), "customers.watch_reviews")
schedule.every(timedelta(minutes=5), "customers.expire_invitations")
schedule.every(timedelta(minutes=1), "customers.resume_assignment_batches")
schedule.every(timedelta(minutes=10), "customers.end_due_assignments")
# A discount ends at 00:00 GMT+08:00; asking every ten minutes needs no calendar and misses no day.
schedule.every(timedelta(minutes=10), "customers.expire_discounts")
