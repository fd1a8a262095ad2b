"""When the jobs of the customers app run."""

from datetime import timedelta

from partner_center import schedule

schedule.every(timedelta(minutes=10), "customers.expire_preregistrations")
schedule.every(timedelta(minutes=30), "customers.watch_reviews")
schedule.every(timedelta(minutes=5), "customers.expire_invitations")
