"""Numbers of statements and transfer tickets: pure."""


def entry_number(key: int) -> str:
    """``AC-360000232-0``: as account statements print it (05 §8.4.2.1)."""
    return f"AC-{360_000_000 + key}-0"


def ticket_number(key: int) -> str:
    """``TT00000017``: a transfer ticket."""
    return f"TT{key:08d}"
