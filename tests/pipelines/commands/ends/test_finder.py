"""Ids in files: known ones as whole words anywhere, unknown ones named as makers name theirs, and no others."""

import time

import pytest

from pipelines.commands.ends.files import FileKind, classify_file
from pipelines.commands.ends.finder import IdFinder
from tests.worlds.hostile import HOSTILE
from warehouse.ends.model_ids import index_names

KNOWN = (
    "gpt-4o", "gpt-4", "gpt-4-0613", "openai/o1", "claude-3-opus-20240229", "anthropic.claude-v2:1", "gemini-1.0-pro",
    "davinci", "cohere/command", "qwen/qwen-2.5-72b-instruct", "meta-llama/Llama-3.1-8B", "Command R+",
    "text-embedding-3-small", "Amazon Titan Chat v1",
)  # fmt: skip
FINDER = IdFinder(index_names([{"model": name} for name in KNOWN]))


def _find(text: str, kind: FileKind = FileKind.CODE) -> list[tuple[int, int, str]]:
    return [(found.line, found.column, found.text) for found in FINDER.find(text, kind)]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ('model = "gpt-4o"', "gpt-4o"),
        ("# uses gpt-4o, for now.", "gpt-4o"),
        ('"openai/gpt-4o:free"', "openai/gpt-4o:free"),
        ('init("openai:gpt-4o")', "openai:gpt-4o"),
        ('"https://host.example/v1beta/models/gemini-1.0-pro:generateContent"', "gemini-1.0-pro"),
        ("f'{base}/deployments/gpt-4o'", "deployments/gpt-4o"),
        ('MODEL="${MODEL:-gpt-4o}"', "gpt-4o"),
        ('"{\\"model\\": \\"gpt-4o\\"}"', "gpt-4o"),
        ('"gpt-4o\\n"', "gpt-4o"),
        ('models=["o1", "x"]', "o1"),
        ("llm -m o1", "o1"),
        ("<model>o1</model>", "o1"),
        ('"https://host.example/v1/engines/davinci/completions"', "davinci"),
        ('f"{base}/model/anthropic.claude-v2:1/invoke"', "anthropic.claude-v2:1"),
        ('"arn:aws:bedrock:${r}::foundation-model/anthropic.claude-v2:1"', "foundation-model/anthropic.claude-v2:1"),
        ('f"bedrock/{r}/meta.llama9-13b-chat-v1"', "meta.llama9-13b-chat-v1"),
        ("# model us.amazon.titan-chat-v1:0 is used", "us.amazon.titan-chat-v1:0"),
        ('M="gpt-4-0613:sk-proj-abcdef0123456789"', "gpt-4-0613"),
        ('"claude-3-opus-20240229@AKIA0123456789"', "claude-3-opus-20240229"),
        ('"model": "command"', "command"),
        ("run --model davinci --fast", "davinci"),
    ],
)
def test_a_known_id_is_found_however_it_is_written(text: str, asked: str) -> None:
    """Vendors, hosts, libraries, shells and notebooks put signs around it."""
    assert _find(text) == [(1, text.index(asked) + 1, asked)]


@pytest.mark.parametrize(
    "text",
    [
        "# gpt-4o-2099-01-01-preview", "call(gpt-4o-mini)", "x-gpt-4o", "gpt-4-", "my_gpt-4o_run",
        "GPT-4o is a model", "gpt_4o = 1", "GPT4O", "o1 = davinci(command)", '"-O1"', '"O1"', '"command": "npm start"',
        "ada davinci command", "Command-R+ answers", '"gpt4"', 'gases = ["o1", "no2"]',
    ],
)  # fmt: skip
def test_a_part_of_a_word_and_an_ordinary_word_are_no_ids(text: str) -> None:
    """A longer id is another model, a variable is a variable, and a title is a title."""
    assert _find(text, FileKind.PROSE) == []
    assert _find(text) == []


