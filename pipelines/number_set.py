"""The numbers of a channel's threads, as a bitmap small enough for a cursor."""

import base64
import binascii
import zlib
from collections.abc import Iterable
from typing import Self

HIGHEST = 8_000_000
"""The largest number stored; it takes a megabyte, and no repository or forum has come so far."""


class NumberSet:
    """A set of whole numbers from 1 to `HIGHEST`, at a bit each, and much less once packed."""

    def __init__(self, numbers: Iterable[int] = ()) -> None:
        self._bits = bytearray()
        self.add(numbers)

    @classmethod
    def unpack(cls, packed: object) -> Self:
        """Unpacks the text that `pack` returned; anything else becomes an empty set."""
        # Losing the numbers only costs further requests.
        unpacked = cls()
        try:
            reader = zlib.decompressobj()
            unpacked._bits = bytearray(
                reader.decompress(base64.b64decode(str(packed or ""), validate=True), HIGHEST // 8 + 1)
            )
        except (binascii.Error, ValueError, zlib.error):
            unpacked._bits = bytearray()
        return unpacked

    def pack(self) -> str:
        """Packs the set as text for a cursor."""
        return base64.b64encode(zlib.compress(bytes(self._bits), 6)).decode("ascii")

    def add(self, numbers: Iterable[int]) -> None:
        """Adds numbers; those out of range are ignored."""
        for number in numbers:
            if 0 < number <= HIGHEST:
                index = number >> 3
                if index >= len(self._bits):
                    self._bits.extend(bytes(index + 1 - len(self._bits)))
                self._bits[index] |= 1 << (number & 7)

    def remove(self, number: int) -> None:
        """Removes a number, if it is in the set."""
        if number in self:
            self._bits[number >> 3] &= ~(1 << (number & 7))

    def __contains__(self, number: int) -> bool:
        index = number >> 3
        return 0 <= index < len(self._bits) and bool(self._bits[index] >> (number & 7) & 1)

    def __len__(self) -> int:
        return int.from_bytes(self._bits, "little").bit_count()
