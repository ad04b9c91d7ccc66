"""Whatever strangers write is read, or refused in words, in a moment; `make fuzz` tries the same for long."""

import pytest
from hypothesis import given, settings

from tests.fuzzing.findings import FINDINGS
from tests.fuzzing.inputs import make_inputs
from tests.fuzzing.running import Target, TooSlow, run_target
from tests.fuzzing.targets import make_brief_targets

pytestmark = pytest.mark.rests_on("pipelines", "warehouse", "tests/fuzzing", "tests/upstream", "tests/worlds")
TARGETS = make_brief_targets()


@pytest.mark.parametrize("name", TARGETS)
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
