"""Texts that were labelled by hand for what is read in them, joined from the recordings; no text and no name is in the
labels.

`labels/texts.csv` was made by one reader before the rules were written or seen, `labels/texts_second.csv` by another,
of 149 of the same
items drawn at random, from the same words and without seeing the first. Both are AI readers that took text by text;
neither mended labels
after seeing the other's or the rules'. Drawn by their place in the recordings: every fourth issue of
llama.cpp and of sglang, every third post of r/LocalLLaMA, every fourth issue and every comment of PyGithub's replays,
every second answer
of the long topic of a forum and all of the others there, every third comment of at least four words of PRAW's
cassettes. `sample` says
`sought` where an item was looked for, because its kind is rare. Read were title and text as recorded, pasted logs in
part only; where the
text is cut off, what is there. Every second item is held out (`split`).

What counts (quotes are somebody else's words and do not; nor do headings and ticked boxes of a form; in doubt: no):

- `language`: of the writer's own prose; empty where there are fewer than about four words of it.
- `has_code`: lines of a program, a configuration, a query or of commands, set out as code: a block, or two and more
  lines in a row. A name
  in running text is none, nor is the output of a program, a log or a trace.
- `has_patch`: a change to code with marks of what comes and goes. A link to one is none.
- `has_command`: what one can type into a shell, a programme with an argument; within a pasted log only where it shows
  what was typed.
- `has_version`: a concrete version, build or commit of a software, or a parameter, flag or variable with its value;
  also in a pasted log.
  The name of a model, a kind of card, or a system without number is none.
- `source_paths`: a file of source code by name or path, also within a link, or a stack frame with one. Models, logs,
  documents are none.
- `has_cause`: says why something happens, also as a firm guess.
- `has_thanks`: thanks somebody, also in advance.
- `has_solved`: says that it works now, is solved, fixed, merged, published. A proposal or wish is none.
- `is_deflection`: says nothing but: update, ask elsewhere, a duplicate, closed, not our matter, give more. Any help
  beyond that: no.
- `is_docs_pointer`: hardly more than a pointer to documentation, a guide or an example.
- `question_type`, what the writer mainly wants; the first that fits:
  `set-up` (building, installing, starting, loading a model: does not get it to run), `hardware` (cards, drivers,
  memory, several devices,
  speed: what it runs on is the matter), `licence` (what one may do), `api-error` (a request, call, function or server
  fails or behaves
  otherwise than documented while in use), `billing` (price, quota, account), `quality` (answers are bad, wrong,
  garbled, got worse; which
  model is better), `fine-tuning` (training, adapters, data for it), `refusal` (declines, filters, censors), `docs` (how
  to do or where to
  read something; wrong or missing documentation; how it works), `feature` (wants something that is not there; plans,
  refactorings),
  `other` (announcements, news, own work, tests).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from tests.paths import RECORDINGS
from tests.tools.labelled import dicts, parsed

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
            yield Text(
                file, str(one["number"]), "opener", "tracker", one["title"], one["body"] or "", tuple(one["labels"])
            )


def _listing() -> Iterator[Text]:
    for child in json.loads((RECORDINGS / LISTING).read_text(encoding="utf-8"))["data"]["children"]:
        post = child["data"]
        flair = post.get("link_flair_text")
        yield Text(
            LISTING,
            post["id"],
            "opener",
            "subreddit",
            post["title"],
            post.get("selftext") or "",
            (flair,) if flair else (),
        )


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
                if (
                    isinstance(one.get("body"), str)
                    and one.get("id")
                    and one["body"] not in ("", "[deleted]", "[removed]")
                ):
                    item = str(one["id"])
                    found[item] = Text(file, item, "reply", "subreddit", "", one["body"], (str(one.get("subreddit")),))
    yield from (found[item] for item in sorted(found))


def html_of(one: Text) -> bool:
    """Whether the text is HTML."""
    return one.channel_kind == "forum"
