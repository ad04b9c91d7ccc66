"""What a text mentions: the rules, the traps, and that Python and SQL read the same."""

import json
from collections.abc import Iterator
from pathlib import Path
from time import process_time
from types import ModuleType

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import sources
from pipelines.catalog.entries import Channel, Family
from pipelines.catalog.mention_rules import list_mention_rules, make_mention_rows
from pipelines.catalog.reader import SHARED, SHIPPED, Catalog, read_catalog
from pipelines.collecting.planning import make_plan
from pipelines.collecting.run import collect_plan
from pipelines.contract import Page, Row, Stream, Visit
from pipelines.steps import make_catalog_rows
from pipelines.text.features import LONGEST
from pipelines.text.mentions import NEAR, Mentions
from tests.worlds.warehouse_rows import MODELS, empty_warehouse
from warehouse.load import replace_catalog
from warehouse.settings import Settings

CATALOG = read_catalog([SHIPPED])
MENTIONS = Mentions(list_mention_rules(CATALOG.families))


@pytest.mark.parametrize(
    ("text", "families"),
    [
        ("Qwen3-30B-A3B is slow", ["qwen"]),
        ("支持qwen1.5-14B模型吗", ["qwen"]),
        ("通义千问怎么用", ["qwen"]),
        ("GPT\u20115 or gpt 5 or GPT5", ["gpt"]),
        ("DeepSeek-R1-Distill-Llama-8B", ["deepseek"]),
        ("nvidia/Llama-3.1-Nemotron-70B-Instruct", ["nemotron"]),
        ("Gemma 3, Llama 3.2 and Qwen 2.5", ["gemma", "llama", "qwen"]),
        ("Meta-Llama-3-8B.Q4_K_M.gguf", ["llama"]),
        ("main -m ./models/7B/ggml-model-q4_0.bin", ["llama"]),
        ("no model named", []),
        ("", []),
    ],
)
def test_names_are_read_in_every_spelling(text: str, families: list[str]) -> None:
    """Spaces, dashes and versions make no difference; a model of a model belongs to who made it."""
    assert MENTIONS(text) == families


@pytest.mark.parametrize(
    "text",
    [
        "llama.cpp crashes", "Llama cpp on Windows", "llama-server hangs", "pip install llama-cpp-python",
        "llama_model_load: loading",
        "make LLAMA_CUBLAS=1 LLAMA_CUDA_F16=1", "ollama run does nothing", "LlamaIndex cannot find it",
        "general.architecture str = llama",
        "gcc -O3 -std=c11", "the command returned 1", "run the command a second time", "The mistral wind blew all day",
        "gpt4all-lora-quantized", "gpt_params_print_usage", "gemma.cpp does not build", "I asked Gemini, my twin",
        "Claude Monet painted it",        "Granite Rapids(6th gen)", "still grokking the code", "a sonar of a ship",
        "phi is golden",
        "a nova in the sky", "minigpt and sharegpt", "the model is called gpt-3.5-turbo whatever runs", "tiny-llama",
        "Groq is fast",
    ],
)  # fmt: skip
def test_ordinary_words_and_other_software_are_no_mention(text: str) -> None:
    """The traps: programs named after a model, words of every day, and other people's models."""
    assert MENTIONS(text) == []


@pytest.mark.parametrize(
    ("text", "families"),
    [
        ("Claude Sonnet 4 is better", ["claude"]),
        ("our claude api key", ["claude"]),
        ("OpenAI o1 gets it right", ["gpt"]),
        ("xAI releases Grok", ["grok"]),
        ("Command R+ does not load", ["command-r"]),
        ("cohere's command-a", ["command-r"]),
        ("the Cohere API answers 429", ["command"]),
        ("amazon.nova-pro-v1", ["nova"]),
        ("perplexity's sonar", ["sonar"]),
        ("mistral-large-latest answers 500", ["mistral-api"]),
        ("Mistral 7B on a phone", ["mistral"]),
        ("gpt-oss:20b refuses", ["gpt-oss"]),
        ("oss 120b from OpenAI", ["gpt-oss"]),
    ],
)
def test_weak_names_count_beside_their_companions(text: str, families: list[str]) -> None:
    """An ordinary word is a model where a number follows it or its maker stands near."""
    assert MENTIONS(text) == families


