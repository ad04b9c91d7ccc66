"""Randomness of draws, the same for the same figure, and how many of them a figure takes."""

import hashlib

import numpy as np

DRAWS = 1000


def make_generator(*names: str) -> np.random.Generator:
    """Makes the randomness of one figure: the same for the same names, whatever else is computed."""
    return np.random.default_rng(int.from_bytes(hashlib.blake2b("/".join(names).encode(), digest_size=8).digest()))
