"""When the jobs of Customer Alerts run."""

from datetime import timedelta

from partner_center import schedule

# A day is evaluated once, as soon as its usage is complete; asking every hour needs no calendar,
# misses no day and takes up what was killed.
schedule.every(timedelta(hours=1), "churn.evaluate")
