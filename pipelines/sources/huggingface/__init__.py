"""The Hugging Face Hub: a daily list of an organisation's models, details of the tracked ones, and their discussions.

`downloads` is the Hub's rolling 30-day count: one snapshot per day, never to be summed. The details include the number
of derivatives by relation at no extra cost; listing them would take four requests per model and day.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC
from typing import TYPE_CHECKING, Any

from pipelines.contract import Page, Row, Stream, Visit
from pipelines.http.errors import Denied, Fatal, Gone, TokenRefused
from pipelines.http.shapes import raises_on_unexpected_shape
from pipelines.passed_over import PassedOver
from pipelines.sources.huggingface.discussion_reader import read_boards
from pipelines.sources.huggingface.limits import BASE_URL, explain_limit
from pipelines.text import values
from warehouse.faults import Fault

if TYPE_CHECKING:
    from huggingface_hub import ModelInfo

OPTIONAL_TOKENS = ("HF_TOKEN",)
STREAMS = {
    "models": Stream(),
    "details": Stream(resumable=True, also=("providers",), empty_is_normal=True),
    "discussions": Stream(resumable=True, also=("discussion_events",), empty_is_normal=True),
}
CURSOR = 1
LISTED: list[Any] = [
    "createdAt", "downloads", "downloadsAllTime", "gated", "pipeline_tag", "private", "safetensors", "tags",
]  # fmt: skip
DETAILED: list[Any] = [*LISTED, "cardData", "childrenModelCount", "disabled", "inferenceProviderMapping"]
"""Fields of a single model; the Hub never lists lineage."""
PROVIDER_STATES = ("live", "staging", "error")
RELATIONS = {"finetune": "finetunes", "adapter": "adapters", "quantized": "quantized", "merge": "merges"}


def models(visit: Visit) -> Iterator[Page]:
    """Yields all public models of the organisation, once a day."""
    from pipelines.sources.huggingface.library import make_api, use_client

    day = _format_day(visit)
    if _list_done(visit, day):
        known = PassedOver.load(visit.cursor, visit.now, "model")
        yield Page([], visit.cursor, passed_over=known, is_unchanged=True)
        return
    passed = PassedOver(visit.now, "model")
    try:
        with explain_limit(visit), use_client(visit) as broken:
            infos = list(make_api(visit).list_models(author=visit.channel.target, expand=LISTED))
    except TokenRefused:
        raise
    except Denied as error:
        raise Denied(f"{error} (HF_TOKEN)") from None
    if not infos and broken:
        raise Fatal("the Hub's list of models has an unexpected shape: no entry of it can be read")
    if not infos:
        reason = f"{visit.channel.target}: the Hub lists no models; check the organisation's name in the catalog"
        raise Fatal(reason, Fault.EMPTY)
    for name in broken:
        passed.add(name, Fatal("a model in the Hub's list has an unexpected shape"))
    rows: list[Row] = []
    for model in infos:
        with passed.attempt(model.id, is_asked=False):
            rows += [] if model.private else [Row(f"{model.id}:{day}", None, _make_model_body(model, day))]
    cursor = {"v": CURSOR, "day": day, "done": ["*"], **passed.to_cursor()}
    yield Page(rows, cursor, len(rows) + len(passed), passed_over=passed)


def details(visit: Visit) -> Iterator[Page]:
    """Yields the details of each tracked model, once a day; a model that cannot be read gets a row with its state."""
    day = _format_day(visit)
    done = _list_done(visit, day)
    passed = PassedOver.load(visit.cursor, visit.now, "model")
    passed.keep_only(visit.channel.models)
    todo = [model for model in visit.channel.models if model not in done and not passed.is_paused(model)]

    def make_page(rows: list[Row], is_unchanged: bool = False) -> Page:
        cursor = {"v": CURSOR, "day": day, "done": done, **passed.to_cursor()}
        return Page(rows, cursor, len(todo), passed_over=passed, is_unchanged=is_unchanged)

    if not todo:
        yield make_page([], is_unchanged=bool(done or passed))
        passed.check_any_left(visit.channel.models)
        return
    refused = 0
    for model in todo:
        rows: list[Row] = []
        with passed.attempt(model):
            body, providers = _read_details(visit, model, day)
            rows = [Row(f"{model}:{day}", None, body), *providers]
            refused += body["state"] == "denied"
            done = done if body["state"] == "denied" else [*done, model]
        yield make_page(rows)
    passed.check_any_left(visit.channel.models)
    if refused == len(todo) and "HF_TOKEN" in visit.tokens:
        raise Denied(f"{visit.channel.target}: the Hub denies access to every tracked model; check HF_TOKEN")


def discussions(visit: Visit) -> Iterator[Page]:
    """Yields the discussions of the tracked models."""
    from pipelines.sources.huggingface.library import check_name

    yield from read_boards(visit, (visit.channel.base_url or BASE_URL).rstrip("/"), check_name)


def _read_details(visit: Visit, model: str, day: str) -> tuple[dict[str, Any], list[Row]]:
    from pipelines.sources.huggingface.library import check_name, make_api, use_client

    check_name(visit, model)
    try:
        with explain_limit(visit), use_client(visit):
            info = make_api(visit).model_info(model, expand=DETAILED)
    except TokenRefused:
        raise
    except (Gone, Denied) as error:
        state = "gone" if isinstance(error, Gone) else "denied"
        return {"model_id": model, "asked_id": model, "day_on": day, "state": state}, []
    asked = {"asked_id": model, "state": "disabled" if info.disabled else "public"}
    return _make_model_body(info, day) | _count_derivatives(info) | _describe_offer(info) | asked, _make_provider_rows(
        info, day
    )


@raises_on_unexpected_shape("a model of the Hub")
def _make_model_body(model: "ModelInfo", day: str) -> dict[str, Any]:
    tags = [tag for tag in model.tags or [] if isinstance(tag, str)]
    return {
        "model_id": values.clean_line(model.id, 120),
        "day_on": day,
        "created_at": values.format_instant(model.created_at),
        "downloads": _to_count(model.downloads),
        "downloads_all_time": _to_count(model.downloads_all_time),
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


def _count_derivatives(model: "ModelInfo") -> dict[str, Any]:
    """Counts a model's derivatives by relation; the Hub omits a relation without any."""
    counts = model.children_model_count
    if not isinstance(counts, Mapping):
        return dict.fromkeys(RELATIONS.values())
    return {ours: _to_count(counts.get(theirs, 0)) for theirs, ours in RELATIONS.items()}


@raises_on_unexpected_shape("a model of the Hub")
def _describe_offer(model: "ModelInfo") -> dict[str, Any]:
    """Describes a model's custom licence and number of providers."""
    return {
        "licence_name": values.clean_line(getattr(model.card_data, "license_name", None), 100) or None,
        "providers": None if model.inference_provider_mapping is None else len(model.inference_provider_mapping),
    }


@raises_on_unexpected_shape("a model of the Hub")
def _make_provider_rows(model: "ModelInfo", day: str) -> list[Row]:
    """Makes one row per provider that serves the model through the Hub; an unknown state goes to `drift`."""
    rows = []
    for provider in model.inference_provider_mapping or []:
        name, status = values.clean_line(provider.provider, 60), values.clean_line(provider.status, 40)
        is_known = status in PROVIDER_STATES
        body = {
            "model_id": values.clean_line(model.id, 120),
            "provider": name,
            "day_on": day,
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
    is_of_today = visit.cursor.get("v") == CURSOR and visit.cursor.get("day") == day
    return list(visit.cursor["done"]) if is_of_today else []
