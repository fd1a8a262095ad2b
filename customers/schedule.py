"""When the customers app looks what has come due."""

from datetime import timedelta

from partner_center import schedule

schedule.every(timedelta(minutes=10), "customers.expire_preregistrations")
schedule.every(timedelta(minutes=30), "customers.watch_reviews")
