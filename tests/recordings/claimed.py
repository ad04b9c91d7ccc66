"""Which recordings are read by which source, and how."""

import base64
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from pipelines import sources
from pipelines.catalog.entries import Channel
from pipelines.contract import Page
from pipelines.http.errors import Gone, SourceError
from tests.pipelines.collecting.replays import Exchange, exchanges, met_by
from tests.recordings import recorded, talks
from tests.worlds.raw_server import RawServer, answer
from tests.worlds.visits import make_visit

TOKENS = {"GITHUB_TOKEN": "t"}
Reader = Callable[[Path, RawServer], int]
"""Serves the recording as its upstream would, has the source read it, and gives how many rows came."""


def visited(source: str, thing: str, channel: Mapping[str, Any]) -> int:
    """How many rows a first visit brings."""
    made = Channel(source=source, **{"role": "changelog", **channel})
    pages: list[Page] = list(sources.collect_stream(source, thing, make_visit(made, tokens=TOKENS)))
    return sum(len(page.rows) for page in pages)


def page(source: str, thing: str, form: str, kind: str, address: str = "/page", base: str | None = None) -> Reader:
    """A source that reads one address; `base`: what of it the channel's base_url holds, if that is not all."""

    def read(path: Path, server: RawServer) -> int:
        server.script[address] = [answer(200, path.read_bytes(), {"content-type": kind})]
        where = server.url(address if base is None else base)
        return visited(source, thing, {"target": "x", "format": form, "base_url": where})

    return read


def folder(source: str, thing: str, form: str) -> Reader:
    """A source that reads a folder of a repository, here with one file in it."""

    def read(path: Path, server: RawServer) -> int:
        listed = [{"name": path.name, "sha": "a1", "type": "file"}]
        blob = {"content": base64.b64encode(path.read_bytes()).decode(), "encoding": "base64"}
        for address, body in (("/repos/o/r/contents/f", listed), ("/repos/o/r/git/blobs/a1", blob)):
            server.script[address] = [answer(200, json.dumps(body).encode(), {"content-type": "application/json"})]
        return visited(source, thing, {"target": "x", "format": form, "base_url": server.url("/repos/o/r/contents/f")})

    return read


def summary(form: str) -> Reader:
    """A recorded summary of a status page; its parts are the same lists that the page's other addresses give."""

    def read(path: Path, server: RawServer) -> int:
        body = json.loads(path.read_text(encoding="utf-8"))
        for part in ("summary", "incidents", "components"):
            stated = body if part == "summary" else {"page": body["page"], part: body[part]}
            server.script[f"/api/v2/{part}.json"] = [
                answer(200, json.dumps(stated).encode(), {"content-type": "application/json"})
            ]
        channel = {"target": "x", "role": "status", "format": form, "base_url": server.url("")}
        return sum(visited("status", thing, channel) for thing in ("incidents", "components"))

    return read


def models(path: Path, server: RawServer) -> int:
    """Recorded `model_info` of the Hub: the organisation's own models as its listing, and each by its name."""
    organisation = next(name for name, file in recorded.HUB.items() if file == path.name)
    own = [
        recorded.as_api(model)
        for model in recorded.models_of(organisation, path.parents[1])
        if model["author"] == organisation
    ]
    server.script["/api/models"] = [answer(200, json.dumps(own).encode(), {"content-type": "application/json"})]
    for model in own:
        server.script[f"/api/models/{model['id']}"] = [
            answer(200, json.dumps(model).encode(), {"content-type": "application/json"})
        ]
    channel = {
        "target": organisation,
        "role": "hub",
        "base_url": server.url(""),
        "models": tuple(model["id"] for model in own),
    }
    return sum(visited("huggingface", thing, channel) for thing in ("models", "details"))


def threads(path: Path, server: RawServer) -> int:
    """Recorded issues, asked for in GraphQL; the answers are put together from the recording."""
    repository = next(name for name, file in recorded.ISSUES.items() if file == path.name)
    with HTTPServer() as github:
        recorded.serve(github, github, path.parents[1])
        return visited(
            "github", "issues", {"target": repository, "role": "runtime", "base_url": github.url_for("").rstrip("/")}
        )


