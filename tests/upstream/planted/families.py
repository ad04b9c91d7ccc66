"""How the families of the sample world differ: in orders of magnitude as such families do in public figures, made up
in every single number. Most small ones are alike, and most hosts."""

from dataclasses import dataclass

from tests.upstream.planted.truths import BETWEEN, OPEN, PROPRIETARY, Side


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of one family."""

    side: Side
    size: float = 0.25
    """Of each of its trackers, against a middle one: less far apart than in public, so that each can be measured."""
    stars: int = 900
    """Of its middle repository."""
    staff: float = 0.35
    """Share of the first answers that its own people give."""
    crowd: float = 0.5
    """Share of the merged changes that come from strangers (H5, among open families)."""
    downloads: float = 1_500
    """Of its middle model on the Hub, a day."""
    licence: str = "other"


FAMILIES = {
    "gpt": Standing(PROPRIETARY, 0.42, 27_000, 0.5),
    "claude": Standing(PROPRIETARY, 0.4, 21_000, 0.5),
    "gemini": Standing(PROPRIETARY, 0.48, 14_000, 0.6),
    "mistral-api": Standing(PROPRIETARY, 0.5, 700, 0.7),
    "grok": Standing(PROPRIETARY, 0.8, 420, 0.7),
    "command": Standing(PROPRIETARY, 0.8, 380, 0.75),
    "sonar": Standing(PROPRIETARY, 0.3, 150, 0.65),
    "nova": Standing(PROPRIETARY, 0.12, 310, 0.7),
    "llama": Standing(OPEN, 1.4, 24_000, 0.25, 0.6, 30_000, "llama3.3"),
    "qwen": Standing(OPEN, 1.1, 19_000, 0.35, 0.65, 60_000, "apache-2.0"),
    "deepseek": Standing(OPEN, 2.1, 92_000, 0.08, 0.55, 25_000, "mit"),
    "gpt-oss": Standing(OPEN, 1.1, 18_000, 0.25, 0.4, 90_000, "apache-2.0"),
    "gemma": Standing(OPEN, 0.9, 5_200, 0.4, 0.55, 28_000, "gemma"),
    "mistral": Standing(OPEN, 1.4, 9_800, 0.3, 0.55, 14_000, "apache-2.0"),
    "glm": Standing(OPEN, 0.9, 4_100, 0.3, 0.6, 3_000, "mit"),
    "kimi": Standing(OPEN, 1.0, 8_300, 0.3, 0.6, 4_000, "mit"),
    "phi": Standing(OPEN, 1.1, 3_600, 0.35, 0.5, 9_000, "mit"),
    "nemotron": Standing(OPEN, 0.8, 1_200, 0.45, 0.55, 5_000, "apache-2.0"),
    "granite": Standing(OPEN, 1.3, 1_100, 0.5, 0.6, 4_000, "apache-2.0"),
    "olmo": Standing(OPEN, 1.3, 5_900, 0.5, 0.65, 1_500, "apache-2.0"),
    "command-r": Standing(OPEN, licence="cc-by-nc-4.0"),
    "ernie": Standing(OPEN, licence="apache-2.0"),
    "falcon": Standing(OPEN, licence="apache-2.0"),
    "hunyuan": Standing(OPEN),
    "inkling": Standing(OPEN, licence="apache-2.0"),
    "jamba": Standing(OPEN),
    "laguna": Standing(OPEN, licence="apache-2.0"),
    "ling": Standing(OPEN, 0.6, licence="mit"),
    "longcat": Standing(OPEN, licence="mit"),
    "mimo": Standing(OPEN, licence="mit"),
    "minimax": Standing(OPEN),
    "muse": Standing(OPEN),
    "reka": Standing(OPEN, licence="apache-2.0"),
    "seed": Standing(OPEN, licence="apache-2.0"),
    "stepfun": Standing(OPEN, licence="apache-2.0"),
    "groq": Standing(BETWEEN, 0.2, 540, 0.6),
    "openrouter": Standing(BETWEEN, 0.3, 620, 0.6),
    "hugging-face": Standing(BETWEEN, 0.5, 2_900, 0.5),
}  # fmt: skip
SHARED = Standing(BETWEEN, 0.25, 48_000, 0.25, 0.6)
"""Runtimes and forums that all families share."""
HOST = Standing(BETWEEN, 0.2, 160, 0.6)
"""Hosts that are not named above."""
SILENT = "ling"
"""The family that answers almost nobody."""
SILENT_SHARE = 0.02
PROMPT = "phi"
"""The family in whose tracker a bot under a person's name answers almost everything within a minute."""
PROMPT_SHARE = 0.97
STOPPED = "status.cohere.com"
"""The status page whose feed ended so many days before the first visit."""
STOPPED_DAYS = 240
REWRITTEN = "status.moonshot.cn"
"""The status page that later states a start after its own first post, for such a share of its incidents."""
REWRITTEN_SHARE = 0.4
PACKAGES = {
    "openai": 4_600_000, "anthropic": 1_400_000, "google-genai": 1_100_000, "mistralai": 240_000, "cohere": 190_000,
    "xai-sdk": 26_000, "groq": 150_000, "together": 70_000, "fireworks-ai": 24_000, "huggingface-hub": 4_900_000,
    "transformers": 2_800_000, "vllm": 210_000, "ollama": 130_000, "llama-cpp-python": 38_000, "sglang": 17_000,
}  # fmt: skip
"""Downloads a day."""
