"""Why a file could not be written from a recording, in words."""

from __future__ import annotations

from netlib.errors import Operation, from_oserror
from netlib.i18n import _
from netlib.teaching.explain import in_short
from netlib.text import visible_text


def why_not(refusal: Exception) -> str:
    """Return in words why an export failed; `refusal` is what `export` raised."""
    if isinstance(refusal, OSError):
        error = from_oserror(Operation.RECORD, refusal)
        return in_short(error)
    return _("The recording cannot be read: {reason}").format(
        reason=visible_text(str(refusal), 200)
    )
