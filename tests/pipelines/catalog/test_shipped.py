"""What ships, against what is known of the upstreams: names of components, ends, challenges, and forms in use."""

import csv
import json
from collections import defaultdict

import pytest

from pipelines import sources
from pipelines.catalog.entries import Channel
from pipelines.catalog.mention_rules import list_mention_rules
from pipelines.catalog.reader import SHIPPED, read_catalog
from pipelines.collecting.access import list_hosts
from pipelines.markup.page_blocks import read_markdown_blocks
from pipelines.sources.deprecations import formats as deprecation_formats
from pipelines.sources.deprecations.page_reader import read_page
from pipelines.sources.status.pages import matches_any
from pipelines.text.mentions import Mentions
from tests.paths import RECORDINGS

CATALOG = read_catalog([SHIPPED])
FAMILIES = {family.id: family for family in CATALOG.families}
MENTIONS = Mentions(list_mention_rules(CATALOG.families))
GOOGLE = (
    ("yVW8aiPWipjd3j67XzDL", "Vertex AI Batch Prediction"),
    ("qnhcw8D1c8iMEwP8TzkA", "Vertex AI Feature Store"),
    ("baQeYW2fsPA2vvLCqN93", "Vertex AI Training"),
    ("sWNXmWFmBKpXg2xeTNkH", "Vertex AI ML Metadata"),
    ("sdXM79fz1FS6ekNpu37K", "Vertex AI Online Prediction"),
    ("jgyDXnasZm6pwoCR1uif", "Vertex AI Pipelines"),
    ("9TtWTtvEUYnPidW2z4aM", "Vertex AI TensorBoard"),
    ("GewfNoG6JvJ1kjnL9jb8", "Vertex AI Workbench User Managed Notebooks"),
    ("vNncXxtSVvqyhvSkQ6PJ", "Vertex AI Search"),
    ("deUeOEPYanfJ9w8cpyBJ", "Gemini Code Assist"),
    ("cxUh24jPxEXgyRlaVhuk", "Gemini Enterprise"),
    ("Z0FZJAMvEB4j3NbCJs6B", "Vertex Gemini API"),
    ("zeBmbgdSyHGTvPAiXwVS", "Vertex Imagen API"),
    ("t8Vzas4iWLRcCyNYcvpN", "Vertex AI Model Monitoring"),
    ("U213XEHGhALownYuxpFM", "Vertex AI Model Registry"),
    ("p5rCvyraXdeC6HFE8XJJ", "Vertex Veo API"),
    ("s0huLpuA7LiYVMlVc8lv", "Vertex AI Agent Engine"),
    ("1UYAL6urhdrrr6emD8ce", "Vertex AI AutoML Image"),
    ("5CfpoAfoMxWT4zGzX4yW", "Vertex AI AutoML Tabular"),
    ("h5DuWxu8KdW1qipvwBta", "Vertex AI AutoML Text"),
    ("gWWqvMgwnZ1a5VQ2kjUw", "Vertex AI AutoML Video"),
    ("T3mQNvrm8YJVLM11N4bq", "Vertex AI Data Labeling"),
    ("FJ8YR1L7CvooMVxbTSD4", "Vertex AI Explainable AI"),
    ("2iFHW5WNBkTWjX5k3jnZ", "Vertex AI Matching Engine"),
    ("SNSm5dv1cRELFSGhuvpc", "Vertex AI Vizier"),
)
"""The products for models on status.cloud.google.com in 2026, by id and title."""
TOGETHER = (
    "Website", "Playground", "Multilingual E5 Large Instruct", "Whisper Large V3", "Orpheus TTS", "Kokoro-82M",
    "OpenAI GPT OSS 120B", "OpenAI GPT OSS 20B", "Meta Llama 3.3 70B Instruct Turbo", "Google Gemma 4 31B IT",
    "Qwen3.5 9B", "MiniMax M3", "GLM 5.2", "Inkling", "Kimi K3", "Inkling Small", "DeepSeek V4 Flash 0731",
    "Muse Glimmer 30B", "Qwen3.8-2.4T-A95B", "DeepSeek V4 Pro 0813", "GLM 5.3 Flash", "GLM 5.3",
)  # fmt: skip
"""The resources of status.together.ai in September 2026, of which the first six are no chat and see nothing."""
LISTS = RECORDINGS / "huggingface" / "atom-tracked-models"


