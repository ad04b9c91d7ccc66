"""Visits to an emulated Stack Exchange site, and what the world that they visit truly holds."""

import json
from typing import Any

from pipelines import sources
from pipelines.catalog.entries import Channel
from pipelines.contract import Page
from pipelines.http.errors import SourceError
from tests.upstream import Upstream
from tests.upstream.sites.stackexchange import Site
from tests.worlds.visits import make_visit

CHANNEL = Channel(
    source="stackexchange",
    target="stackoverflow",
    role="tag",
    family="acme",
    official=False,
    sections=("openai-api", "gpt-4", "ollama"),
)
KEY = {"STACKEXCHANGE_KEY": "canary-key-0123456789"}
Held = dict[str, dict[str, dict[str, Any]]]


def channel(up: Upstream) -> Channel:
    """The channel, led to the emulator."""
    return CHANNEL.model_copy(update={"base_url": up.url(CHANNEL)})


def collect(up: Upstream, cursor: Any = None, **more: Any) -> list[Page]:
    """One visit: all its pages."""
    given: dict[str, Any] = {"tokens": KEY, "now": up.world.now} | more
    return list(sources.collect_stream("stackexchange", "questions", make_visit(channel(up), cursor, **given)))


def keep(pages: list[Page], held: Held) -> Any:
    """Adds what a visit brought to what a warehouse would hold; gives the cursor as the landing zone would."""
    for row in (row for page in pages for row in page.rows):
        held.setdefault(row.stream or "questions", {})[row.key] = dict(row.body)
    return json.loads(json.dumps(pages[-1].cursor))


def stated(held: Held) -> dict[int, tuple[int, bool, str, set[str]]]:
    """Of every question that is held and not gone: its number of answers, acceptance, state, and the answers
    themselves."""
    answers: dict[int, set[str]] = {}
    for key, body in held.get("answers", {}).items():
        answers.setdefault(body["number"], set()).add(key)
    shown = [body for body in held["questions"].values() if body["state"] != "gone"]
    return {
        body["number"]: (body["answers"], body["has_accepted"], body["state"], answers.get(body["number"], set()))
        for body in shown
    }


def truth(site: Site) -> dict[int, tuple[int, bool, str, set[str]]]:
    """The same of what the site holds."""
    return {
        item["question_id"]: (
            item["answer_count"], "accepted_answer_id" in item, "closed" if "closed_date" in item else "open",
            {str(answer["answer_id"]) for answer in item["answers"]},
        )
        for item in site.items()
    }  # fmt: skip


def visited(up: Upstream, cursor: Any, **more: Any) -> tuple[list[Page], SourceError | None]:
    """The pages of a visit that may be stopped, and the error that stopped it."""
    given: dict[str, Any] = {"tokens": KEY, "now": up.world.now} | more
    visit = sources.collect_stream("stackexchange", "questions", make_visit(channel(up), cursor, **given))
    pages: list[Page] = []
    while True:
        try:
            pages.append(next(visit))
        except StopIteration:
            return pages, None
        except SourceError as error:
            return pages, error
