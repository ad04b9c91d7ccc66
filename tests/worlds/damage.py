"""Damage to pages of upstreams: odd texts, another encoding, and bytes that went astray."""

import random
import re
from html import escape

ODD_TEXTS = (
    "", " ", "x" * 40_000, "\x00\ud800\u202e<b>", "9999-99-99", "0000-01-01T00:00:00Z", "1e400", "31 June", "-1",
    "9" * 30, "Tue, 99 Foo 2026 99:99:99 +9999",
)  # fmt: skip
_TEXT = re.compile(r"(?<=>)[^<>]+(?=</)")
_BLOCK = re.compile(r"<(item|entry)\b.*?</\1>", re.DOTALL)


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
