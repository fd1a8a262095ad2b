"""Forms of metering."""
