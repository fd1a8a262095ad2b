"""How Django writes values by itself, as on the operator's admin (settings.FORMAT_MODULE_PATH)."""
