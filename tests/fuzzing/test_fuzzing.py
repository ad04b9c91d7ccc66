"""Whatever strangers write is read, or refused in words, in a moment; `make fuzz` tries the same for long."""

from pathlib import Path

import pytest
from hypothesis import given, settings

from tests.fuzzing.findings import FINDINGS
from tests.fuzzing.hunt import Hunt
from tests.fuzzing.inputs import make_inputs
from tests.fuzzing.running import Target, TooSlow, run_target
from tests.fuzzing.targets import make_brief_targets, make_targets

pytestmark = pytest.mark.slow

BRIEF, TARGETS = make_brief_targets(), make_targets()


@pytest.mark.parametrize("name", BRIEF)
def test_no_text_of_strangers_breaks_or_stalls_a_reader(name: str) -> None:
    """A few inputs of each kind: phrases of its grammar, pieces repeated thousands of times, damaged documents."""
    target = TARGETS[name]

    @settings(max_examples=8, database=None)
    @given(make_inputs(target.grammar))
    def run(text: str) -> None:
        run_target(target, text)

    run()


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in FINDINGS.items() for text in texts])
def test_what_fuzzing_found_stays_mended(name: str, text: str) -> None:
    """Each of these once crashed a reader, or kept it busy for longer than anybody waits."""
    run_target(TARGETS[name], text)


def test_a_reader_that_stalls_or_breaks_is_seen() -> None:
    """A target that loops for ever, and one whose error is none of its own."""
    grammar = next(iter(TARGETS.values())).grammar

    def stall(_: str) -> None:
        while True:
            pass

    with pytest.raises(TooSlow):
        run_target(Target(stall, grammar), "", seconds=0.1)
    with pytest.raises(ZeroDivisionError):
        run_target(Target(lambda text: 1 / len(text), grammar, (ValueError,)), "")


def test_a_hunt_keeps_the_first_input_of_each_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two inputs that break a target at one place are one finding; signs that no file takes are kept, too."""
    monkeypatch.chdir(tmp_path)
    hunt = Hunt("a/b", Target(lambda text: 1 / (len(text) - 2), next(iter(BRIEF.values())).grammar))
    for text in ("", "\ud800\r", "ab"):
        hunt.try_input(text)

    assert hunt.tried == 3 and len(hunt.found) == 1
    (path,) = hunt.found.values()
    assert path.read_bytes().decode("utf-8", "surrogatepass") == "\ud800\r"
