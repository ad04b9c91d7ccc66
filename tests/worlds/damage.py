"""Damage to answers of upstreams: values of another type, size or encoding, and bytes that went astray."""

import copy
import json
import random
import re
from html import escape
from typing import Any

HUGE = "@1e400@"
"""Stands for a number that no float holds, until the JSON is written."""
ODD: tuple[Any, ...] = (
    None, True, -1, 0, 2**63, 10**400, -1e308, HUGE, 1.5, "", " ", "x" * 40_000, "\x00\ud800\u202e<b>", [], {}, [[]],
    {"a": None}, "9999-99-99", "0000-01-01T00:00:00Z", "1e400", "31 June",
)  # fmt: skip
ODD_TEXTS = [
    *(value for value in ODD if isinstance(value, str)),
    "-1",
    "9" * 30,
    "Tue, 99 Foo 2026 99:99:99 +9999",
]
_TEXT = re.compile(r"(?<=>)[^<>]+(?=</)")
_BLOCK = re.compile(r"<(item|entry)\b.*?</\1>", re.DOTALL)


def write_json(value: Any) -> bytes:
    """The JSON of a value, also of one that holds `HUGE`."""
    return json.dumps(value).replace(json.dumps(HUGE), "1e400").encode()


def damage_value(value: Any, chance: random.Random) -> Any:
    """A copy in which one value somewhere is odd, or missing."""
    if not isinstance(value, dict | list) or not value or chance.random() < 0.1:
        return chance.choice(ODD)
    copied: Any = copy.copy(value)
    place = chance.choice(list(copied) if isinstance(copied, dict) else range(len(copied)))
    if chance.random() < 0.15:
        del copied[place]
    else:
        copied[place] = damage_value(copied[place], chance)
    return copied


def damage_answer(content: bytes, chance: random.Random) -> bytes:
    """An answer of JSON with one odd value, or another one altogether; other answers become what is none."""
    try:
        value = json.loads(content)
    except ValueError:
        return b"<html>no</html>"
    return damage_bytes(content, chance) if chance.random() < 0.2 else write_json(damage_value(value, chance))


def damage_feed_item(feed: str, chance: random.Random) -> str:
    """A feed with an odd text somewhere in one item."""
    block = chance.choice(list(_BLOCK.finditer(feed)))
    # Not the item's own tags: without them two items would become one.
    piece = chance.choice(list(_TEXT.finditer(feed, block.start(), block.end())))
    odd = escape(chance.choice(ODD_TEXTS).replace("\x00", "").replace("\ud800", ""))
    return feed[: piece.start()] + odd + feed[piece.end() :]


def damage_bytes(content: bytes, chance: random.Random) -> bytes:
    """An answer that was cut off, overwritten, doubled, or written in another encoding."""
    ways = (
        lambda: content[: chance.randrange(len(content) + 1)],
        lambda: _overwrite(content, chance),
        lambda: content.decode("utf-8", "replace").encode(chance.choice(["utf-16", "utf-16-le", "utf-32", "utf-7"])),
        lambda: content.decode("utf-8", "replace").encode("latin-1", "replace"),
        lambda: content + content,
        lambda: chance.choice([b"", b"\x00" * 50, b"[" * 50_000, b"null", b"[]", b"{}", b"<html></html>", b"\xff\xfe"]),
    )
    return chance.choice(ways)()


def _overwrite(content: bytes, chance: random.Random) -> bytes:
    damaged = bytearray(content)
    for _ in range(chance.randint(1, 30)):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    return bytes(damaged)
