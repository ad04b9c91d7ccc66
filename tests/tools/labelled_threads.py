"""Threads from the places where people are supported on language models, with their openers and replies: the
population that labels are drawn from. Labels name a text by source, thread and its number there; no text is committed.

Texts lie beside the checkout: what the project was given in `../shared/label-texts` and `../shared/recordings`, and
public exports of trackers in `../shared/label-exports` (or the folder that `LABEL_EXPORTS` names), a folder a
repository, as `tests/labels/README.md` lists them. A source whose texts are absent yields nothing.
"""

import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path

from pipelines.markup.html_text import read_html
from tests.paths import RECORDINGS
from tests.tools.labelled import rows

GIVEN = RECORDINGS.parent / "label-texts"
EXPORTS = Path(os.environ.get("LABEL_EXPORTS") or RECORDINGS.parent / "label-exports")
OPENER, REPLY = "opener", "reply"
_SPOKE = re.compile(
    r"^(?:> )?👤 \*\*[^*]+\*\* (?:commented|replied) the \*\*[^*]+\*\* at \*\*[^*]+\*\*:<br>$", re.MULTILINE
)
_NUMBER = re.compile(r"\A### \S+ \[#(\d+)\]\([^)]*\) - (.*)$", re.MULTILINE)
_OWNER = re.compile(r"^\| \*\*Author\*\* \| `([^`]+)` \|$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Post:
    """What somebody wrote: number 0 opens the thread. HTML from a forum, Markdown elsewhere."""

    source: str
    thread: str
    n: int
    channel_kind: str
    side: str
    title: str
    text: str
    opener: str
    by_asker: bool
    labels: tuple[str, ...] = ()
    is_accepted: bool = False
    """True if its site marks it as the answer."""

    @property
    def key(self) -> tuple[str, str, str]:
        return self.source, self.thread, str(self.n)

    @property
    def kind(self) -> str:
        return REPLY if self.n else OPENER

    @property
    def words(self) -> str:
        """The text as the collectors read it: of a forum without its markup, of Reddit with its signs unescaped."""
        if self.channel_kind == "forum":
            return read_html(self.text).plain
        return unescape(self.text) if self.channel_kind == "subreddit" else self.text


@cache
def posts() -> dict[tuple[str, str, str], Post]:
    """All openers and replies whose texts are here, by source, thread and number."""
    return {one.key: one for read in SOURCES.values() for one in read()}


def labelled_posts(name: str, split: str | None = None) -> list[tuple[Post, dict[str, str]]]:
    """Labels of `openers`, `replies` or another file with their posts, of one half or of both; none without text."""
    known = posts()
    keyed = (((one["source"], one["thread"], one["n"]), one) for one in rows(name))
    return [(known[key], one) for key, one in keyed if key in known and split in (None, one.get("split"))]


def list_absent_sources() -> list[str]:
    """Lists the sources of labels whose texts are not here, those that are only learned from among them."""
    here = {one.source for one in posts().values()}
    files = ("openers", "replies", "openers_training", "replies_training")
    return sorted({one["source"] for name in files for one in rows(name)} - here)


@cache
def threads() -> dict[tuple[str, str], list[Post]]:
    """All threads whose texts are here, with their posts in order."""
    found: dict[tuple[str, str], list[Post]] = {}
    for one in sorted(posts().values(), key=lambda post: post.n):
        found.setdefault((one.source, one.thread), []).append(one)
    return found


@cache
def _already_read() -> frozenset[tuple[str, str]]:
    """Openers of the recordings that an earlier set of labels holds: they are not drawn a second time."""
    return frozenset((one["file"], one["item"]) for one in rows("openers_earlier"))


def _lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def read_vendor_forum() -> Iterator[Post]:
    """A vendor's own forum."""
    for topic in _lines(GIVEN / "vendor_forum_topics.jsonl"):
        written = topic["posts"]
        assert isinstance(written, list)
        for one in written:
            yield Post(
                "vendor_forum", str(topic["topic"]), one["n"] - 1, "forum", "proprietary", str(topic["title"]),
                one["html"], written[0]["html"], one["by"] == "asker", is_accepted=one["is_accepted"],
            )  # fmt: skip


def read_subreddit() -> Iterator[Post]:
    """Questions in a subreddit about models on one's own machine."""
    for thread in _lines(GIVEN / "subreddit_threads.jsonl"):
        text, replies = str(thread["text"]), thread["replies"]
        assert isinstance(replies, list)
        where = ("subreddit", "open", str(thread["title"]))
        yield Post("subreddit", str(thread["thread"]), 0, *where, text, text, True)
        for one in replies:
            yield Post("subreddit", str(thread["thread"]), one["n"], *where, one["text"], text, one["by"] == "asker")


def _read_recorded(source: str, file: str) -> Iterator[Post]:
    for one in _lines(RECORDINGS / file):
        labels = one["labels"]
        assert isinstance(labels, list)
        if (file, str(one["number"])) not in _already_read():
            text = str(one["body"] or "")
            yield Post(
                source, str(one["number"]), 0, "tracker", "open", str(one["title"]), text, text, True, tuple(labels)
            )


def read_llama_cpp() -> Iterator[Post]:
    """Issues of ggml-org/llama.cpp; their replies were not recorded."""
    return _read_recorded("llama_cpp", "github/llama_cpp_issues_sample.jsonl")


def read_sglang() -> Iterator[Post]:
    """Issues of sgl-project/sglang; their replies were not recorded."""
    return _read_recorded("sglang", "github/sglang_issues_sample.jsonl")


def read_gemini_cli() -> Iterator[Post]:
    """Issues of google-gemini/gemini-cli with replies, from an export by palladius/gemini-cli-demos."""
    path = EXPORTS / "palladius+gemini-cli-demos" / "issues.json"
    for one in json.loads(path.read_text(encoding="utf-8")) if path.exists() else []:
        where = ("tracker", "proprietary", one["title"])
        yield Post("gemini_cli", str(one["number"]), 0, *where, one["body"] or "", one["body"] or "", True)
        # The export does not say who asked, so no reply is marked as the asker's.
        for n, reply in enumerate(one["comments"], 1):
            yield Post("gemini_cli", str(one["number"]), n, *where, reply["body"], one["body"] or "", False)


def read_ik_llama() -> Iterator[Post]:
    """Issues and discussions of ikawrakow/ik_llama.cpp with replies, which keeps its own export."""
    folder = EXPORTS / "ikawrakow+ik_llama.cpp" / "github-data"
    for path in sorted([*folder.glob("issues/*.md"), *folder.glob("discussions/*.md")]):
        page = path.read_text(encoding="utf-8")
        named = _NUMBER.search(page)
        owner = _OWNER.search(page)
        if named is None or owner is None:
            continue
        heads = list(_SPOKE.finditer(page))
        opener = page[page.find("#### Description") + 16 : heads[0].start() if heads else len(page)]
        opener = re.sub(r"\n---\s*(?:#### \S+ (?:Conversation|Discussion)\s*)?\Z", "", opener.strip()).strip()
        ends = [head.start() for head in heads[1:]] + [len(page)] * bool(heads)
        thread = f"{path.parent.name[:-1]}-{named[1]}"
        yield Post("ik_llama", thread, 0, "tracker", "open", named[2], opener, opener, True)
        for n, (head, end) in enumerate(zip(heads, ends, strict=True), 1):
            said = page[head.end() : end].strip()
            if head[0].startswith("> "):
                said = re.sub(r"^> ?", "", said, flags=re.MULTILINE)
            said = re.sub(r"\n---\s*\Z", "", f"\n{said}".rstrip()).strip()
            yield Post(
                "ik_llama", thread, n, "tracker", "open", named[2], said, opener, f"**{owner[1]}**" in head[0],
            )  # fmt: skip


def _read_labelled_issues(source: str, name: str) -> Iterator[Post]:
    path = EXPORTS / "Niruthiha+labelled_data_only" / f"{name}_labeled_issues.json"
    for one in json.loads(path.read_text(encoding="utf-8"))["issues"] if path.exists() else []:
        thread, asked = str(one["issue_number"]), one["body"] or ""
        yield Post(source, thread, 0, "tracker", "open", one["title"], asked, asked, True)
        for n, reply in enumerate(one["comments"], 1):
            by_asker = reply["author"] == one["author"]
            yield Post(source, thread, n, "tracker", "open", one["title"], reply["body"], asked, by_asker)


def read_ipex_llm() -> Iterator[Post]:
    """Issues of intel/ipex-llm with their first replies, from an export by Niruthiha/labelled_data_only."""
    return _read_labelled_issues("ipex_llm", "intel_ipex-llm")


def read_ramalama() -> Iterator[Post]:
    """Issues of containers/ramalama with their first replies, from the same export."""
    return _read_labelled_issues("ramalama", "containers_ramalama")


def read_subreddit_dump() -> Iterator[Post]:
    """Questions of the same subreddit, from a dump by maifeeulasad/LocalLLaMA; none is among those given."""
    for path in sorted((EXPORTS / "maifeeulasad+LocalLLaMA" / "dump").glob("*/index.json")):
        post = json.loads(path.read_text(encoding="utf-8"))[0]["data"]["children"][0]["data"]
        title, text = unescape(post["title"]), post["selftext"] or ""
        yield Post("subreddit_dump", path.parent.name, 0, "subreddit", "open", title, text, text, True)


SOURCES: dict[str, Callable[[], Iterator[Post]]] = {
    "vendor_forum": read_vendor_forum,
    "subreddit": read_subreddit,
    "llama_cpp": read_llama_cpp,
    "sglang": read_sglang,
    "gemini_cli": read_gemini_cli,
    "ik_llama": read_ik_llama,
    "ipex_llm": read_ipex_llm,
    "ramalama": read_ramalama,
    "subreddit_dump": read_subreddit_dump,
}
