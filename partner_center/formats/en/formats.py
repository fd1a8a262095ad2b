"""Dates and times as the portal's own filters write them: ``Nov 20, 2026 14:20:00 GMT+08:00``.

The zone is that of settings.TIME_ZONE, in which Django shows every moment.
"""

DATE_FORMAT = SHORT_DATE_FORMAT = "M d, Y"
TIME_FORMAT = "H:i:s"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = r"M d, Y H:i:s \G\M\T+08:00"
