"""Damage at random: an answer cut short, with other bytes, or with other values of any type and size in its JSON."""

import json
import random
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

Place = tuple[str | int, ...]
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 2**63, -(2**63), "", "x" * 5000, "\ud800", "\x00\x1b[31m", "9999-12-31T23:59:59Z",
    [], {}, [None], {"a": 1},
)  # fmt: skip


def damage(body: bytes, chance: random.Random) -> bytes:
    """The body, damaged in one of the ways."""
    way = chance.random()
    if way < 0.1:
        return body[: chance.randrange(len(body) + 1)]
    if way < 0.2:
        spoiled = bytearray(body)
        for _ in range(chance.randrange(1, 20)):
            spoiled[chance.randrange(len(spoiled))] = chance.randrange(256)
        return bytes(spoiled)
    try:
        content = json.loads(body)
    except ValueError:
        return b"<html>no</html>"
    for _ in range(chance.choice((1, 1, 1, 2, 5))):
        content = _put(content, chance.choice(list(_places(content))), deepcopy(chance.choice(VALUES)))
    return json.dumps(content).encode()


def _places(value: Any, above: Place = ()) -> Iterator[Place]:
    yield above
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in parts:
        yield from _places(part, (*above, name))


def _put(content: Any, place: Place, value: Any) -> Any:
    """The content with another value at a place; `{"a": 1}` stands for a field that is missing."""
    if not place:
        return value
    above = content
    for step in place[:-1]:
        above = above[step]
    if value == {"a": 1} and isinstance(above, dict):
        del above[place[-1]]
    else:
        above[place[-1]] = value
    return content
