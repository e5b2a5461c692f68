"""The recorded cases, made anew by the kernel of this computer, in a network of their own (Linux).

No lesson says what happens there: each case is code of ours, found by its name.
"""

from typing import Final

ENTRY: Final = "--in-own-network"
"""The option by which the command `recording` knows that it was run in one."""