def replay(path: Path, server: RawServer) -> int:
    """PyGithub's exchanges: those that our source asks for are read, those that refuse are refused; 0 if it asks for
    none of them."""
    return sum(_exchange(one, server) for one in exchanges(path))


def _exchange(one: Exchange, server: RawServer) -> int:
    (says, *_) = met_by(one)
    addresses = {
        "repositories": "/repos/o/r",
        "releases": "/repos/o/r/releases",
        "the probe of issues and changes": "/repos/o/r/releases",
    }
    if says == "an answer to another question than ours":
        return _refused(one, server, "/graphql", "discussions")
    if says not in addresses and one.status < 400:
        return 0
    if one.status >= 400 and one.method == "GET":
        return _refused(one, server, "/repos/o/r", "repositories")
    if says not in ("repositories", "releases"):
        return 0
    body = one.content if says == "repositories" or one.content.startswith("[") else f"[{one.content}]"
    server.script[addresses[says]] = [answer(one.status, body.encode(), {"content-type": "application/json"})]
    return visited("github", says, {"target": "o/r", "role": "sdk", "base_url": server.url("")})


def _refused(one: Exchange, server: RawServer, address: str, thing: str) -> int:
    """One, when the source refuses the recorded answer in words; anything else is a fault."""
    server.script[address] = [
        answer(one.status, one.content.encode(), {"content-type": one.headers.get("content-type", "")})
    ]
    with pytest.raises(Gone if one.status == 404 else SourceError):
        visited("github", thing, {"target": "o/r", "role": "sdk", "base_url": server.url("")})
    return 1


FORUM_LISTS = ("05965218", "955c3d98")
FORUM_TOPICS = (
    "nutshell_topic_", "t_2144_posts", "sourcecred_4062cefd", "sourcecred_7455bbe9", "sourcecred_8cf72a79",
    "sourcecred_dbebdce1",
)  # fmt: skip
READERS: dict[str, Reader] = {
    "changelogs/*__CHANGELOG.md": page("changelog", "entries", "markdown", "text/plain"),
    "changelogs/google_changelog.html": page("changelog", "entries", "gemini", "text/html"),
    "changelogs/mistral-platform-docs/*.mdx": folder("changelog", "entries", "mistral"),
    "changelogs/openai_deprecations.html": page("deprecations", "notices", "openai", "text/html"),
    "changelogs/aws_bedrock_lifecycle.html": page("deprecations", "notices", "bedrock", "text/html"),
    "changelogs/azure_foundry_lifecycle.html": page("deprecations", "notices", "azure", "text/html"),
    "changelogs/xai_models.html": page("deprecations", "notices", "xai", "text/html"),
    "status/status.openai.com__api_v2_summary.json": summary("incidentio"),
    "status/status.claude.com__api_v2_summary.json": summary("statuspage"),
    "status/www.githubstatus.com__history.atom": page(
        "status", "incidents", "atom", "application/atom+xml", "/history.atom", ""
    ),
    "status/status.cloud.google.com__incidents.json": page(
        "status", "incidents", "google", "application/json", "/incidents.json", ""
    ),
    "huggingface/*_finetunes_*.json": models,
    "github/*_issues_sample.jsonl": threads,
    "github/pygithub_replay/*": replay,
    "reddit/LocalLLaMA_*.json": talks.listing,
    "reddit/praw_cassettes/*": talks.cassette,
    **{f"discourse/sourcecred_{code}*": talks.topics for code in FORUM_LISTS},
    **{f"discourse/{name}*": talks.topic for name in FORUM_TOPICS},
    "stackexchange/stackexchange_question": talks.questions,
    "stackexchange/stackexchange_question*page*": talks.questions,
    "stackexchange/stackexchange_question_parse": talks.questions,
}
"""What reads the recordings that a pattern matches; those of no upstream's answer, and those never asked for, have
none."""
REFUSALS = {
    "changelogs/xai_models.html": "without any notice",  # it lists models and prices, and no end of any
    "stackexchange/stackexchange_question_parse": "unexpected shape",  # a bare list without the API's wrapper
}
"""What the source says when it refuses a recording, as a regular expression."""
