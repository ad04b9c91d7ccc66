"""What was found of the upstreams in November 2026 stays in the catalog: channels, names, and promises by class."""

import pytest

from pipelines.catalog.entries import Absence, Channel, Family
from pipelines.catalog.mention_rules import list_mention_rules
from pipelines.catalog.reader import SHIPPED, read_catalog
from pipelines.sources.status.pages import matches_any
from pipelines.text.mentions import Mentions

CATALOG = read_catalog([SHIPPED])
FAMILIES: dict[str, Family] = {family.id: family for family in CATALOG.families}

MENTIONS = Mentions(list_mention_rules(CATALOG.families))


def _channel(family: str, source: str, target: str) -> Channel:
    return next(one for one in FAMILIES[family].channels if (one.source, one.target) == (source, target))


def _absence(family: str, kind: str) -> Absence:
    return next(one for one in FAMILIES[family].absences if one.kind == kind)


@pytest.mark.parametrize(
    ("family", "source", "target", "form", "address"),
    [
        ("fireworks", "status", "status.fireworks.ai", "incidentio", ""),
        ("fireworks", "changelog", "fireworks", "fireworks", "https://docs.fireworks.ai/changelog.md"),
        ("fireworks", "github", "fw-ai-external/python-sdk", "", ""),
        ("deepseek", "status", "status.deepseek.com", "flashduty", ""),
        ("kimi", "github", "MoonshotAI/kimi-code", "", ""),
        ("kimi", "changelog", "kimi-platform", "deepseek", "https://platform.kimi.com/blog/posts/changelog"),
        ("kimi", "deprecations", "kimi-platform", "kimi", "https://platform.kimi.ai/docs/models.md"),
        ("together", "github", "togethercomputer/together-py", "", ""),
        ("glm", "changelog", "z-ai", "mintlify", "https://docs.z.ai/release-notes/new-released.md"),
        ("glm", "github", "zai-org/GLM-5", "", ""),
        ("sonar", "packages", "perplexityai", "", ""),
        (
            "minimax",
            "changelog",
            "minimax-models",
            "minimax",
            "https://platform.minimax.io/docs/release-notes/models.md",
        ),
        (
            "cerebras",
            "deprecations",
            "cerebras-models",
            "cerebras",
            "https://inference-docs.cerebras.ai/support/deprecation.md",
        ),
        (
            "baseten",
            "deprecations",
            "baseten-model-apis",
            "baseten",
            "https://docs.baseten.co/inference/model-apis/deprecation.md",
        ),
        ("mimo", "deprecations", "mimo-platform", "mimo", "https://mimo.mi.com/docs/en-US/updates/deprecate"),
        (
            "qwen",
            "deprecations",
            "model-studio",
            "modelstudio",
            "https://www.alibabacloud.com/help/en/model-studio/model-depreciation",
        ),
        (
            "coreweave",
            "deprecations",
            "coreweave-serverless",
            "coreweave",
            "https://docs.coreweave.com/products/inference/serverless/lifecycle.md",
        ),
        ("deepseek", "deprecations", "deepseek-api", "deepseek", "https://api-docs.deepseek.com/updates/"),
        (
            "gemini",
            "deprecations",
            "gemini-api-notes",
            "gemini_notes",
            "https://ai.google.dev/gemini-api/docs/changelog.md.txt",
        ),
        (
            "vertex",
            "deprecations",
            "agent-platform-partner-models",
            "vertex",
            "https://docs.cloud.google.com/gemini-enterprise-agent-platform/models/deprecations/partner-models",
        ),
        (
            "vertex",
            "deprecations",
            "agent-platform-models",
            "vertex",
            "https://docs.cloud.google.com/gemini-enterprise-agent-platform/models/model-versions",
        ),
        ("gpt", "github", "openai/openai-agents-python", "", ""),
        ("gpt", "github", "openai/openai-agents-js", "", ""),
        ("claude", "github", "anthropics/anthropic-sdk-go", "", ""),
        ("claude", "github", "anthropics/anthropic-sdk-java", "", ""),
        ("claude", "github", "anthropics/claude-agent-sdk-python", "", ""),
        ("gemini", "github", "google/adk-python", "", ""),
        ("glm", "github", "zai-org/z-ai-sdk-python", "", ""),
        ("kimi", "github", "MoonshotAI/kimi-agent-sdk", "", ""),
        ("laguna", "github", "poolsideai/pool", "", ""),
        ("claude", "changelog", "claude-code", "rss", "https://code.claude.com/docs/en/changelog/rss.xml"),
    ],
)
def test_a_channel_is_where_it_was_last_found(family: str, source: str, target: str, form: str, address: str) -> None:
    """An address that moved answers nothing, or what somebody else says."""
    channel = _channel(family, source, target)
    assert (channel.enabled, channel.format, channel.base_url) == (True, form, address)


@pytest.mark.parametrize(
    ("family", "source", "target"),
    [
        ("kimi", "github", "MoonshotAI/kimi-cli"),
        ("llama", "github", "meta-llama/llama-stack"),
        ("together", "github", "togethercomputer/together-python"),
    ],
)
def test_a_repository_that_was_left_is_kept_and_not_visited(family: str, source: str, target: str) -> None:
    """What was read of it stays; its successor is read now, if it has one."""
    assert not _channel(family, source, target).enabled


