"""Which models of its organisation are a family's: real names, matched by the words of the shipped catalog."""

from collections.abc import Iterator
from datetime import datetime

import duckdb
import pytest

from pipelines.catalog.mention_rules import make_mention_rows
from pipelines.catalog.reader import SHIPPED, read_catalog
from tests.worlds.warehouse_rows import build_tables, empty_warehouse, fill, select_models

T = datetime(2026, 11, 1, 12)
MODELS = select_models("models_daily")
OWN = {
    "ai21labs": ("AI21-Jamba2-3B", "Jamba-tiny-dev"),
    "allenai": ("OLMo2-7B", "OLMoE-1B-7B-0924", "Olmo-Hybrid-7B", "FlexOlmo-7x7B-1T", "Bolmo-1B"),
    "baidu": ("ERNIE-4.5-21B-A3B-Thinking",),
    "CohereLabs": ("c4ai-command-r-v01-4bit", "command-a-vision-07-2025"),
    "deepseek-ai": ("deepseek-math-7b-instruct", "DeepSeek-R1-Distill-Qwen-7B", "deepseek-vl2", "Janus-Pro-7B"),
    "google": ("codegemma-7b", "txgemma-27b-predict", "t5gemma-2b-2b-ul2", "recurrentgemma-2b", "gemma-3n-E2B"),
    "ibm-granite": ("granite-vision-3.3-2b", "granite-8b-code-base-4k", "granite-guardian-3.0-8b"),
    "inclusionAI": ("Ling-plus", "Ling-1T-FP8"),
    "meta-llama": ("Llama-2-7b-hf", "CodeLlama-7b-hf", "Llama-Guard-3-8B", "Meta-Llama-3-70B", "LlamaGuard-7b"),
    "MiniMaxAI": ("MiniMax-VL-01",),
    "microsoft": ("phi-1_5", "Phi-tiny-MoE-instruct", "Phi-3-vision-128k-instruct"),
    "mistralai": ("Mamba-Codestral-7B-v0.1", "Mathstral-7B-v0.1", "Devstral_Small", "Ministral-3-3B-Base-2512"),
    "nvidia": ("Llama-3_1-Nemotron-51B-Instruct", "Nemotron-4-340B-Base", "OpenReasoning-Nemotron-7B"),
    "openai": ("gpt-oss-safeguard-20b",),
    "Qwen": ("Qwen2.5-Math-7B", "CodeQwen1.5-7B-Chat", "QwQ-32B", "QVQ-72B-Preview", "Qwen3Guard-Gen-4B"),
    "tencent": ("Hunyuan-1.8B-Instruct", "Tencent-Hunyuan-Large", "HunyuanOCR", "Hy3-FP8"),
    "tiiuae": ("falcon-11B", "Falcon3-1B-Base", "falcon-rw-1b"),
    "zai-org": ("chatglm3-6b", "GLM-Z1-9B-0414", "glm-4-9b-chat-hf", "GLM-4.5V"),
}
OTHERS = {
    "allenai": (
        "Molmo-7B-D-0924", "Molmo2-8B", "MolmoAct-7B-D-0812", "MolmoE-1B-0924", "olmOCR-2-7B-1025-FP8", "OLMoASR",
        "OlmoEarth-v1-Base", "tulu-2-7b",
    ),
    "google": ("embeddinggemma-300m", "gemma-scope-2b-pt-res", "siglip-base-patch16-224"),
    "inclusionAI": ("Ring-1T", "Ming-Lite-Omni"),
    "meituan-longcat": ("LongCat-Video", "LongCat-Image", "LongCat-Audio-Codec"),
    "nvidia": ("llama-nemoretriever-colembed-1b-v1", "Minitron-4B-Base"),
    "tencent": ("HunyuanVideo", "HunyuanVideo-1.5", "Hunyuan3D-2", "HunyuanImage-3.0", "HunyuanDiT"),
}  # fmt: skip


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse with the shipped families' words and organisations."""
    connection = empty_warehouse()
    catalog = read_catalog([SHIPPED])
    for rule in make_mention_rows(catalog.families):
        values = [rule["family_id"], rule["kind"], rule["words"]]
        connection.execute("insert into raw.catalog__mentions values (?, ?, ?)", values)
    for channel in catalog.channels:
        if channel.source == "huggingface":
            connection.execute(
                "insert into raw.catalog__channels (channel_id, family_id, target, models) values (?, ?, ?, ?)",
                [channel.id, channel.family, channel.target, list(channel.models)],
            )
    yield connection
    connection.close()


