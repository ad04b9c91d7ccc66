"""The Hugging Face Hub: a daily list of an organisation's models, details of the tracked ones, and their discussions.

`downloads` is the Hub's rolling 30-day count: one snapshot per day, never to be summed. The details include the number
of derivatives by relation at no extra cost; listing them would take four requests per model and day, and would name
strangers' models.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC
from json import JSONDecodeError
from typing import Any

os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")  # the library reads it on import

import httpx2
from huggingface_hub import HfApi, ModelInfo, set_client_factory
from huggingface_hub.errors import HFValidationError
from huggingface_hub.utils._validators import validate_repo_id  # re-exported by the library, but not declared so

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
"""Fields of a single model; the Hub never lists lineage and storage."""
MOST_SPACES = 100
"""Number of spaces after which the Hub cuts a model's list, so that the true number is unknown."""
PROVIDER_STATES = ("live", "staging", "error")
RELATIONS = {"finetune": "finetunes", "adapter": "adapters", "quantized": "quantized", "merge": "merges"}
_current_http: ContextVar[Http] = ContextVar("current_http")


class _Transport(httpx2.BaseTransport):
    """Sends the library's requests through the guarded client of the current visit."""

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        sent = {name: request.headers[name] for name in ("authorization", "user-agent") if name in request.headers}
        answer = _current_http.get().get(str(request.url), headers=sent)
        received = {name: answer.headers[name] for name in ("content-type", "link") if name in answer.headers}
        return httpx2.Response(answer.status, headers=received, content=answer.content, request=request)


# The library has one client per process, by default without a timeout.
set_client_factory(lambda: httpx2.Client(transport=_Transport(), trust_env=False))


def models(visit: Visit) -> Iterator[Page]:
    """Yields all public models of the organisation, once a day."""
    day = _format_day(visit)
    if _list_done(visit, day):
        yield Page([], visit.cursor, is_unchanged=True)
        return
    try:
        with _use_client(visit.http):
            infos = list(_make_api(visit).list_models(author=visit.channel.target, expand=LISTED))
    except Denied as error:
        raise Denied(f"{error} (HF_TOKEN)") from None
    if not infos:
        reason = f"{visit.channel.target}: the Hub lists no models; check the organisation's name in the catalog"
        raise Fatal(reason, Fault.EMPTY)
    rows = [Row(f"{model.id}:{day}", None, _model_body(model, day)) for model in infos if not model.private]
    yield Page(rows, {"v": CURSOR, "day": day, "done": ["*"]})


def details(visit: Visit) -> Iterator[Page]:
    """Yields the details of each tracked model, once a day; a model that cannot be read gets a row with its state."""
    day = _format_day(visit)
    done = _list_done(visit, day)
    todo = [model for model in visit.channel.models if model not in done]
    if not todo:
        yield Page([], {"v": CURSOR, "day": day, "done": done}, 0, is_unchanged=bool(done))
        return
    refused = 0
    for model in todo:
        body, providers = _read_details(visit, model, day)
        refused += body["state"] == "denied"
        done = done if body["state"] == "denied" else [*done, model]
        yield Page([Row(f"{model}:{day}", None, body), *providers], {"v": CURSOR, "day": day, "done": done}, len(todo))
    if refused == len(todo) and "HF_TOKEN" in visit.tokens:
        raise Denied(f"{visit.channel.target}: the Hub denies access to every tracked model; check HF_TOKEN")


def discussions(visit: Visit) -> Iterator[Page]:
    """Yields the discussions of the tracked models."""
    for model in visit.channel.models:
        _check_name(visit, model)
    yield from read_boards(visit, (visit.channel.base_url or BASE_URL).rstrip("/"))


def _check_name(visit: Visit, model: str) -> None:
    try:
        validate_repo_id(model)
    except HFValidationError as error:
        raise Fatal(
            f"{visit.channel.target}: {model!r} is not a valid model name: {values.clean_line(error)}"
        ) from None


def _read_details(visit: Visit, model: str, day: str) -> tuple[dict[str, Any], list[Row]]:
    _check_name(visit, model)
    try:
        with _use_client(visit.http):
            info = _make_api(visit).model_info(model, expand=DETAILED)
    except Gone:
        return {"model_id": model, "asked_id": model, "day_on": day, "state": "gone"}, []
    except Denied:
        return {"model_id": model, "asked_id": model, "day_on": day, "state": "denied"}, []
    state = {"asked_id": model, "state": "disabled" if info.disabled else "public"}
    body = _model_body(info, day) | _count_derivatives(info) | _describe_offer(info) | state
    return body, _provider_rows(info, day)