def _family(name: str = "x", **words: tuple[str, ...]) -> Family:
    given: dict[str, object] = {
        "title": name,
        "side": "open",
        "vendor": "v",
        "checked_on": "2026-11-24",
        "mentions": ("sure name",),
        **words,
    }
    return Family.model_validate(given).model_copy(update={"id": name})


def test_near_is_five_words_on_either_side() -> None:
    """The companion is counted; one word further it tells nothing. SQL counts the same."""
    later = _family("later", weak_mentions=("weak",), companions=("friend",))
    found = Mentions(list_mention_rules([later]))
    for gap, expected in ((NEAR - 1, ["later"]), (NEAR, [])):
        between = " ".join(["and"] * gap)
        for text in (f"weak {between} friend", f"friend {between} weak"):
            assert found(text) == expected, gap
            assert [family for _, family in _attribute([(text, [])], [later])] == [*expected, None][:1], gap
    assert found("weak 3") == ["later"] and found("weak v3") == []
    assert Mentions(list_mention_rules([_family(weak_mentions=("weak",), companions=("weak",))]))("weak") == [], (
        "nobody vouches for himself"
    )


def test_what_is_covered_does_not_count_but_what_stands_beside_does() -> None:
    """`llama.cpp` takes nothing from a Llama 3 in the same line."""
    found = Mentions(list_mention_rules([_family(not_mentions=("sure name of others",))]))
    assert found("sure name of others") == []
    assert found("sure name of others, and a sure name") == ["x"]
    assert MENTIONS("llama.cpp with Llama 3.1 8B") == ["llama"]


