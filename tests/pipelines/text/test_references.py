"""Versions, settings and files of source that a text names."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.text.features import count_features
from pipelines.text.references import count_source_paths, has_version

VERSIONS = {
    "Fixed in v1.2.3": True,
    "I am on 0.4.6": True,
    "torch==2.1": True,
    "It needs CUDA 12.4": True,
    "since PyGithub 1.4": True,
    "build b4521": True,
    "since commit 7248e66": True,
    "run it with --ctx-size 4096": True,
    "run it with -ngl 99": True,
    "`temperature=0.2`": True,
    "`CUDA_VISIBLE_DEVICES=0`": True,
    '```json\n{"max_tokens": 512}\n```': True,
    "set the limit to 5": True,
    "a temperature of 0.2": True,
    "Set `stream` to false": True,
    "start it with `-sm row`": True,
    "with --type image=a": True,
    "on Ubuntu 22.04 or Windows 11": True,
    "We should have this fixed 1.4.": True,
    "temp 1, min p .02": True,
    "--debug will print it": False,
    "the flags --yes, -y and --force": False,
    "a window 40 x 20, since 2.5 hours": False,
    "I use Llama 3.1 and GPT 4.1": False,
    "It takes 2.5 GB and 1.5 seconds": False,
    "http://127.0.0.1:8080 and 10.0.0.1": False,
    "The year is 2025": False,
    '<a href="x">y</a> is 3': False,
    "word--word": False,
    "errno: -60, address: '10.0.0.1', port: 443": False,
    "It does not work": False,
    "https://example.org/v1.2.3/x?a=1": False,
}
PATHS = {
    "see src/foo.cpp:123": 1,
    "`scheduler.py` and `server/api.ts`": 2,
    '```\n  File "/opt/x/loader.py", line 3, in load\n  File "/opt/x/main.py", line 9, in run\n```': 2,
    '```\n  File "/opt/x/loader.py", line 3\n  File "/opt/x/loader.py", line 9\n```': 1,
    "https://github.com/o/r/blob/main/a/b.py#L3": 1,
    "C:\\work\\tool.cs": 1,
    "I use llama.cpp with node.js": 0,
    "I moved over to ik\\_llama.cpp, or ik_llama.cpp": 0,
    "see common/ik_llama.cpp:17 and llama-batch.cpp": 2,
    "src/llama.cpp:17": 1,
    "```sh\npython train.py\n```": 0,
    "the weights are in model.gguf, the log in out.txt": 0,
    "https://example.rs and https://bun.sh": 0,
    "nothing here": 0,
}


@pytest.mark.parametrize(("text", "wanted"), VERSIONS.items())
def test_a_version_flag_or_setting_is_told_from_numbers_and_models(text: str, wanted: bool) -> None:
    """The name of a model holds numbers too, and helps nobody to set anything."""
    assert count_features(text)["has_version"] is wanted


@pytest.mark.parametrize(("text", "wanted"), PATHS.items())
def test_files_of_source_are_counted_once_and_products_are_none(text: str, wanted: int) -> None:
    """A stack trace names its files; llama.cpp is a product."""
    assert count_features(text)["source_paths"] == wanted


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=300))
@settings(max_examples=150)
def test_no_text_breaks_the_rules(prose: str, inline: str, code: str) -> None:
    """Whatever is pasted, a flag and a count come out."""
    assert has_version(prose, inline, code) in (True, False)
    assert count_source_paths(prose, inline, code) >= 0


@given(st.sampled_from(sorted(PATHS)), st.integers(1, 4))
def test_a_file_named_again_is_no_other_file(text: str, times: int) -> None:
    """Files are counted, not mentions."""
    assert count_features("\n\n".join([text] * times))["source_paths"] == count_features(text)["source_paths"]
