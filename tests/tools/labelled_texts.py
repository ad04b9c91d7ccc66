"""Openers of an earlier set of labels, with eleven topics instead of five classes: the reader of questions learns from
them too, and no published figure rests on them.

`labels/openers_earlier.csv` was made by one AI reader: every fourth issue of llama.cpp and sglang and every third post
of r/LocalLLaMA in the recordings. The first topic that fits: `set-up` (building, installing, starting, loading),
`hardware` (cards, drivers, memory, speed), `licence`, `api-error` (a request, function or server fails in use),
`billing` (price, quota, account), `quality` (answers are bad, wrong, got worse; which model is better), `fine-tuning`,
`refusal`, `docs` (how to do or where to read something), `feature` (wants something that is not there), `other`.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from tests.paths import RECORDINGS

TRACKERS = ("github/llama_cpp_issues_sample.jsonl", "github/sglang_issues_sample.jsonl")
LISTING = "reddit/LocalLLaMA_new.json"


@dataclass(frozen=True, slots=True)
class Text:
    """What somebody asked, in Markdown."""

    file: str
    item: str
    title: str
    text: str
    labels: tuple[str, ...] = ()


def texts() -> dict[tuple[str, str], Text]:
    """All openers that may be labelled, by file and item."""
    return {(one.file, one.item): one for one in (*_issues(), *_listing())}


def _issues() -> Iterator[Text]:
    for file in TRACKERS:
        for line in (RECORDINGS / file).read_text(encoding="utf-8").splitlines():
            one = json.loads(line)
            yield Text(file, str(one["number"]), one["title"], one["body"] or "", tuple(one["labels"]))


def _listing() -> Iterator[Text]:
    for child in json.loads((RECORDINGS / LISTING).read_text(encoding="utf-8"))["data"]["children"]:
        post = child["data"]
        flair = post.get("link_flair_text")
        words = unescape(post.get("selftext") or "")
        yield Text(LISTING, post["id"], post["title"], words, (flair,) if flair else ())