def test_a_project_that_left_its_vendor_has_no_staff_of_the_vendor() -> None:
    """GitHub leads the old name on to ogx-ai/ogx, whose members would count as Meta's staff."""
    assert not _channel("llama", "github", "meta-llama/llama-stack").official


@pytest.mark.parametrize(
    ("family", "kind", "state", "words"),
    [
        ("sonar", "status", "not observable", "no part of it is the API"),
        ("mistral-api", "status", "not observable", "never got round"),
        ("novita", "deprecations", "not collected", "no answer that lists these pages was seen"),
        ("fireworks", "deprecations", "not collected", "whether the day is that of the news or the last"),
        ("coreweave", "status", "not collected", "its whole cloud"),
        ("ernie", "status", "not observable", "No public status page"),
    ],
)
def test_what_is_not_read_says_why(family: str, kind: str, state: str, words: str) -> None:
    """A gap without a reason looks like a channel that somebody forgot."""
    absence = _absence(family, kind)
    assert absence.state == state and words in absence.why
    assert kind not in {channel.kind for channel in FAMILIES[family].channels if channel.enabled}


def test_the_overview_of_xais_ends_is_not_asked() -> None:
    """It is prose without a table; the page of one date is read, and its notices have their day."""
    targets = [one.target for one in FAMILIES["grok"].channels if one.source == "deprecations"]
    assert targets == ["xai-may-2026"]


@pytest.mark.parametrize(
    ("family", "source", "words"),
    [
        ("deepseek", "status", "stands still since 2026-05-08"),
        ("kimi", "changelog", "newest entry under 2025-11-06"),
        ("kimi", "deprecations", "without its year"),
        ("baseten", "deprecations", "planned ends only"),
        ("mimo", "deprecations", "was not seen"),
        ("qwen", "deprecations", "was not seen"),
    ],
)
def test_a_channel_that_may_mislead_says_so(family: str, source: str, words: str) -> None:
    """`heartbeat doctor` and the check of the catalog repeat it."""
    (channel,) = (one for one in FAMILIES[family].channels if one.source == source)
    assert words in channel.caution


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


MODELS = """CohereLabs/command-a-plus-05-2026-bf16 CohereLabs/command-a-plus-05-2026-w4a4
moonshotai/Kimi-K3 zai-org/GLM-5.1
zai-org/GLM-5.3 zai-org/GLM-5.3-Flash deepseek-ai/DeepSeek-V4-Flash-0731 deepseek-ai/DeepSeek-V4-Pro-0813
deepseek-ai/DeepSeek-V4.1-Flash Qwen/Qwen3.6-35B-A3B Qwen/Qwen3.5-397B-A17B Qwen/Qwen3.8-Flash-Next
Qwen/Qwen3.8-2.4T-A95B google/gemma-4-12B-it google/gemma-4-26B-A4B-it google/gemma-4-E2B-it
mistralai/Mistral-Medium-3.5-128B poolside/Laguna-S-2.1 moonshotai/Kimi-K2.7-Code tencent/Hy4-preview
mistralai/Mistral-Small-4-119B-2603 CohereLabs/North-Mini-Code-1.0"""


def test_the_newest_weights_are_followed() -> None:
    """Licences and downloads of what people use now."""
    tracked = {model for channel in CATALOG.channels for model in channel.models if channel.source == "huggingface"}
    assert set(MODELS.split()) <= tracked


def test_the_families_and_hosts_of_the_year_are_there() -> None:
    """What is named in prices and posts of 2026."""
    weights = "mimo muse minimax hunyuan inkling stepfun ling longcat seed ernie jamba reka falcon laguna"
    hosts = "bedrock vertex azure cerebras deepinfra baseten novita replicate siliconflow coreweave"
    assert {FAMILIES[name].side for name in weights.split()} == {"open"}
    assert {FAMILIES[name].side for name in hosts.split()} == {"host"}


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


def _promises(family: str) -> dict[str, int | None]:
    """Promised days by the class of models; the general promise is of the class without a name."""
    return {fact.applies_to: fact.days for fact in FAMILIES[family].facts if fact.kind == "notice"}


@pytest.mark.parametrize(
    ("family", "promised"),
    [
        ("gpt", {"": 180, "variants and models of images": 90, "previews": 14}),
        ("mistral-api", {"": 180, "previews, labs and models of third parties": 30}),
        ("nova", {"": 180, "models launched since 2026-09-07": 45}),
        ("bedrock", {"": 180, "models launched since 2026-09-07": 45}),
        ("claude", {"": 60}),
        ("qwen", {"": 90, "snapshots": 30}),
        ("coreweave", {"": 14, "experimental models": 0}),
        ("fireworks", {"": 14}),
        ("baseten", {"": 14}),
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
        ("qwen", "qwen9-max-2027-01-23", 30),
        ("qwen", "qwen9-30b-a3b-instruct-2707", 90),
    ],
)
def test_names_tell_which_promise_holds(family: str, model: str, days: int) -> None:
    """Of several classes the shorter promise counts; a class that names do not show holds for no model."""
    facts = [fact for fact in FAMILIES[family].facts if fact.kind == "notice"]
    of_class = [fact.days or 0 for fact in facts if matches_any(("", model), fact.models)]
    assert min(of_class or [fact.days or 0 for fact in facts if not fact.applies_to]) == days