def test_every_visit_asks_a_host_of_the_internet() -> None:
    """A source without its own address would take the channel's name, such as a repository's owner, for a host."""
    hosts = {host for channel in CATALOG.channels for host in list_hosts(channel)}
    assert {"api.github.com", "huggingface.co", "openrouter.ai"} < hosts and all("." in host for host in hosts)


def _status(family: str) -> Channel:
    return next(one for one in FAMILIES[family].channels if one.source == "status" and one.enabled)


@pytest.mark.parametrize(
    ("family", "counted", "beside"),
    [
        ("grok", ("Global (api.x.ai)", "US (us.api.x.ai)", "API (us-east-1.api.x.ai)"), ("API Console", "Grok (Web)")),
        ("kimi", ("Open API", "API Service", "K3 Model"), ("Kimi Web", "Kimi App")),
        ("gpt", ("Responses", "Agents"), ("Assistants", "Sora", "Login", "Conversations")),
        ("baseten", ("Model APIs",), ("Web Application", "Training")),
        ("together", TOGETHER[6:], TOGETHER[:6]),
        ("replicate", ("HTTP API", "Official Models"), ("Billing", "Home Page")),
    ],
)
def test_the_api_counts_and_what_stands_beside_it_does_not(
    family: str, counted: tuple[str, ...], beside: tuple[str, ...]
) -> None:
    """Names as the pages bear them in 2026; a pattern that meets none of them would show a page without trouble."""
    patterns = _status(family).components
    assert patterns and all(matches_any(("", name), patterns) for name in counted)
    assert not any(matches_any(("", name), patterns) for name in beside)


def test_of_googles_products_for_models_only_those_that_answer_requests_count() -> None:
    """With `Vertex AI*` 22 of the 25 were the Gemini API: a fault in data labeling counted as one of the API."""
    found = {
        family: [name for code, name in GOOGLE if matches_any((code, name), _status(family).components)]
        for family in ("gemini", "vertex")
    }
    served = ("Vertex AI Batch Prediction", "Vertex AI Online Prediction", "Vertex AI Model Registry")
    assert len(GOOGLE) == 25 and found["gemini"] == ["Vertex Gemini API"]
    assert sorted(found["vertex"]) == sorted(("Vertex Gemini API", *served))


@pytest.mark.skipif(not RECORDINGS.is_dir(), reason="../shared/recordings is not here")
def test_the_components_of_openais_page_have_the_names_of_its_recorded_summary() -> None:
    """A pattern that meets no component counts nothing, and looks like a page without trouble."""
    path = RECORDINGS / "status" / "status.openai.com__api_v2_summary.json"
    names = {one["name"] for one in json.loads(path.read_text(encoding="utf-8"))["components"]}
    patterns = set(_status("gpt").components)
    assert patterns <= names and "Assistants" not in names | patterns


def test_what_is_behind_a_challenge_is_not_asked_and_said_to_be_not_observable() -> None:
    """Nor is the same page asked at another host: that is for the owner of an installation to decide."""
    addresses = [f"{one.target} {one.base_url}" for one in CATALOG.channels]
    assert not [one for one in addresses if "status.mistral.ai" in one or "statuspage.io" in one]
    absent = {one.kind: one for one in FAMILIES["mistral-api"].absences}
    assert absent["status"].state == "not observable" and "challenge" in absent["status"].why


@pytest.mark.parametrize("source", ["status", "changelog", "deprecations"])
def test_every_form_is_used_by_a_channel_or_by_another_form(source: str) -> None:
    """What nothing uses is tried by nobody, and goes."""
    forms = dict(sources.load_source(source).FORMATS)
    used = {one.format for one in CATALOG.channels if one.source == source}
    assert forms.keys() - used <= {"atom"}


