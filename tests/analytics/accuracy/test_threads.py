"""Whether threads helped is labelled twice wherever words decide it."""

import pytest

from tests.tools.labelled import rows
from tests.tools.labelled_threads import list_absent_sources, threads
from tests.tools.whole.threads import list_confirmations

ABSENT = list_absent_sources()
all_texts = pytest.mark.skipif(bool(ABSENT), reason=f"the texts of {', '.join(ABSENT)} are not here")
SECONDS = {(one["source"], one["thread"]): one["confirmed"] for one in rows("threads_second")}


@all_texts
def test_threads_with_words_of_the_asker_are_read_twice() -> None:
    """Those without any are alike by definition, and would make two readers agree too well."""
    drawn = [(one["source"], one["thread"]) for one in rows("threads")]
    assert set(SECONDS) == {key for key in drawn if list_confirmations(threads()[key])} and len(SECONDS) >= 100
    assert set(SECONDS.values()) == {"0", "1"}
