"""When lost tasks are looked for and old files go."""

from datetime import timedelta

from partner_center import schedule

schedule.every(timedelta(seconds=30), "exports.sweep")
schedule.every(timedelta(minutes=10), "exports.expire_files")