@pytest.mark.parametrize("word", ["llama ", "llama.cpp ", "claude x x x x x x ", "chat llama.cpp "])
def test_a_long_text_takes_no_longer_a_word_than_a_short_one(word: str) -> None:
    """With every pair of words compared, 100,000 characters would take half a minute."""
    began = process_time()
    MENTIONS(word * (LONGEST // len(word)))
    assert process_time() - began < 5


def test_no_name_is_sure_for_two_families() -> None:
    """Else every thread that says it would concern nobody."""
    sure: dict[tuple[str, ...], str] = {}
    for rule in list_mention_rules(CATALOG.families):
        if rule.kind == "sure":
            assert sure.setdefault(rule.words, rule.family_id) == rule.family_id, rule


def test_hosts_take_no_part() -> None:
    """A model that runs at a host is somebody's model."""
    assert MENTIONS("Together AI serves Llama 4") == ["llama"]
    assert not {rule.family_id for rule in list_mention_rules(CATALOG.families)} & {
        one.id for one in CATALOG.families if one.side == "host"
    }


_PIECES = sorted({" ".join(rule.words) for rule in list_mention_rules(CATALOG.families)})
_BITS = ["3", "7B", "the", ".cpp", "_load", "-", ", ", "\u212a", "é", "模型", "\x00"]
_PARTS = st.lists(st.one_of(st.sampled_from(_PIECES), st.sampled_from(_BITS), st.text(max_size=6)), max_size=12)
_TEXTS = st.tuples(_PARTS, st.sampled_from(["", " ", "-", "_"])).map(lambda drawn: drawn[1].join(drawn[0]))


@pytest.mark.slow
@given(st.lists(_TEXTS.map(lambda text: text.encode("utf-8", "replace").decode()), min_size=20, max_size=40))
@settings(max_examples=20)
def test_python_and_sql_read_the_same(texts: list[str]) -> None:
    """The rules are written once and followed twice: at the door over whole texts, in the warehouse over titles."""
    found = dict(_attribute([(text, []) for text in texts]))
    for number, text in enumerate(texts):
        mentioned = MENTIONS(text)
        assert found[str(number)] == (mentioned[0] if len(mentioned) == 1 else None), text


def test_the_title_decides_and_then_the_text() -> None:
    """One family in the title; else one in title and text; else nobody."""
    threads = [
        ("Qwen3 is slow", ["llama", "qwen"]), ("It is slow", ["qwen"]), ("It is slow", ["llama", "qwen"]),
        ("It is slow", []),
        ("Qwen3 or Gemma 3", ["qwen"]), ("It is slow", ["a family that was removed"]), ("It is slow", None),
    ]  # fmt: skip
    assert [family for _, family in _attribute(threads)] == ["qwen", "qwen", None, None, None, None, None]


def test_a_family_added_later_is_found_in_titles_without_collecting_again() -> None:
    """Texts are gone, titles are kept."""
    later = _family("later", mentions=("laterine",))
    assert _attribute([("Laterine 2 is slow", [])]) == [("0", None)]
    assert _attribute([("Laterine 2 is slow", [])], [later]) == [("0", "later")]


def test_only_a_companion_in_the_same_title_vouches_for_a_weak_name() -> None:
    """Neither one in another thread, nor one of another family, nor what is masked elsewhere."""
    weak = _family(
        "later", mentions=("surely",), weak_mentions=("weak",), companions=("friend",), not_mentions=("surely not",)
    )
    titles = ["weak", "friend", "the weak and xai", "weak friend", "surely", "surely not"]
    found = [family for _, family in _attribute([(title, []) for title in titles], [weak])]

    assert found == [None, None, None, "later", "later", None]


def _attribute(
    threads: list[tuple[str, list[str] | None]], more: list[Family] | None = None
) -> list[tuple[str, str | None]]:
    connection = _warehouse()
    rows = [
        {"code": str(number), "title": title, "families": families} for number, (title, families) in enumerate(threads)
    ]
    connection.execute(
        "delete from raw.catalog__mentions where family_id = 'later'; delete from raw.catalog__families where "
        "family_id = 'later'"
    )
    for rule in make_mention_rows(more or []):
        connection.execute(
            "insert into raw.catalog__mentions values (?, ?, ?)", [rule["family_id"], rule["kind"], rule["words"]]
        )
    connection.execute("delete from staging.thread_rows")
    given = json.dumps(rows)
    connection.execute(
        "insert into staging.thread_rows by name select '_shared.github.ggml-org-llama.cpp' as channel_id, "
        "r->>'$.code' as thread_code,"
        " r->>'$.title' as title, cast(r->'$.families' as varchar[]) as mentioned_families"
        " from (select unnest(cast(? as json[])) as r)",
        [given],
    )
    texts = {model.table: model.text for model in MODELS}
    return connection.sql(
        f"select thread_code, family_id from ({texts['staging.attributions']}) order by cast(thread_code as int)"
    ).fetchall()


_ready: list[duckdb.DuckDBPyConnection] = []


def _warehouse() -> duckdb.DuckDBPyConnection:
    if not _ready:
        connection = empty_warehouse()
        replace_catalog(connection, make_catalog_rows(CATALOG))
        connection.execute(
            "create table staging.thread_rows (channel_id varchar, thread_code varchar, title varchar, "
            "mentioned_families varchar[])"
        )
        _ready.append(connection)
    return _ready[0]


def test_only_shared_channels_ask_whom_a_text_mentions(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A thread in a family's own channel is the family's, whatever else it names."""
    heard: dict[str, list[str]] = {}

    def things(visit: Visit) -> Iterator[Page]:
        heard[visit.channel.family] = visit.mentions("Qwen3 is slow")
        yield Page([Row("1", None, {})])

    module = ModuleType("toy")
    module.__dict__.update(STREAMS={"things": Stream()}, things=things)
    monkeypatch.setattr(sources, "load_source", lambda name: module)
    channels = tuple(Channel(source="toy", target="one", role="sdk", family=family) for family in (SHARED, "llama"))
    settings = Settings(HEARTBEAT_HOME=tmp_path, _env_file=None)
    collect_plan(make_plan(settings, Catalog(CATALOG.families, channels)), settings)
    assert heard == {SHARED: ["qwen"], "llama": []}
