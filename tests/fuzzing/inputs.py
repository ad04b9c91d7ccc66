"""Inputs for a target: phrases of its grammar, pieces repeated very often, and damaged copies of real documents."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from tests.worlds import damage

LONGEST = 60_000
"""Characters of the longest input: more than any field that is kept, and enough for a quadratic reader to be slow."""
COMMON = (
    "", " ", "\n", "\t", "\x00", "\x1b[2J", "\u202e", "\ud800", "\ufeff", "\u2028", "é", "e\u0301", "\U0001f469\u200d\U0001f680",
    "<", ">", "&", '"', "'", "`", "*", "_", "[", "]", "(", ")", "{", "}", "|", "#", "-", "=", ":", "/", "\\", ".", ",", "!",
    "0", "-1", "1e400", "9" * 25, "NaN", "Infinity", "²", "٣", "null", "true", "\n\n", "\r\n", "../../x", "CON", "%00", "$(id)",
)  # fmt: skip
"""Pieces that have broken readers of any kind."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """What the inputs of a target are made of."""

    pieces: tuple[str, ...]
    documents: tuple[str, ...] = ()
    """Whole inputs that the target accepts."""


def make_inputs(grammar: Grammar) -> st.SearchStrategy[str]:
    """Makes the strategy of a grammar's inputs."""
    piece = st.one_of(st.sampled_from(grammar.pieces), st.sampled_from(COMMON), st.text(max_size=6))
    phrase = st.lists(piece, max_size=40).map("".join)
    part = st.lists(piece, min_size=1, max_size=3).map("".join)
    repeated = st.builds(_repeat, part, part, st.sampled_from((3, 12, 30, 60, 100_000)), part)
    if not grammar.documents:
        return st.one_of(phrase, repeated)
    document = st.sampled_from(grammar.documents)
    spliced = st.builds(_splice, document, st.floats(0, 1), st.floats(0, 0.2), st.one_of(phrase, repeated))
    damaged = st.builds(_damage, document, st.integers(0, 2**32))
    return st.one_of(phrase, repeated, spliced, damaged)


def mutate(grammar: Grammar, chance: random.Random) -> str:
    """Makes one input without a library, some ten times as fast, for long runs."""
    pieces: Sequence[str] = (*grammar.pieces, *COMMON)

    def phrase(most: int) -> str:
        return "".join(chance.choice(pieces) for _ in range(chance.randint(1, most)))

    way = chance.randrange(4 if grammar.documents else 2)
    if way == 0:
        return phrase(40)
    if way == 1:
        return _repeat(phrase(3), phrase(3), chance.choice((3, 12, 30, 60, 100_000)), phrase(3))
    document = chance.choice(grammar.documents)
    if way == 2:
        return _splice(document, chance.random(), chance.random() * 0.2, phrase(12))
    return _damage(document, chance.randrange(2**32))


def _repeat(head: str, unit: str, count: int, tail: str) -> str:
    return head + unit * min(count, LONGEST // max(1, len(unit))) + tail


def _splice(document: str, place: float, share: float, inserted: str) -> str:
    """Replaces a stretch of a document."""
    start = int(place * len(document))
    return document[:start] + inserted + document[start + int(share * len(document)) :]


def _damage(document: str, seed: int) -> str:
    """Changes one value of a document of JSON, or bytes of any other."""
    chance = random.Random(seed)
    try:
        value = json.loads(document)
    except ValueError:
        return damage.damage_bytes(document.encode("utf-8", "replace"), chance).decode("utf-8", "surrogateescape")
    return damage.write_json(damage.damage_value(damage.damage_value(value, chance), chance)).decode()
