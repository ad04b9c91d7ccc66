"""The Hub's source: a list a day, a closer look a day, and nothing that one model can spoil for the others."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from pipelines import sources
from pipelines.catalog.entries import Channel
from pipelines.contract import Page
from pipelines.http.budget import Budget
from pipelines.http.errors import BudgetSpent, Denied, Fatal, Retriable
from tests.paths import RECORDINGS
from tests.upstream import NOW, Upstream, faults
from tests.worlds.raw_server import RawServer, answer, raw_server
from tests.worlds.visits import make_visit

ANSWERS = RECORDINGS / "huggingface"
needs_recordings = pytest.mark.skipif(not ANSWERS.is_dir(), reason="the shared recordings are not here")
TRACKED = ("acme/Kit-7B", "acme/Kit-70B", "acme/Kit-7B-Instruct")
CHANNEL = Channel(source="huggingface", target="acme", role="hub", family="kit", models=TRACKED)
TOKEN = "hf_canary0123456789"


@pytest.fixture
def up() -> Iterator[Upstream]:
    """A hub with one organisation."""
    with Upstream([CHANNEL], seed=2, threads=10, now=NOW) as upstream:
        yield upstream


def collect(url: str, thing: str, cursor: Any = None, channel: Channel = CHANNEL, **more: Any) -> list[Page]:
    """One visit: all its pages."""
    given: dict[str, Any] = {"now": NOW} | more
    return list(
        sources.collect_stream(
            "huggingface", thing, make_visit(channel.model_copy(update={"base_url": url}), cursor, **given)
        )
    )


def models_of(pages: list[Page]) -> list[dict[str, Any]]:
    """Rows of the models themselves, without those of their providers."""
    return [dict(row.body) for page in pages for row in page.rows if not row.stream]


def last(pages: list[Page]) -> Any:
    return json.loads(json.dumps(pages[-1].cursor))


def test_the_list_brings_every_public_model_with_today_s_figures(up: Upstream) -> None:
    """Whole, one row a model and day, in one request; a private one is none of ours."""
    up.world.model("acme/Kit-70B").is_private = True
    (page,) = collect(up.url(CHANNEL), "models")
    public = {model.name: model for model in up.world.models() if not model.is_private}
    assert {row.body["model_id"] for row in page.rows} == set(public)
    for row in page.rows:
        model = public[row.body["model_id"]]
        assert row.key == f"{model.name}:2026-11-24"
        found = [row.body[name] for name in ("downloads", "downloads_all_time", "parameters", "licence", "gated")]
        life = model.life
        assert found == [
            model.downloads,
            model.downloads_all_time,
            life.parameters,
            life.licence,
            life.gated,
        ]
    assert len(up.requests) == 1


def test_a_closer_look_adds_what_was_made_of_a_model(up: Upstream) -> None:
    """Only the single call tells lineage, in the Hub's own words for the relations."""
    bodies = models_of(collect(up.url(CHANNEL), "details"))
    assert [body["model_id"] for body in bodies] == list(TRACKED)
    for body in bodies:
        children = up.world.model(body["model_id"]).children
        found = [body[name] for name in ("finetunes", "adapters", "quantized", "merges")]
        assert found == [children[name] for name in ("finetune", "adapter", "quantized", "merge")]
        assert body["state"] == "public"
    assert len(up.requests) == len(TRACKED)


def test_a_closer_look_tells_the_name_of_a_licence(up: Upstream) -> None:
    """Of one that is no standard one."""
    up.world.model("acme/Kit-7B").life.licence = "other"
    up.world.model("acme/Kit-70B").life.licence = "mit"
    first, second, _ = models_of(collect(up.url(CHANNEL), "details"))
    assert (first["licence"], first["licence_name"]) == ("other", "house-licence")
    assert (second["licence"], second["licence_name"]) == ("mit", None)


def test_each_provider_of_a_model_is_a_row_of_the_day(up: Upstream) -> None:
    """In the Hub's word if it is a known one; the number of providers is with the model, so that none is not
    silence."""
    pages = collect(up.url(CHANNEL), "details")
    rows = [row for page in pages for row in page.rows if row.stream == "providers"]
    there = {(name, *pair) for name in TRACKED for pair in up.world.model(name).providers.items()}
    assert {(row.body["model_id"], row.body["provider"], row.body["state"]) for row in rows} == there and there
    assert [body["providers"] for body in models_of(pages)] == [len(up.world.model(name).providers) for name in TRACKED]


