"""When unused files go."""

from datetime import timedelta

from partner_center import schedule

schedule.every(timedelta(hours=1), "realname.expire_files")
