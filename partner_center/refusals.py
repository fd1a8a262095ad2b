"""Refusals: what did not happen, why, and what to do, as the user reads it.

Services raise them; pages put the sentence beside the field or in a note, the API puts it into
``error_msg``, admin actions show it as a message. A refusal always means: nothing was changed.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy


class Refusal(Exception):
    """A use case declined to act. ``sentence`` is what the user sees.

    ``field`` names the input it belongs to, if one does. ``code`` is stable and dotted, for tests
    and for the API's mapping to error codes.
    """

    code = "refused"
    status = 422

    def __init__(self, sentence: str = "", *, field: str | None = None) -> None:
        self.sentence = sentence or str(getattr(self, "default_sentence", ""))
        self.field = field
        super().__init__(self.sentence)


class NotPermitted(Refusal):
    """The actor's roles do not include the permission that this use case asks for."""

    code = "not_permitted"
    status = 403

    def __init__(self, permission: str, label: str = "") -> None:
        self.permission = permission
        super().__init__(
            f"You do not have the permission “{label or permission}”. "
            "Ask an administrator of your account to assign a role that includes it."
        )


class NotOffered(Refusal):
    """The actor may do it, though not with this row as it is: it is decided, or not ready yet."""

    code = "not_offered"
    status = 403
    title = gettext_lazy("This is not offered here now")
    default_sentence = gettext_lazy(
        "The row does not allow it as it stands now: somebody may have decided meanwhile. Open it again."
    )


class NotFound(Refusal):
    """Missing, or another tenant's: the same words for both."""

    code = "not_found"
    status = 404
    default_sentence = "This does not exist, or it belongs to another account."


class Stale(Refusal):
    """Somebody else changed the object after the page was shown."""

    code = "stale"
    status = 409
    default_sentence = (
        "Somebody changed this while you were working on it. Nothing was changed. "
        "Reload the page and try again."
    )


#: Name of the input that a verification code comes in, on every page and in the admin.
CODE_FIELD = "verification_code"


class CodeRefusal(Refusal):
    """The verification code is missing or does not count. ``operation`` is what it must be for.

    Pages answer with the code page, which keeps everything that was typed.
    """

    def __init__(self, operation: str, sentence: str = "") -> None:
        self.operation = operation
        super().__init__(sentence, field=CODE_FIELD)


class CodeRequired(CodeRefusal):
    """A critical operation needs a verification code from this user (08-AXO-02)."""

    code = "code_required"
    status = 428
    default_sentence = "Enter the verification code to go on."
