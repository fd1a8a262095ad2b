"""Base of the house's app configurations."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """An app of the house: permissions, menu entries, schedule and the like load at start."""

    loaded_modules = (
        "permissions",
        "menu",
        "receivers",
        "exporters",
        "checks",
        "schedule",
        "message_types",
        "home",
        "row_operations",
    )

    def ready(self) -> None:
        for module in self.loaded_modules:
            if find_spec(f"{self.name}.{module}"):
                import_module(f"{self.name}.{module}")
