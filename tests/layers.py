"""Two layers that are no services, to prove the seam with: upper case, and a length before each."""

from __future__ import annotations

from netlib.protocols.handler import Handler, Layer


class UpperCase(Layer):
    """Everything is upper case, in both directions."""

    def received(self, data: bytes) -> bytes:
        return super().received(data.upper())

    def _sent(self, data: bytes) -> bytes:
        return data.upper()


class LengthPrefix(Layer):
    """Two bytes with the length stand before whatever one side says at once."""

    def __init__(self, inner: Handler) -> None:
        super().__init__(inner)
        self._waiting = b""

    def received(self, data: bytes) -> bytes:
        self._waiting += data
        answers = []
        while len(self._waiting) >= 2:
            size = int.from_bytes(self._waiting[:2], "big")
            if len(self._waiting) < 2 + size:
                break
            message, self._waiting = self._waiting[2 : 2 + size], self._waiting[2 + size :]
            answers.append(super().received(message))
        return b"".join(answers)

    def _sent(self, data: bytes) -> bytes:
        return len(data).to_bytes(2, "big") + data if data else b""
