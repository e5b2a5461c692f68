"""What is told of every cause, as data: ONE table, in the order in which a connection lives.

Where a sentence rests on a standard its section stands in the comment above; the others are proved
in tests/sockets/test_faults_*.
"""

from __future__ import annotations

from typing import Final

from netlib.teaching.error_words import connected, connecting, local, tls
from netlib.teaching.error_words.words import Key, Words

TABLE: Final[dict[Key, Words]] = {
    **local.TABLE,
    **connecting.TABLE,
    **connected.TABLE,
    **tls.TABLE,
}
