"""A case is recorded on this computer, by this program run once more in a network of its own."""

from __future__ import annotations

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from netlib import Background, _, now, visible_text
from netlib.live_cases import ENTRY
from netlib.system.namespace import NoNamespaceError, namespace_command, this_program

MOST_SECONDS: Final = 60.0
"""How long a case may take, with the start of the program."""

_TICK_SECONDS: Final = 0.05
_MOST_WORDS: Final = 300


def why_not_live() -> str:
    """Return why no case can be recorded here, as a translated clause; empty: it can."""
    try:
        namespace_command()
    except NoNamespaceError as why:
        return str(why)
    return ""


class LiveCase(Background):
    """Records a case into a new file until it is done, or cancelled: then nothing of it is left.

    Its outcome is empty, or why there is no recording.
    """

    def __init__(self, name: str, path: Path) -> None:
        """Begin to record the case of this name."""
        self.name, self.path = name, path
        super().__init__("socketboard-live-case", lambda _work: self._outcome())

    def _outcome(self) -> str:
        try:
            with TemporaryDirectory(prefix=".socketboard-", dir=self.path.parent) as folder:
                made = Path(folder, "case.socketboard")
                if not (why := self._made(made)):
                    made.replace(self.path)
                return why
        except NoNamespaceError as why_not:
            return str(why_not)
        except OSError as refusal:
            return visible_text(str(refusal), _MOST_WORDS)

    def _made(self, path: Path) -> str:
        """Return why there is no recording. Raises NoNamespaceError, OSError."""
        program, environment = this_program()
        asked = ["recording", "--record-case", self.name, ENTRY, "-o", str(path.resolve())]
        until = now() + MOST_SECONDS
        with subprocess.Popen(  # noqa: S603 - this program, words of ours
            [*namespace_command(), *program, *asked],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=environment,
        ) as process:
            try:
                while now() < until and not self.cancelled():
                    try:
                        said = process.communicate(timeout=_TICK_SECONDS)[1]
                    except subprocess.TimeoutExpired:
                        continue
                    return _failure(said) if process.returncode else ""
            finally:
                process.kill()  # and the kernel all that it began
        if self.cancelled():
            return _("given up")
        return _("it took more than {seconds:g} s").format(seconds=MOST_SECONDS)


def _failure(said: bytes) -> str:
    """Return the last thing that it said."""
    lines = said.decode(errors="replace").strip().splitlines()
    return visible_text(lines[-1].removeprefix("✗ ") if lines else "?", _MOST_WORDS)
