"""Writes of metering: one file per stage of the way from a line to its roll-ups."""
