"""Dates and times as the portal's own filters write them: ``Nov 20, 2026 14:20:00 GMT+08:00``.

The zone is that of settings.TIME_ZONE, in which Django shows every moment. Narrow columns break
between day and time only (``\\xa0`` is a space that does not break).
"""

DATE_FORMAT = SHORT_DATE_FORMAT = "M\xa0d,\xa0Y"
TIME_FORMAT = "H:i:s"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "M\xa0d,\xa0Y H:i:s\xa0\\G\\M\\T+08:00"
