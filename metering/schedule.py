"""When the jobs of metering run."""

from datetime import timedelta

from partner_center import schedule

schedule.every(timedelta(minutes=1), "metering.resume_intakes")
schedule.every(timedelta(days=1), "metering.check_sums")
