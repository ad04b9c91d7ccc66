"""The Hugging Face Hub: a daily list of an organisation's models, a closer look at the tracked ones, and what is
discussed there.

`downloads` is the Hub's rolling figure of thirty days: a snapshot a day, never to be summed. Derivatives are counted by
relation in
the closer look, free of further cost: lists of them would take four requests a model and day and name strangers'
models.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC
from json import JSONDecodeError
from typing import Any

os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")  # the library reads it when it is imported

import httpx2
from huggingface_hub import HfApi, ModelInfo, set_client_factory
from huggingface_hub.errors import HFValidationError
from huggingface_hub.utils._validators import validate_repo_id  # the library passes it on without saying so

from pipelines.contract import Page, Row, Stream, Visit
from pipelines.http.answers import to_web_link
from pipelines.http.client import Http
from pipelines.http.errors import Denied, Fatal, Gone, Retriable
from pipelines.sources.huggingface.discussion_reader import read_boards
from pipelines.text import values
from warehouse.faults import Fault

BASE_URL = "https://huggingface.co"
STREAMS = {
    "models": Stream("whole"),
    "details": Stream("whole", resumable=True, also=("providers",), empty_is_normal=True),
    "discussions": Stream("newest-first", resumable=True, also=("discussion_events", "boards"), empty_is_normal=True),
}
CURSOR = 1
LISTED: list[Any] = [
    "createdAt",
    "downloads",
    "downloadsAllTime",
    "gated",
    "lastModified",
    "likes",
    "pipeline_tag",
    "private",
    "safetensors",
    "tags",
]
DETAILED: list[Any] = [
    *LISTED, "baseModels", "cardData", "childrenModelCount", "disabled", "gguf", "inferenceProviderMapping",
    "library_name", "spaces",
    "usedStorage",
]  # fmt: skip
"""The Hub gives lineage and storage for a single model only, never in a list."""
SPACES_TOLD = 100
"""The Hub names about so many spaces of a model and no more: where it does, the true number is not known."""
PROVIDER_STATES = ("live", "staging", "error")
RELATIONS = {"finetune": "finetunes", "adapter": "adapters", "quantized": "quantized", "merge": "merges"}
_speaking: ContextVar[Http] = ContextVar("speaking")


class _Transport(httpx2.BaseTransport):
    """Carries the library's requests through the client of the visit under way, which counts, bounds, repeats and
    judges them."""

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        kept = {name: request.headers[name] for name in ("authorization", "user-agent") if name in request.headers}
        answer = _speaking.get().get(str(request.url), headers=kept)
        passed = {name: answer.headers[name] for name in ("content-type", "link") if name in answer.headers}
        return httpx2.Response(answer.status, headers=passed, content=answer.content, request=request)


# The library knows one client for a whole process, by default without any time-out.
set_client_factory(lambda: httpx2.Client(transport=_Transport(), trust_env=False))


def models(visit: Visit) -> Iterator[Page]:
    """All public models of the organisation, once a day."""
    day = _day(visit)
    if _done(visit, day):
        yield Page([], visit.cursor, is_unchanged=True)
        return
    try:
        with _through(visit.http):
            listed = list(_api(visit).list_models(author=visit.channel.target, expand=LISTED))
    except Denied as error:
        raise Denied(f"{error} (HF_TOKEN)") from None
    if not listed:
        what = f"{visit.channel.target}: the Hub lists no model; check the organisation's name in the catalog"
        raise Fatal(what, Fault.EMPTY)
    rows = [Row(f"{model.id}:{day}", None, _body(model, day)) for model in listed if not model.private]
    yield Page(rows, {"v": CURSOR, "day": day, "done": ["*"]})


def details(visit: Visit) -> Iterator[Page]:
    """A closer look at each model that the catalog tracks, once a day; one that cannot be read is noted, and the rest
    goes on."""
    day = _day(visit)
    done = _done(visit, day)
    todo = [model for model in visit.channel.models if model not in done]
    if not todo:
        yield Page([], {"v": CURSOR, "day": day, "done": done}, 0, is_unchanged=bool(done))
        return
    refused = 0
    for model in todo:
        body, providers = _look(visit, model, day)
        refused += body["state"] == "denied"
        done = done if body["state"] == "denied" else [*done, model]
        yield Page([Row(f"{model}:{day}", None, body), *providers], {"v": CURSOR, "day": day, "done": done}, len(todo))
    if refused == len(todo) and "HF_TOKEN" in visit.tokens:
        raise Denied(f"{visit.channel.target}: the Hub refuses every model asked for; check HF_TOKEN")


def discussions(visit: Visit) -> Iterator[Page]:
    """What is asked and answered on the pages of the tracked models: one request a model and visit at least, as no list
    holds several."""
    for model in visit.channel.models:
        _check_name(visit, model)
    yield from read_boards(visit, (visit.channel.base_url or BASE_URL).rstrip("/"))


def _check_name(visit: Visit, model: str) -> None:
    try:
        validate_repo_id(model)
    except HFValidationError as error:
        raise Fatal(
            f"{visit.channel.target}: {model!r} cannot be the name of a model: {values.clean_line(error)}"
        ) from None


def _look(visit: Visit, model: str, day: str) -> tuple[dict[str, Any], list[Row]]:
    _check_name(visit, model)
    try:
        with _through(visit.http):
            found = _api(visit).model_info(model, expand=DETAILED)
    except Gone:
        return {"model_id": model, "asked_id": model, "day_on": day, "state": "gone"}, []
    except Denied:
        return {"model_id": model, "asked_id": model, "day_on": day, "state": "denied"}, []
    state = {"asked_id": model, "state": "disabled" if found.disabled else "public"}
    return _body(found, day) | _lineage(found) | _offer(found) | state, _providers(found, day)


def _body(model: ModelInfo, day: str) -> dict[str, Any]:
    tags = [tag for tag in model.tags or [] if isinstance(tag, str)]
    return {
        "model_id": values.clean_line(model.id, 120),
        "day_on": day,
        "created_at": values.format_instant(model.created_at),
        "last_modified_at": values.format_instant(model.last_modified),
        "downloads": _count(model.downloads),
        "downloads_all_time": _count(model.downloads_all_time),
        "likes": _count(model.likes),
        "gated": {False: "no", "auto": "auto", "manual": "manual"}.get(model.gated)
        if model.gated is not None
        else None,
        "licence": next(
            (values.clean_line(tag.removeprefix("license:"), 60) for tag in tags if tag.startswith("license:")), None
        ),
        "parameters": _count(model.safetensors.total) if model.safetensors else None,
        "pipeline": values.clean_line(model.pipeline_tag, 60) or None,
        "base_models": [
            values.clean_line(tag.removeprefix("base_model:"), 140) for tag in tags if tag.startswith("base_model:")
        ][:20],
    }


def _lineage(model: ModelInfo) -> dict[str, Any]:
    """What was made of the model, by relation; the Hub leaves a relation out where there is none."""
    counts = model.children_model_count
    if not isinstance(counts, Mapping):
        return dict.fromkeys(RELATIONS.values())
    return {ours: _count(counts.get(theirs, 0)) for theirs, ours in RELATIONS.items()}


def _offer(model: ModelInfo) -> dict[str, Any]:
    """What it may be used under and with: a licence of its own by name and address, library, sizes, spaces, live
    providers."""
    card = model.card_data
    spaces = len(model.spaces) if isinstance(model.spaces, list) else None
    return {
        "licence_name": values.clean_line(getattr(card, "license_name", None), 100) or None,
        "licence_link": to_web_link(getattr(card, "license_link", None), f"{BASE_URL}/{model.id}/blob/main/"),
        "library": values.clean_line(model.library_name, 60) or None,
        "spaces": spaces,
        "has_more_spaces": None if spaces is None else spaces >= SPACES_TOLD,
        "gguf_parameters": _count(model.gguf.get("total")) if isinstance(model.gguf, Mapping) else None,
        "storage_bytes": _count(model.used_storage),
        "providers": None if model.inference_provider_mapping is None else len(model.inference_provider_mapping),
    }


def _providers(model: ModelInfo, day: str) -> list[Row]:
    """Who serves the model through the Hub on that day, in which state; a word of another kind is kept and said."""
    found = []
    for one in model.inference_provider_mapping or []:
        name, status = values.clean_line(one.provider, 60), values.clean_line(one.status, 40)
        is_known = status in PROVIDER_STATES
        body = {
            "model_id": values.clean_line(model.id, 120),
            "provider": name,
            "day_on": day,
            "task": values.clean_line(one.task, 60) or None,
            "state": status if is_known else "unknown",
            "drift": [] if is_known else [status],
        }
        found.append(Row(f"{model.id}:{name}:{day}", None, body, "providers"))
    return found


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63 else None


def _day(visit: Visit) -> str:
    return visit.now.astimezone(UTC).date().isoformat()


def _done(visit: Visit, day: str) -> list[str]:
    """What today's earlier visits have read already."""
    kept = visit.cursor
    done = kept.get("done") if kept.get("v") == CURSOR and kept.get("day") == day else []
    return [one for one in done if isinstance(one, str)] if isinstance(done, list) else []


def _api(visit: Visit) -> HfApi:
    return HfApi(endpoint=(visit.channel.base_url or BASE_URL).rstrip("/"), token=visit.tokens.get("HF_TOKEN") or False)


@contextmanager
def _through(http: Http) -> Iterator[None]:
    """The library's requests inside are this visit's; what it makes of an answer of another shape is an error that says
    so."""
    token = _speaking.set(http)
    try:
        yield
    except JSONDecodeError:
        raise Retriable("the Hub's answer is not whole JSON") from None
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        if isinstance(error, HFValidationError):
            raise
        raise Fatal(f"the Hub's answer has another shape than huggingface_hub knows: {error!r}") from None
    finally:
        _speaking.reset(token)
