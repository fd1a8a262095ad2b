"""The catalogue of the demo world: the one that comes with the portal."""

from __future__ import annotations

from catalog.services import importing
from partner_center.actors import Actor


def seed(operator: Actor) -> None:
    """Load what is not there yet; what is there stays as it is."""
    importing.load_folder(operator, importing.OWN_FOLDER)