@pytest.mark.parametrize(
    ("text", "kind", "asked"),
    [
        ('call("gpt-9-turbo")', FileKind.CODE, "gpt-9-turbo"),
        ('call("openai/o1-mini-high")', FileKind.CODE, "openai/o1-mini-high"),
        ("    claude-opus-9-1\n", FileKind.CODE, "claude-opus-9-1"),
        ('audio.transcribe("whisper-1")', FileKind.CODE, "whisper-1"),
        ('GenerativeModel("gemini-pro")', FileKind.CODE, "gemini-pro"),
        ('"us.amazon.nova-pro-v1:0"', FileKind.CODE, "us.amazon.nova-pro-v1:0"),
        ('x = "deepseek-r9:14b"', FileKind.CODE, "deepseek-r9:14b"),
        ('os.environ["AZURE_DEPLOYMENT"] = "gpt-9"', FileKind.CODE, "gpt-9"),
        ("OPENAI_MODEL=gpt-9-turbo  # ours", FileKind.CONFIG, "gpt-9-turbo"),
        ("- gpt-9-turbo", FileKind.CONFIG, "gpt-9-turbo"),
        ("ENV MODEL o1\n", FileKind.CONFIG, "o1"),
        ("MODEL ?= o1\n", FileKind.CONFIG, "o1"),
        ("models: [base, o1]", FileKind.CONFIG, "o1"),
        ("{model: gpt-9-turbo, top_p: 1}", FileKind.CONFIG, "gpt-9-turbo"),
    ],
)
def test_an_unknown_id_is_found_by_the_way_its_maker_names_models(text: str, kind: FileKind, asked: str) -> None:
    """In quotes or by itself, whatever its variable is called."""
    assert _find(text, kind) == [(1 + text[: text.index(asked)].count("\n"), text.index(asked) + 1, asked)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("uses gpt-9-turbo and claude-9-like answers", FileKind.CODE),
        ("`gpt-9-turbo` and model: gpt-9", FileKind.PROSE),
        ("model = self.gpt_7\nmodel=gpt-7\nmodel == 'x'", FileKind.CODE),
        ('model="sk-proj-0123456789abcdef"', FileKind.CODE),
        ('model="./models/gpt-7.gguf", model="gpt-7/", host="gpt-proxy:8000"', FileKind.CODE),
        ('model="${MODEL}-7", model=f"gpt-{name}-7", model="gpt-7 words"', FileKind.CODE),
        ("model: two-7 words\nmodel: 3.5\nmodel: Qwen9 32B", FileKind.CONFIG),
        ('"text-sm" "text-2xl" "gpt-tokenizer" "claude-code-action@v1" "gpt4"', FileKind.CODE),
        ('model="test-model", MODEL = "my-model-1", embed("embed-demo"), model="acme/large-7"', FileKind.CODE),
        ("model: custom-model-2\nMODEL=gone-model", FileKind.CONFIG),
    ],
)
def test_prose_packages_variables_paths_keys_and_made_up_names_are_no_unknown_ids(text: str, kind: FileKind) -> None:
    """A report that cries wolf is turned off."""
    assert _find(text, kind) == []


def test_lines_and_columns_count_characters_from_one() -> None:
    """As editors do; a carriage return and a wide sign are one character each, other separators of lines are none."""
    text = 'a = "é𝕏" + "gpt-4o"\r\n\x0b\u2028"gpt-4-0613"\rx\n\n  "gpt-4"'
    assert _find(text) == [(1, 13, "gpt-4o"), (2, 4, "gpt-4-0613"), (4, 4, "gpt-4")]


UNITS = (
    "a", "-1", ":", "(", "ft:", "@v1", "us.", "'", '"', ".", "#", " ", "\t", "model", "model=", "model:", "--model ",
    "gpt-9-", "a-1\n", "\\", "/models/", "://", "⚡", "x_model.", 'model="', "claude-",
)  # fmt: skip


@pytest.mark.parametrize("unit", [*HOSTILE, *UNITS], ids=lambda unit: ascii(unit[:20]))
def test_hostile_text_is_read_soon(unit: str) -> None:
    """A minified file has one line, and no pattern may take longer a sign the longer it is."""
    text = unit * (100_000 // len(unit))
    begun = time.process_time()
    for kind in FileKind:
        for _ in FINDER.find(text, kind):
            pass
    assert time.process_time() - begun < 5


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("app.py", FileKind.CODE), ("book.ipynb", FileKind.CODE), ("LICENSE", FileKind.CODE),
        ("settings.YAML", FileKind.CONFIG), (".env.local", FileKind.CONFIG), ("Dockerfile", FileKind.CONFIG),
        ("README.md", FileKind.PROSE), ("poetry.lock", FileKind.PROSE), ("package.json", FileKind.PROSE),
    ],
)  # fmt: skip
def test_a_file_is_judged_by_its_name(name: str, kind: FileKind) -> None:
    """Whatever is not known otherwise is code."""
    assert classify_file(name) is kind