def list_kept(con: duckdb.DuckDBPyConnection, *listed: tuple[str, str, str | None]) -> set[tuple[str, str]]:
    """Lists the models and days that are kept of (model, day, pipeline)."""
    channels = dict(con.execute("select lower(target), channel_id from raw.catalog__channels").fetchall())
    rows = [
        (channels[model.partition("/")[0].lower()], f"{model}:{day}", None, T, {
            "model_id": model, "day_on": day, "downloads": 1, "pipeline": pipeline,
        })
        for model, day, pipeline in listed
    ]  # fmt: skip
    fill(con, "huggingface__models", rows)
    build_tables(con, MODELS)
    return set(con.execute("select model_id, day_on::varchar from staging.models_daily").fetchall())


def test_a_name_counts_as_a_word_and_never_within_one(con: duckdb.DuckDBPyConnection) -> None:
    """Molmo and olmOCR are other models, which share four letters with OLMo; digits may follow a name."""
    own, others = ({f"{owner}/{name}" for owner, names in listed.items() for name in names} for listed in (OWN, OTHERS))
    kept = {model for model, _ in list_kept(con, *[(model, "2026-11-01", None) for model in sorted(own | others)])}
    assert (own - kept, kept & others) == (set(), set())


def test_what_does_not_answer_in_text_is_no_language_model(con: duckdb.DuckDBPyConnection) -> None:
    """What a family file names stays, whatever the Hub lists it for."""
    own = {
        "Qwen/Qwen3-30B-A3B": "text-generation", "Qwen/Qwen3-VL-2B-Instruct": "image-text-to-text",
        "Qwen/Qwen2-Audio-7B-Instruct": "audio-text-to-text", "Qwen/Qwen2.5-Omni-7B": "any-to-any",
        "tencent/Hunyuan-MT-7B": "translation", "microsoft/Phi-4-multimodal-instruct": "automatic-speech-recognition",
    }  # fmt: skip
    others = {
        "Qwen/Qwen-Image": "text-to-image", "Qwen/Qwen3-Embedding-0.6B": "feature-extraction",
        "Qwen/Qwen3-Reranker-0.6B": "text-ranking", "zai-org/GLM-ASR-Nano-2512": "automatic-speech-recognition",
        "ibm-granite/granite-timeseries-ttm-r2": "time-series-forecasting",
    }  # fmt: skip
    kept = list_kept(con, *[(model, "2026-11-01", pipeline) for model, pipeline in (own | others).items()])
    assert {model for model, _ in kept} == own.keys()


def test_the_newest_pipeline_that_is_known_decides_for_all_days(con: duckdb.DuckDBPyConnection) -> None:
    """A model that comes and goes would look like downloads that come and go."""
    embedding, chat = "Qwen/Qwen3-Embedding-4B", "Qwen/Qwen3-14B"
    kept = list_kept(
        con, (embedding, "2026-11-01", None), (embedding, "2026-11-02", "feature-extraction"),
        (embedding, "2026-11-03", None), (chat, "2026-11-01", "feature-extraction"),
        (chat, "2026-11-02", "text-generation"), (chat, "2026-11-03", None),
    )  # fmt: skip
    assert kept == {(chat, f"2026-11-0{day}") for day in (1, 2, 3)}