@pytest.mark.parametrize(
    ("text", "families"),
    [
        ("mistral-medium-3.5 on vLLM runs out of memory", ["mistral"]),
        ("mistral-medium-latest answers 500", ["mistral-api"]),
        ("claude fable is slow today", ["claude"]),
        ("a fable for children", []),
        ("command-a-plus on two GPUs", ["command-r"]),
        ("MiMo-V2-Flash with sglang", ["mimo"]),
        ("a MIMO antenna", []),
        ("Muse Glimmer in llama.cpp", ["muse"]),
        ("a muse of painters", []),
        ("MiniMax-M2 tool calls", ["minimax"]),
        ("alpha-beta and minimax search", []),
        ("Hunyuan-A13B quantised", ["hunyuan"]),
        ("seed 42 and temperature 0", []),
        ("Seed 2.0 answers in Chinese", ["seed"]),
        ("a random seed 2.0 is refused", []),
        ("Command A+ w4a4 on one H100", ["command-r"]),
        ("command a few servers", []),
        ("North mini code as an agent", ["command-r"]),
        ("Nova 2 Pro ignores the system prompt", ["nova"]),
        ("Nova 2 Lite on Bedrock", ["nova"]),
        ("a Nova 2 Lite phone", []),
        ("Seed-OSS 36B", ["seed"]),
        ("Jamba-Mini loads slowly", ["jamba"]),
        ("the traffic in a jamba", []),
        ("ERNIE-4.5 with Paddle", ["ernie"]),
        ("Falcon-7B adapter", ["falcon"]),
        ("a falcon flies", []),
        ("the inkling of an idea", []),
        ("thinkingmachines/Inkling on eight GPUs", ["inkling"]),
    ],
)
def test_names_of_the_newest_families_are_told_from_ordinary_words(text: str, families: list[str]) -> None:
    """Most of them are words of their own."""
    assert sorted(MENTIONS(text)) == families


def test_the_open_models_of_googles_platform_are_read_by_its_form() -> None:
    """Both days under the titles that the page bears in 2026."""
    (channel,) = [one for one in FAMILIES["vertex"].channels if one.target == "agent-platform-open-models"]
    titles = "| Model ID | Deprecation date | Retirement date | Self-deploy alternative |"
    row = "| `example-r1-maas` | July 21, 2026 | October 21, 2026 | Self-deploy Example-R1 |"
    blocks = read_markdown_blocks(f"# Open models\n\n{titles}\n|---|---|---|---|\n{row}\n")
    (notice,), passed_over = read_page(blocks, deprecation_formats.FORMATS[channel.format])
    stated = (notice.model, notice.deprecated.on, notice.shutdown.on, passed_over)
    assert stated == ("example-r1-maas", "2026-07-21", "2026-10-21", ())


@pytest.mark.skipif(not LISTS.is_dir(), reason="../shared/recordings/huggingface/atom-tracked-models is not here")
def test_the_tracked_models_are_listed_or_their_channel_says_whence_they_are_known() -> None:
    """Names are checked against curated lists of real models; what is newer rests on others, and says so."""
    known: set[str] = set()
    for path in LISTS.glob("*models.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            known |= {line["modelId"] for line in csv.DictReader(file)}
    hubs = [channel for channel in CATALOG.channels if channel.source == "huggingface"]
    tracked = [model for channel in hubs for model in channel.models]
    unlisted = [one.id for one in hubs if set(one.models) - known and one.evidence == "A"]
    assert len(tracked) > 100 and unlisted == []
    assert sum(model in known for model in tracked) > len(tracked) * 0.8


def test_cookbooks_are_matched_with_cookbooks_only() -> None:
    """All that makers of closed models had under the role `model` were cookbooks and samples: 1,645 of 2,725 matched
    tracker threads of the sample world compared them with repositories of open models."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for family in CATALOG.families:
        for channel in family.channels:
            found[channel.role][family.side].add(channel.target.lower())
    examples = {target for targets in found["examples"].values() for target in targets}

    assert "proprietary" not in found["model"]
    assert {"anthropics/claude-cookbooks", "meta-llama/llama-cookbook", "microsoft/phicookbook"} <= examples
    assert all("cookbook" in target or "samples" in target for target in examples)
    everywhere = {target for sides in found.values() for targets in sides.values() for target in targets}
    assert {target for target in everywhere if "cookbook" in target} <= examples
