"""Use cases of exports."""

from .requests import cancel_export, create_export, record_download, repeat_export
from .runs import expire_files, run_export, take_silent

__all__ = [
    "cancel_export",
    "create_export",
    "expire_files",
    "record_download",
    "repeat_export",
    "run_export",
    "take_silent",
]
