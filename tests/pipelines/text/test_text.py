"""What is kept of a text: instants, cleaned lines and counts."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.text import blocks, features, values
from pipelines.text.languages import LANGUAGES
from pipelines.text.patterns import LinePattern
from tests.paths import RECORDINGS


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2026-11-24T10:00:00Z", "2026-11-24T10:00:00.000000Z"),
        ("2026-11-24 12:00:00.25+02:00", "2026-11-24T10:00:00.250000Z"),
        ("2026-11-24", "2026-11-24T00:00:00.000000Z"),
        ("Tue, 24 Nov 2026 10:00:00 GMT", "2026-11-24T10:00:00.000000Z"),
        ("Tue, 24 Nov 2026 05:00:00 -0500", "2026-11-24T10:00:00.000000Z"),
        (1795514400, "2026-11-24T10:00:00.000000Z"),
        (1795514400000, "2026-11-24T10:00:00.000000Z"),
        ("1795514400", "2026-11-24T10:00:00.000000Z"),
        (datetime(2026, 11, 24, 5, tzinfo=timezone(timedelta(hours=-5))), "2026-11-24T10:00:00.000000Z"),
        ("2024-02-29T23:59:60Z", None),
        ("2025-02-29", None),
        ("yesterday", None),
        ("", None),
        (None, None),
        (True, None),
        (float("nan"), None),
        (10**40, None),
    ],
)
def test_an_instant_in_any_spelling_is_written_in_one_way_and_in_utc(written: object, instant: str | None) -> None:
    """Ten sources spell time in six ways; a wrong hour would be a wrong answer time."""
    assert values.format_instant(written) == instant


@given(st.integers(0, 7_000_000_000_000_000), st.integers(-14, 14))
def test_no_offset_changes_the_instant(microseconds: int, hours: int) -> None:
    """Whatever the zone it is written in, an instant stays the same instant, to the microsecond."""
    here = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)).astimezone(
        timezone(timedelta(hours=hours))
    )
    assert values.parse_instant(values.format_instant(here.isoformat())) == here


@given(st.text(st.characters(), max_size=300))
@settings(max_examples=300)
def test_a_cleaned_line_can_be_stored_and_shown(dirty: str) -> None:
    """Half characters abort a whole insert, escapes reach terminals, direction marks lie about order: none gets
    through."""
    line = values.clean_line(dirty, 50)
    assert line.encode("utf-8").decode() == line
    assert len(line) <= 50
    assert not any(ord(one) < 32 or 0x7F <= ord(one) <= 0x9F or one in "\u202e\u2066\ufeff" for one in line)
    assert values.clean_line(line, 50) == line


def test_a_title_keeps_its_meaning_when_cleaned() -> None:
    assert (
        values.clean_line("  Qwen3 \n\t 崩溃 👩‍💻 \x1b[31mred\x00\ud800 cafe\u0301 ") == "Qwen3 崩溃 👩‍💻 [31mred café"
    )
    assert values.clean_line(None) == ""


@pytest.mark.parametrize("value", [{"raw": "a title"}, ["a title"], {}, []])
def test_an_object_or_a_list_is_no_line(value: object) -> None:
    """A title that became an object would be shown as code, and no field would seem to have changed."""
    assert values.clean_line(value) == ""
    assert values.clean_line(7) == "7"


def test_features_count_what_the_author_wrote_and_nothing_else() -> None:
    """Words of a template's comments and of the person quoted are not the author's."""
    found = features.count_features(
        "It fails for me.\n<!-- please fill in every field of this form -->\n\n> did you try the nightly "
        "build?\n\nYes:\n\n"
        "```python\nimport llm\n\nllm.run()\n```\nwith `pip install llm`.\n"
    )
    assert (found["words"], found["has_code"]) == (6, True)
    assert (found["has_command"], found["has_patch"]) == (True, False)
    assert found["reader_version"] == features.READER_VERSION


@pytest.mark.parametrize(
    ("markdown", "feature", "value"),
    [
        ("```diff\n-a\n+b\n```", "has_patch", True),
        ("```\ndiff --git a/x b/x\n@@ -1 +1 @@\n```", "has_patch", True),
        ("a - b + c", "has_patch", False),
        ("    indented()\n", "has_code", True),
        ("- item\n\n  ```sh\n  make\n  ```", "has_code", True),
        ("~~~~\nx = f(1)\n~~~~", "has_code", True),
        ("```\n\n```", "has_code", False),
        ("```\nkit-serve a.bin --port 80\n```", "has_code", True),
        ("```bash\nsudo xpu-smi config -d 0\n```", "has_code", True),
        ("```never closed\nx = f(1)", "has_code", True),
        ("```\n12:01:07 INFO started\n12:01:09 ERROR stopped\n```", "has_code", False),
        ('```\nTraceback (most recent call last):\n  File "a.py", line 3\n```', "has_code", False),
        ("```shell\n$ uname -a\nLinux box 6.1 x86_64\n6.1.0-9-amd64\n```", "has_code", False),
        ('```json\n{"error": "no such model"}\n```', "has_code", False),
        ("```\nimport os\nprint(os.sep)\n```", "has_code", True),
        ("Run these:\npip install -U kit\npython serve.py --port 80", "has_code", True),
        ("I set it. It works; so be it.\nThen I left it alone;", "has_code", False),
        ("```console\n$ ls\n```", "has_command", True),
        ("use `docker run x`", "has_command", True),
        ("we make do", "has_command", False),
        ("`ollama ps` tells nothing, and neither does `git bisect`", "has_command", False),
        ("`docker compose up` starts it", "has_command", True),
        ("I get this:\n./bin/kit run granite\nand no more", "has_command", True),
        ("podman images | grep kit", "has_command", True),
        ("Use the command gemini --model=x for it", "has_command", True),
        ("export KIT_HOME=/a, then start", "has_command", True),
        ("try `wsl --install`", "has_command", True),
        ("KIT_SANDBOX=docker\nand again", "has_code", True),
        ("Q8_0 = 8t/s, BF16 = 5t/s\nFP16 = 8t/s", "has_code", False),
        ('{\n  "servers": {\n    "command": "npx"', "has_code", True),
        ("--run-time-repack\n-mla 3 -fa\n-ctk q8_0", "has_code", True),
        ("--no-mmap or -no-cnv\nwas renamed", "has_code", False),
        ("make build IMAGE=cuda", "has_command", True),
        ("```\n$ kit --version\n1.2\n```", "has_code", False),
        ("```\n$ kit --version\n1.2\n```", "has_command", True),
        ("```\n(base) ann@box:~/kit$ ./serve -m a.gguf\n```", "has_command", True),
        ("```\nPS C:\\kit> kit serve\n```", "has_command", True),
        ("```\n$ gemini /about\n```", "has_command", False),
        ("```\nkit serve a --port 80\n```", "has_command", True),
        ("npm uninstall -g kit\nand again", "has_command", True),
        ("The docker image is too old.", "has_command", False),
        ("git is installed here", "has_command", False),
        ("Try `sudo dmesg | grep i915`.", "has_command", True),
        ("```\nkit run a\n0.7\n```", "has_code", False),
        ("```\nimport os\nfor x in y:\n    f(x)\n    g(x)\nready\nset\ngone\nover\nout\n```", "has_code", True),
        ("```diff\n0e29 is the first bad commit\nDate: now\n```", "has_code", False),
        ("```diff\n-a\n+b\n```", "has_code", True),
        ('```\n[kit.images]\ncuda = "x/y"\n```', "has_code", True),
        ('```\nParse error: [{\n  "code": 400\n}]\n```', "has_code", False),
        ("Run this:\n\n```kit update -g x```\n", "has_command", True),
        ("`python serve.py --port 8080 --host x`\n`python ask.py --name kit --n 3`", "has_code", True),
        ("`lscpu`\n`uname`", "has_code", False),
        ("which system are you on\nwhich browser do you use", "has_code", False),
        ("docker run -d ^\n  -p 80:80 ^\n  kit", "has_code", True),
        ("模型崩溃", "words", 4),
        ("don't re-run it", "words", 3),
        ("<details><summary>log</summary>x</details>", "words", 2),
        (None, "words", 0),
        ({"not": "text"}, "words", 0),
    ],
)
def test_each_feature_is_read_as_markdown_means_it(markdown: object, feature: str, value: object) -> None:
    """Code in lists, in unclosed fences and in indented blocks is code; a dash in prose is no patch."""
    assert features.count_features(markdown)[feature] == value


@given(st.text(max_size=400))
def test_no_text_breaks_the_reader_and_none_of_it_comes_out(markdown: str) -> None:
    """Only counts, flags and the name of a language leave the reader, whatever it is given."""
    found = features.count_features(markdown)
    assert found.pop("language") in (None, *LANGUAGES)
    assert all(value is None or isinstance(value, (bool, int)) for value in found.values())


@given(st.text(st.sampled_from("ab1 \t\n\r>`~-=*+#|<[]:.()_\\äß中"), max_size=60))
@settings(max_examples=500)
def test_a_text_that_needs_no_parser_reads_the_same_without_one(markdown: str) -> None:
    """Most replies are paragraphs; a shortcut that missed a fence would lose its code."""
    shortcut = features.count_features(markdown)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "_MARKUP", LinePattern(""))
        assert shortcut == features.count_features(markdown)


def test_a_huge_or_deeply_nested_text_is_read_in_bounded_time() -> None:
    """Somebody pastes eight megabytes; a visit must not hang on it."""
    started = datetime.now(UTC)
    for hostile in (
        "a " * 4_000_000,
        "> " * 100_000,
        "`" * 100_000,
        "`a" * 50_000,
        "`" + "a " * 50_000,
        "A=b " * 25_000,
        "a/" * 50_000,
        "PS " * 30_000,
        "$ a --" * 15_000,
        "<!--" * 50_000,
        "[" * 100_000,
        "- " * 50_000,
        "<a" * 90_000,
    ):
        features.count_features(hostile)
    assert datetime.now(UTC) - started < timedelta(seconds=20)


@pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the shared recordings are not here")
def test_real_issues_are_read_to_the_last() -> None:
    """800 issues as people wrote them: each gives counts, and most of those that hold a fence hold code."""
    for name in ("llama_cpp_issues_sample.jsonl", "sglang_issues_sample.jsonl"):
        bodies = [
            json.loads(line)["body"] or ""
            for line in (RECORDINGS / "github" / name).read_text(encoding="utf-8").splitlines()
        ]
        found = [features.count_features(body) for body in bodies]
        fenced = [one for body, one in zip(bodies, found, strict=True) if body.count("```") >= 2]
        assert len(found) == 400
        assert len(fenced) > 100
        assert 0.3 * len(fenced) < sum(bool(one["has_code"]) for one in fenced) < 0.8 * len(fenced), "many hold logs"