def test_a_state_of_a_provider_that_we_do_not_know_is_said(up: Upstream) -> None:
    mapping = {"newcomer": {"status": "paused", "providerId": "x", "task": "conversational"}}
    up.fail("hub", "Kit-7B?", faults.edited(lambda model: {**model, "inferenceProviderMapping": mapping}))  # type: ignore[dict-item]
    (row,) = [row for row in collect(up.url(CHANNEL), "details")[0].rows if row.stream == "providers"]
    assert (row.body["provider"], row.body["state"], row.body["drift"]) == ("newcomer", "unknown", ["paused"])


@pytest.mark.parametrize("thing", ["models", "details"])
def test_the_hub_is_asked_once_a_day(up: Upstream, thing: str) -> None:
    """Its figures change once a day; six visits a day read them once."""
    first = collect(up.url(CHANNEL), thing)
    up.forget()
    again = collect(up.url(CHANNEL), thing, last(first))
    assert ([page.is_unchanged for page in again], up.requests) == ([True], [])
    tomorrow = collect(up.url(CHANNEL), thing, last(again), now=NOW + timedelta(days=1))
    assert tomorrow[0].rows[0].key.endswith(":2026-11-25")


def test_a_model_gone_private_or_renamed_is_noted_and_the_rest_goes_on(up: Upstream) -> None:
    """A model that disappears is a fact about it, not a fault of the visit."""
    up.world.model("acme/Kit-7B").gone = 404
    up.world.model("acme/Kit-7B-Instruct").rename("acme/Kit-7B-Chat")
    channel = CHANNEL.model_copy(update={"models": (*TRACKED, "acme/Never-Was")})
    bodies = models_of(collect(up.url(CHANNEL), "details", channel=channel, tokens={"HF_TOKEN": TOKEN}))
    assert [(body["asked_id"], body["model_id"], body["state"]) for body in bodies] == [
        ("acme/Kit-7B", "acme/Kit-7B", "gone"),
        ("acme/Kit-70B", "acme/Kit-70B", "public"),
        ("acme/Kit-7B-Instruct", "acme/Kit-7B-Chat", "public"),
        ("acme/Never-Was", "acme/Never-Was", "gone"),
    ]


@pytest.mark.parametrize("code", [401, 403])
def test_a_refused_model_is_asked_again_next_time(up: Upstream, code: int) -> None:
    """Refused today may be open this evening: it is noted and not counted as done."""
    up.fail("hub", "Kit-70B", faults.status(code))
    pages = collect(up.url(CHANNEL), "details")
    assert [body["state"] for body in models_of(pages)] == ["public", "denied", "public"]
    up.forget()
    collect(up.url(CHANNEL), "details", last(pages))
    assert [record.path.partition("?")[0] for record in up.requests] == ["/api/models/acme/Kit-70B"]


@pytest.mark.parametrize("thing", ["models", "details"])
def test_a_dead_token_is_named_and_never_shown(up: Upstream, thing: str) -> None:
    """When everything is refused it is the token, not the models."""
    up.fail("hub", None, faults.status(401, "Invalid credentials in Authorization header"))
    with pytest.raises(Denied, match="HF_TOKEN") as refusal:
        collect(up.url(CHANNEL), thing, tokens={"HF_TOKEN": TOKEN})
    assert TOKEN not in str(refusal.value)


