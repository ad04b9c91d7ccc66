"""Draws that depend on the seed and a name only, so that one thing of the world never shifts another."""

import hashlib

import numpy as np

HOUR = 3600
DAY = 24 * HOUR
NEVER = np.iinfo(np.int64).max
"""The instant of what does not happen."""
_MASK = (1 << 64) - 1


def number(*parts: object) -> int:
    """63 bits that depend on the parts alone."""
    text = "\x00".join(str(part) for part in parts)
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") >> 1


def generator(*parts: object) -> np.random.Generator:
    """A stream of draws of its own for the parts."""
    return np.random.default_rng(number(*parts))


def mixed(*parts: int) -> int:
    """64 well-mixed bits of whole numbers: much faster than `number`, for what is drawn while a page is written."""
    value = 0x9E3779B97F4A7C15
    for part in parts:
        value = (value ^ (part & _MASK)) * 0xBF58476D1CE4E5B9 & _MASK
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB & _MASK
        value ^= value >> 31
    return value


def token(length: int, *parts: object) -> str:
    """Small letters and digits as an identifier has them."""
    alphabet = "abcdefghijklmnopqrstuvwxyz0123456789"
    digest = hashlib.blake2b("\x00".join(str(part) for part in parts).encode(), digest_size=64).digest()
    return "".join(alphabet[byte % 36] for byte in digest[:length])


def digest(*parts: object) -> str:
    """40 hexadecimal digits, as a commit has them."""
    return hashlib.sha1("\x00".join(str(part) for part in parts).encode(), usedforsecurity=False).hexdigest()


def lognormal(rng: np.random.Generator, median: float, sigma: float, size: int) -> np.ndarray:
    """Times with a long tail."""
    return median * np.exp(sigma * rng.standard_normal(size))
