"""Targets that are sources with an interface of JSON: a first visit to a host that answers everything with one text."""

import json
from collections.abc import Callable
from typing import Any

from pipelines import sources
from pipelines.catalog.entries import Channel
from tests.fuzzing.inputs import Grammar
from tests.fuzzing.running import Target
from tests.fuzzing.served import VALUES, make_visitor
from tests.recordings.twins import FILES

COUNTED = {
    "data": [{"category": "without_mirrors", "date": f"2026-11-{day}", "downloads": 9} for day in (22, 23)],
    "package": "s.example",
}
OFFER = {
    "id": "acme/kit-1", "canonical_slug": "acme/kit-1-20261101", "hugging_face_id": "", "name": "Kit", "created": 1790000000,
    "context_length": 32768, "architecture": {"input_modalities": ["text"], "output_modalities": ["text"]},
    "pricing": {"prompt": "0.000001", "completion": "0.000002", "request": "0"}, "supported_parameters": ["seed"],
    "top_provider": {"context_length": 32768, "max_completion_tokens": 8192, "is_moderated": False}, "expiration_date": "2026-12-24",
}  # fmt: skip
COSTS = {"input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06, "deprecation_date": "2026-12-24"}
DOCUMENTS: dict[str, tuple[Any, ...]] = {
    "packages": (COUNTED,),
    "prices/openrouter": ({"data": [OFFER], "total_count": 1, "links": {"next": "/api/v1/models?offset=1"}},),
}
TWINS = {
    "discourse": "discourse/", "stackexchange": "stackexchange/", "reddit": "reddit/LocalLLaMA", "huggingface": "huggingface/",
    "github": "github/llama",
}  # fmt: skip
"""Where the twins of real answers of the other sources begin."""
ROLES = {"discourse": "forum", "stackexchange": "tag", "reddit": "subreddit", "huggingface": "hub", "github": "model"}
MODELS = ("acme/Kit-7B",)


def make_interface_targets() -> dict[str, Target]:
    """Makes a target of each interface, and of each form of one."""
    texts = {name: tuple(map(json.dumps, documents)) for name, documents in DOCUMENTS.items()}
    texts |= {source: tuple(_list_twins(start)) for source, start in TWINS.items()}
    return {
        f"source/{name}": Target(_visit_interface(name), Grammar((*VALUES, *_list_names(documents)), documents))
        for name, documents in texts.items()
    }


def _visit_interface(name: str) -> Callable[[str], object]:
    source, _, form = name.partition("/")
    channel = Channel(
        source=source, target="acme/kit" if source == "github" else "s.example", role=ROLES.get(source, source), family="acme",
        format=form, base_url="https://s.example/page", models=MODELS if source == "huggingface" else (),
    )  # fmt: skip
    return make_visitor(channel, sources.get_streams(source), REDDIT_CLIENT_ID="a", REDDIT_CLIENT_SECRET="b")


def _list_twins(start: str) -> list[str]:
    """Lists the twins below a path; lines of JSON become a list, as the interface answers."""
    twins = [text for name, text in FILES.items() if name.startswith(start)]
    return [text if len(text.splitlines()) == 1 else f"[{','.join(text.splitlines())}]" for text in twins]


def _list_names(documents: tuple[str, ...]) -> list[str]:
    """Lists the names of the fields of the documents' objects."""
    names: dict[str, None] = {}
    for text in documents:
        json.loads(text, object_pairs_hook=lambda pairs: names.update(dict.fromkeys(name for name, _ in pairs)))
    return [json.dumps(name) for name in names]
