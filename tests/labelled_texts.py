"""Texts that were labelled by hand for what is read in them, joined from the recordings; no text and no name is in the labels."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from tests.labelled import dicts, parsed
from tests.recorded import RECORDINGS

TRACKERS = ("github/llama_cpp_issues_sample.jsonl", "github/sglang_issues_sample.jsonl")
LISTING = "reddit/LocalLLaMA_new.json"


@dataclass(frozen=True, slots=True)
class Text:
    """What somebody wrote, as the source gives it: HTML from a forum, Markdown elsewhere."""

    file: str
    item: str
    kind: str
    channel_kind: str
    title: str
    text: str
    labels: tuple[str, ...] = ()


def texts() -> dict[tuple[str, str], Text]:
    """All texts that may be drawn, by file and item, in the order of their recording."""
    found = [*_issues(), *_listing(), *_replayed(), *_discourse(), *_comments()]
    return {(one.file, one.item): one for one in found}


def _issues() -> Iterator[Text]:
    for file in TRACKERS:
        for line in (RECORDINGS / file).read_text(encoding="utf-8").splitlines():
            one = json.loads(line)
            yield Text(file, str(one["number"]), "opener", "tracker", one["title"], one["body"] or "", tuple(one["labels"]))


def _listing() -> Iterator[Text]:
    for child in json.loads((RECORDINGS / LISTING).read_text(encoding="utf-8"))["data"]["children"]:
        post = child["data"]
        flair = post.get("link_flair_text")
        yield Text(LISTING, post["id"], "opener", "subreddit", post["title"], post.get("selftext") or "", (flair,) if flair else ())


def _replayed() -> Iterator[Text]:
    """Issues and comments of other people's repositories; changes and reviews are left out."""
    file = "github/pygithub_replay"
    found: dict[str, Text] = {}
    for path in sorted((RECORDINGS / file).glob("*.txt")):
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            for one in dicts(parsed(line)):
                item, url = str(one.get("id")), str(one.get("html_url") or one.get("url"))
                if not one.get("body") or item in found:
                    continue
                if "/issues/comments/" in url or "#issuecomment" in url:
                    found[item] = Text(file, item, "reply", "tracker", "", one["body"])
                elif "/issues/" in url and "title" in one and not (one.get("pull_request") or {}).get("html_url"):
                    labels = tuple(label["name"] for label in one.get("labels") or ())
                    found[item] = Text(file, item, "opener", "tracker", one["title"], one["body"], labels)
    yield from sorted(found.values(), key=lambda one: int(one.item))


def _discourse() -> Iterator[Text]:
    found: dict[int, Text] = {}
    for path in sorted((RECORDINGS / "discourse").glob("*.json")):
        answer = json.loads(path.read_text(encoding="utf-8"))
        for post in dicts(answer):
            if post.get("cooked") and post.get("post_type") == 1 and post["id"] not in found:
                kind = "opener" if post["post_number"] == 1 else "reply"
                title = post.get("topic_title") or answer.get("title") or ""
                found[post["id"]] = Text("discourse", str(post["id"]), kind, "forum", title, post["cooked"])
    yield from (found[number] for number in sorted(found))


def _comments() -> Iterator[Text]:
    file = "reddit/praw_cassettes"
    found: dict[str, Text] = {}
    for path in sorted((RECORDINGS / file).glob("*.json")):
        for exchange in json.loads(path.read_text(encoding="utf-8"))["interactions"]:
            body = exchange["response"]["body"]
            for one in dicts(parsed(body["string"] if isinstance(body, dict) else body)):
                if isinstance(one.get("body"), str) and one.get("id") and one["body"] not in ("", "[deleted]", "[removed]"):
                    item = str(one["id"])
                    found[item] = Text(file, item, "reply", "subreddit", "", one["body"], (str(one.get("subreddit")),))
    yield from (found[item] for item in sorted(found))


def html_of(one: Text) -> bool:
    """Whether the text is HTML."""
    return one.channel_kind == "forum"
