"""Whether threads helped is labelled twice wherever words decide it, and how far the two readers agree is published."""

import csv

import pytest

from tests.tools.accuracy import FILE
from tests.tools.accuracy_rows import kappa
from tests.tools.accuracy_texts import HELPED, NO, YES
from tests.tools.labelled import rows
from tests.tools.labelled_threads import list_absent_sources, threads
from tests.tools.whole.threads import list_confirmations, thread_cases

ABSENT = list_absent_sources()
all_texts = pytest.mark.skipif(bool(ABSENT), reason=f"the texts of {', '.join(ABSENT)} are not here")
SECONDS = {(one["source"], one["thread"]): one["confirmed"] for one in rows("threads_second")}


@all_texts
def test_threads_with_words_of_the_asker_are_read_twice() -> None:
    """Those without any are alike by definition, and would make two readers agree too well."""
    drawn = [(one["source"], one["thread"]) for one in rows("threads")]
    assert set(SECONDS) == {key for key in drawn if list_confirmations(threads()[key])} and len(SECONDS) >= 100
    assert set(SECONDS.values()) == {"0", "1"}


@all_texts
def test_published_agreement_is_that_of_the_threads_read_twice() -> None:
    """By the labels of replies on one side, and one verdict a thread on the other."""
    pairs = [(case.wanted, case.second) for case in thread_cases() if case.second is not None]
    agreed = kappa([(one, str(two)) for one, two in pairs])
    with FILE.open(encoding="utf-8", newline="") as file:
        (line,) = [
            one
            for one in csv.DictReader(file)
            if one["feature"] == HELPED and one["part"] == one["channel_kind"] == one["language"] == "all"
        ]
    assert agreed is not None and {two for _, two in pairs} == {YES, NO}
    assert (line["kappa"], line["n_twice"]) == (f"{agreed:.3f}", str(len(SECONDS)))
