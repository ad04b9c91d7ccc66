"""How the families of the sample world differ: in orders of magnitude as such families do in public figures, made up
in every single number."""

from dataclasses import dataclass

from tests.upstream.planted.truths import BETWEEN, OPEN, PROPRIETARY, Side


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of one family."""

    side: Side
    size: float
    """Its questions, against the middle family's: less far apart than in public, so that each can be measured."""
    trackers: int
    stars: int
    """Of its middle repository."""
    staff: float
    """Share of the first answers that its own people give."""
    crowd: float = 0.35
    """Share of the merged changes that come from strangers (H5, among open families)."""
    downloads: float = 0
    """Of its middle model on the Hub, a day."""
    licence: str = "other"


FAMILIES = {
    "gpt": Standing(PROPRIETARY, 1.7, 4, 27_000, 0.5),
    "claude": Standing(PROPRIETARY, 1.7, 4, 21_000, 0.5),
    "gemini": Standing(PROPRIETARY, 1.6, 4, 14_000, 0.6),
    "mistral-api": Standing(PROPRIETARY, 1.1, 4, 700, 0.7),
    "grok": Standing(PROPRIETARY, 1.0, 2, 420, 0.7),
    "command": Standing(PROPRIETARY, 1.0, 2, 380, 0.75),
    "sonar": Standing(PROPRIETARY, 1.0, 2, 150, 0.65),
    "nova": Standing(PROPRIETARY, 0.12, 1, 310, 0.7),
    "llama": Standing(OPEN, 1.3, 3, 24_000, 0.25, 0.3, 30_000, "llama3.3"),
    "qwen": Standing(OPEN, 1.5, 4, 19_000, 0.35, 0.55, 60_000, "apache-2.0"),
    "deepseek": Standing(OPEN, 1.3, 2, 92_000, 0.08, 0.8, 25_000, "mit"),
    "gpt-oss": Standing(OPEN, 1.0, 2, 18_000, 0.25, 0.4, 90_000, "apache-2.0"),
    "gemma": Standing(OPEN, 1.0, 3, 5_200, 0.4, 0.25, 28_000, "gemma"),
    "mistral": Standing(OPEN, 1.0, 2, 9_800, 0.3, 0.6, 14_000, "apache-2.0"),
    "glm": Standing(OPEN, 1.0, 3, 4_100, 0.3, 0.7, 3_000, "mit"),
    "kimi": Standing(OPEN, 1.0, 2, 8_300, 0.3, 0.75, 4_000, "mit"),
    "phi": Standing(OPEN, 1.0, 1, 3_600, 0.35, 0.5, 9_000, "mit"),
    "nemotron": Standing(OPEN, 1.0, 2, 1_200, 0.45, 0.2, 5_000, "apache-2.0"),
    "granite": Standing(OPEN, 1.0, 2, 1_100, 0.5, 0.35, 4_000, "apache-2.0"),
    "olmo": Standing(OPEN, 1.0, 3, 5_900, 0.5, 0.5, 1_500, "apache-2.0"),
    "command-r": Standing(OPEN, 1.0, 1, 0, 0.3, 0.5, 700, "cc-by-nc-4.0"),
    "together": Standing(BETWEEN, 0.25, 1, 160, 0.6),
    "groq": Standing(BETWEEN, 0.4, 2, 540, 0.6),
    "fireworks": Standing(BETWEEN, 0.25, 1, 130, 0.6),
    "openrouter": Standing(BETWEEN, 0.3, 1, 620, 0.6),
    "hugging-face": Standing(BETWEEN, 0.5, 1, 2_900, 0.5),
}  # fmt: skip
SHARED = Standing(BETWEEN, 0.25, 1, 48_000, 0.25, 0.6)
"""Runtimes and forums that all families share."""
PACKAGES = {
    "openai": 4_600_000, "anthropic": 1_400_000, "google-genai": 1_100_000, "mistralai": 240_000, "cohere": 190_000,
    "xai-sdk": 26_000, "groq": 150_000, "together": 70_000, "fireworks-ai": 24_000, "huggingface-hub": 4_900_000,
    "transformers": 2_800_000, "vllm": 210_000, "ollama": 130_000, "llama-cpp-python": 38_000, "sglang": 17_000,
}  # fmt: skip
"""Downloads a day."""
STEMS = {
    "claude-models": "claude", "openai-api": "gpt", "gemini-api": "gemini", "cohere-models": "command",
    "xai-models": "grok", "xai-may-2026": "grok", "mistral-models": "mistral", "groq-models": "llama",
    "aws-bedrock": "nova", "together-models": "qwen", "azure-foundry": "gpt",
}  # fmt: skip
"""What the names of models begin with, by page of ends."""