def test_without_a_token_none_is_sent_whoever_is_logged_in_here(up: Upstream, monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own login must not slip into requests."""
    monkeypatch.setenv("HF_TOKEN", "hf_of_somebody_else")
    collect(up.url(CHANNEL), "models")
    collect(up.url(CHANNEL), "models", tokens={"HF_TOKEN": TOKEN})
    assert [record.headers.get("authorization") for record in up.requests] == [None, f"Bearer {TOKEN}"]
    assert {record.headers["user-agent"] for record in up.requests} == {"heartbeat/test"}


def test_a_long_slow_down_ends_the_visit_and_the_next_goes_on(up: Upstream) -> None:
    """What was read is kept; the rest comes another time, without asking for the first ones again."""
    rule = up.fail("hub", "Kit-70B", faults.status(429).plus(ratelimit='"api";r=0;t=299'))
    kept: list[Page] = []
    channel = CHANNEL.model_copy(update={"base_url": up.url(CHANNEL)})
    with pytest.raises(Retriable, match="299 s"):
        kept.extend(sources.collect_stream("huggingface", "details", make_visit(channel, now=NOW)))
    assert [body["model_id"] for body in models_of(kept)] == ["acme/Kit-7B"]
    rule.stop()
    up.forget()
    assert len(collect(up.url(CHANNEL), "details", last(kept[:1]))) == 2
    assert len(up.requests) == 2


def test_the_budget_holds_for_the_library_s_requests(up: Upstream) -> None:
    """Each request that it makes is counted before it goes out."""
    budget = Budget(2)
    with pytest.raises(BudgetSpent):
        collect(up.url(CHANNEL), "details", budget=budget)
    assert (budget.requests, len(up.requests)) == (2, 2)


def test_an_organisation_without_models_is_an_error(up: Upstream) -> None:
    """The Hub answers 200 and an empty list for a name that it does not know."""
    with pytest.raises(Fatal, match="nobody: the Hub lists no model"):
        collect(up.url(CHANNEL), "models", channel=CHANNEL.model_copy(update={"target": "nobody"}))


def test_a_list_of_several_pages_is_followed_to_its_end() -> None:
    """Paging is by Link; each page is a request of the budget."""
    models = [{"_id": str(n), "id": f"acme/M{n}", "private": False, "downloads": n} for n in range(6)]
    with raw_server() as server:
        further = {"link": f'<{server.url("/more")}>; rel="next"'}
        server.script["/api/models"] = [answer(body=json.dumps(models[:3]).encode(), headers=further)]
        server.script["/more"] = [answer(body=json.dumps(models[3:]).encode())]
        rows = collect(server.url(""), "models")[0].rows
    assert [row.body["downloads"] for row in rows] == [0, 1, 2, 3, 4, 5]


def test_two_visits_at_once_spend_their_own_budgets(up: Upstream) -> None:
    """The library knows one client for the process; a visit in another thread must not pay for this one."""
    budgets = [Budget(100), Budget(100)]
    threads = [
        threading.Thread(target=collect, args=(up.url(CHANNEL), "details"), kwargs={"budget": budget})
        for budget in budgets
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [budget.requests for budget in budgets] == [3, 3]


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b/c", "acme/--x", "x" * 300])
def test_a_name_that_no_model_can_have_is_refused_before_any_request(up: Upstream, name: str) -> None:
    with pytest.raises(Fatal, match="is not a valid model name"):
        collect(up.url(CHANNEL), "details", channel=CHANNEL.model_copy(update={"models": (name,)}))
    assert up.requests == []


def recorded_models(name: str) -> list[dict[str, Any]]:
    """Recorded model information as the interface gave it: JSON within JSON, its names in the library's spelling."""
    models = [json.loads(one["metadata"]) for one in json.loads((ANSWERS / name).read_text(encoding="utf-8"))["models"]]
    kept = (
        "id", "_id", "gated", "downloads", "likes", "tags", "safetensors", "private", "disabled", "pipeline_tag",
    )  # fmt: skip
    return [
        {**{name: one.get(name) for name in kept}, "createdAt": f"{one['created_at'][:19].replace(' ', 'T')}.000Z"}
        for one in models
    ]


@needs_recordings
@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("Llama-4-Scout-17B-16E_finetunes_20250411_001929.json", 19),
        ("Mistral-Small-24B-Base-2501_finetunes_20250405_001816.json", 67),
    ],
)
def test_recorded_models_become_rows_with_their_facts(name: str, count: int) -> None:
    """86 real models over real HTTP: gates of all three kinds, models without weights in safetensors, lineage in
    tags."""
    models = recorded_models(name)
    with raw_server() as server:
        serve(server, models)
        channel = CHANNEL.model_copy(update={"models": tuple(one["id"] for one in models)})
        bodies = models_of(collect(server.url(""), "details", channel=channel))
    assert len(bodies) == count
    for body, one in zip(bodies, models, strict=True):
        assert (body["model_id"], body["downloads"]) == (one["id"], one["downloads"])
        assert body["gated"] == {False: "no"}.get(one["gated"], one["gated"])
        assert body["created_at"][:19] == one["createdAt"][:19]
        assert body["parameters"] == (one["safetensors"] or {}).get("total")
        assert bool(body["base_models"]) == any(tag.startswith("base_model:") for tag in one["tags"])
    assert {body["gated"] for body in bodies} <= {"no", "auto", "manual"}
    assert all(
        body["licence"]
        for body in bodies
        if any(tag.startswith("license:") for tag in models[bodies.index(body)]["tags"])
    )


def serve(server: RawServer, models: list[dict[str, Any]]) -> None:
    for one in models:
        server.script[f"/api/models/{one['id']}"] = [answer(body=json.dumps(one).encode())]


@needs_recordings
def test_a_recorded_top_list_becomes_rows() -> None:
    """The thirty most fetched models of a day in August 2026, with the figures of that day."""
    top = json.loads((ANSWERS / "pulse_top30_2026-08-22.json").read_text(encoding="utf-8"))["models"]
    listed = [{name: one[name] for name in ("id", "downloads", "likes", "tags")} for one in top]
    with raw_server() as server:
        server.script["/api/models"] = [answer(body=json.dumps(listed).encode())]
        (page,) = collect(server.url(""), "models")
    assert [(row.body["model_id"], row.body["downloads"]) for row in page.rows] == [
        (one["id"], one["downloads"]) for one in top
    ]
    assert len(page.rows) == 30
