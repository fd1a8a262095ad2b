"""When the jobs of the resources app run."""

from datetime import timedelta

from partner_center import schedule

schedule.every(timedelta(minutes=5), "resources.expire")
