"""What was found of the upstreams in November 2026 stays in the catalog: channels, names, and promises by class."""

import pytest

from pipelines.catalog.entries import Family
from pipelines.catalog.reader import SHIPPED, read_catalog
from pipelines.sources.status.pages import matches_any

CATALOG = read_catalog([SHIPPED])
FAMILIES: dict[str, Family] = {family.id: family for family in CATALOG.families}


def _promises(family: str) -> dict[str, int | None]:
    """Promised days by the class of models; the general promise is of the class without a name."""
    return {fact.applies_to: fact.days for fact in FAMILIES[family].facts if fact.kind == "notice"}


@pytest.mark.parametrize(
    ("family", "promised"),
    [
        ("gpt", {"": 180, "variants and models of images": 90, "previews": 14}),
        ("mistral-api", {"": 180, "previews, labs and models of third parties": 30}),
        ("nova", {"": 180, "models launched since 2026-09-07": 45}),
        ("claude", {"": 60}),
    ],
)
def test_a_maker_that_promises_less_for_some_models_has_a_promise_for_each_class(
    family: str, promised: dict[str, int | None]
) -> None:
    """One number would hold previews to the promise for finished models."""
    assert _promises(family) == promised


@pytest.mark.parametrize(
    ("family", "model", "days"),
    [
        ("gpt", "gpt-9", 180),
        ("gpt", "gpt-9-chat-latest", 90),
        ("gpt", "gpt-9-codex-max", 90),
        ("gpt", "o9-deep-research-2026-09-09", 90),
        ("gpt", "gpt-image-9-mini", 90),
        ("gpt", "gpt-9-audio-preview", 14),
        ("gpt", "chatter-9", 180),
        ("mistral-api", "labs-lamp-small-2609", 30),
        ("mistral-api", "lamp-large-2609", 180),
        ("nova", "amazon.nova-lamp-v9:0", 180),
    ],
)
def test_names_tell_which_promise_holds(family: str, model: str, days: int) -> None:
    """Of several classes the shorter promise counts; a class that names do not show holds for no model."""
    facts = [fact for fact in FAMILIES[family].facts if fact.kind == "notice"]
    of_class = [fact.days or 0 for fact in facts if matches_any(("", model), fact.models)]
    assert min(of_class or [fact.days or 0 for fact in facts if not fact.applies_to]) == days
