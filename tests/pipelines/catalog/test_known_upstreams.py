"""What the patterns of the shipped catalog find: components, models, names, and promises by class."""

import pytest

from pipelines.catalog.entries import Channel, Family
from pipelines.catalog.mention_rules import list_mention_rules
from pipelines.catalog.reader import SHIPPED, read_catalog
from pipelines.sources.status.pages import matches_any
from pipelines.text.mentions import Mentions

CATALOG = read_catalog([SHIPPED])
FAMILIES: dict[str, Family] = {family.id: family for family in CATALOG.families}

MENTIONS = Mentions(list_mention_rules(CATALOG.families))


def _channel(family: str, source: str, target: str) -> Channel:
    return next(one for one in FAMILIES[family].channels if (one.source, one.target) == (source, target))


def test_only_models_of_the_makers_own_are_read_from_its_cloud() -> None:
    """Alibaba serves models of others, whose ends there are no ends of Qwen."""
    patterns = _channel("qwen", "deprecations", "model-studio").models
    names = {
        "qwen9-max": True,
        "qwq-9b": True,
        "deepseek-v9": False,
        "Moonshot-Kimi-K9-Instruct": False,
        "glm-9": False,
    }
    assert {name: matches_any(("", name), patterns) for name in names} == names


@pytest.mark.parametrize(
    ("family", "counted", "beside"),
    [
        ("cerebras", ("Llama3.1-8B", "GPT-OSS-120B", "Qwen-9-235B"), ("Developer Console", "Website", "Docs")),
        ("minimax", ("大语言模型LLM", "大语言模型 (LLM)"), ("语音", "视频", "Music")),
        ("kimi", ("Open API", "API Service", "Model", "K9 Model"), ("Kimi Web", "Kimi App", "Model Hub")),
    ],
)
def test_the_components_of_hosted_models_count(family: str, counted: tuple[str, ...], beside: tuple[str, ...]) -> None:
    """A page of the whole firm would count outages of its apps as the API's."""
    (status,) = (one for one in FAMILIES[family].channels if one.source == "status")
    assert [name for name in (*counted, *beside) if matches_any(("", name), status.components)] == list(counted)


@pytest.mark.parametrize(
    ("text", "families"),
    [
        ("Step-3.5-Flash stops after the first tool call", ["stepfun"]),
        ("step 3 of the install fails", []),
        ("stepfun is slow in the evening", ["stepfun"]),
        ("Ling-2.6 with two GPUs", ["ling"]),
        ("ling from inclusionai answers in Chinese", ["ling"]),
        ("darling, the modelling of a ling", []),
        ("LongCat-Flash-Chat loops", ["longcat"]),
        ("longcat video has green frames", []),
        ("a long cat on a sofa", []),
        ("reka-flash 3 on a laptop", ["reka"]),
        ("eureka moments in streka", []),
        ("Laguna-XS.2 in Ollama", ["laguna"]),
        ("poolside laguna edits the wrong file", ["laguna"]),
        ("a hotel at the laguna", []),
        ("claude mythos is slow today", ["claude"]),
        ("the mythos of a lamp", []),
    ],
)
def test_newer_names_are_told_from_words_that_look_like_them(text: str, families: list[str]) -> None:
    """Two of these names are words, one is a number of a step."""
    assert sorted(MENTIONS(text)) == families


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
        ("qwen", "qwen9-max-2027-01-23", 30),
        ("qwen", "qwen9-30b-a3b-instruct-2707", 90),
    ],
)
def test_names_tell_which_promise_holds(family: str, model: str, days: int) -> None:
    """Of several classes the shorter promise counts; a class that names do not show holds for no model."""
    facts = [fact for fact in FAMILIES[family].facts if fact.kind == "notice"]
    of_class = [fact.days or 0 for fact in facts if matches_any(("", model), fact.models)]
    assert min(of_class or [fact.days or 0 for fact in facts if not fact.applies_to]) == days