def _model_body(model: ModelInfo, day: str) -> dict[str, Any]:
    tags = [tag for tag in model.tags or [] if isinstance(tag, str)]
    return {
        "model_id": values.clean_line(model.id, 120),
        "day_on": day,
        "created_at": values.format_instant(model.created_at),
        "last_modified_at": values.format_instant(model.last_modified),
        "downloads": _to_count(model.downloads),
        "downloads_all_time": _to_count(model.downloads_all_time),
        "likes": _to_count(model.likes),
        "gated": {False: "no", "auto": "auto", "manual": "manual"}.get(model.gated)
        if model.gated is not None
        else None,
        "licence": next(
            (values.clean_line(tag.removeprefix("license:"), 60) for tag in tags if tag.startswith("license:")), None
        ),
        "parameters": _to_count(model.safetensors.total) if model.safetensors else None,
        "pipeline": values.clean_line(model.pipeline_tag, 60) or None,
        "base_models": [
            values.clean_line(tag.removeprefix("base_model:"), 140) for tag in tags if tag.startswith("base_model:")
        ][:20],
    }


def _count_derivatives(model: ModelInfo) -> dict[str, Any]:
    """Counts a model's derivatives by relation; the Hub omits a relation without any."""
    counts = model.children_model_count
    if not isinstance(counts, Mapping):
        return dict.fromkeys(RELATIONS.values())
    return {ours: _to_count(counts.get(theirs, 0)) for theirs, ours in RELATIONS.items()}


def _describe_offer(model: ModelInfo) -> dict[str, Any]:
    """Describes a model's custom licence, library, sizes, spaces and number of providers."""
    card = model.card_data
    spaces = len(model.spaces) if isinstance(model.spaces, list) else None
    return {
        "licence_name": values.clean_line(getattr(card, "license_name", None), 100) or None,
        "licence_link": to_web_link(getattr(card, "license_link", None), f"{BASE_URL}/{model.id}/blob/main/"),
        "library": values.clean_line(model.library_name, 60) or None,
        "spaces": spaces,
        "has_more_spaces": None if spaces is None else spaces >= MOST_SPACES,
        "gguf_parameters": _to_count(model.gguf.get("total")) if isinstance(model.gguf, Mapping) else None,
        "storage_bytes": _to_count(model.used_storage),
        "providers": None if model.inference_provider_mapping is None else len(model.inference_provider_mapping),
    }


def _provider_rows(model: ModelInfo, day: str) -> list[Row]:
    """Makes one row per provider that serves the model through the Hub; an unknown state goes to `drift`."""
    rows = []
    for provider in model.inference_provider_mapping or []:
        name, status = values.clean_line(provider.provider, 60), values.clean_line(provider.status, 40)
        is_known = status in PROVIDER_STATES
        body = {
            "model_id": values.clean_line(model.id, 120),
            "provider": name,
            "day_on": day,
            "task": values.clean_line(provider.task, 60) or None,
            "state": status if is_known else "unknown",
            "drift": [] if is_known else [status],
        }
        rows.append(Row(f"{model.id}:{name}:{day}", None, body, "providers"))
    return rows


def _to_count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63 else None


def _format_day(visit: Visit) -> str:
    return visit.now.astimezone(UTC).date().isoformat()


def _list_done(visit: Visit, day: str) -> list[str]:
    """Lists the models that today's earlier visits have read."""
    cursor = visit.cursor
    done = cursor.get("done") if cursor.get("v") == CURSOR and cursor.get("day") == day else []
    return [model for model in done if isinstance(model, str)] if isinstance(done, list) else []


def _make_api(visit: Visit) -> HfApi:
    return HfApi(endpoint=(visit.channel.base_url or BASE_URL).rstrip("/"), token=visit.tokens.get("HF_TOKEN") or False)


@contextmanager
def _use_client(http: Http) -> Iterator[None]:
    """Sends the library's requests inside the block through a client, and translates the library's errors."""
    token = _current_http.set(http)
    try:
        yield
    except JSONDecodeError:
        raise Retriable("the Hub's answer is incomplete JSON") from None
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        if isinstance(error, HFValidationError):
            raise
        raise Fatal(f"the Hub's answer has a shape that huggingface_hub does not know: {error!r}") from None
    finally:
        _current_http.reset(token)
