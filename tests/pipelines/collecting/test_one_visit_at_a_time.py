"""A channel is visited by one run at a time: by the schedule, by `up`, or by hand."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from types import ModuleType

import pytest

from pipelines import sources
from pipelines.catalog.entries import Channel
from pipelines.collecting.run import Plan, collect_plan, open_run
from pipelines.contract import Page, Row, Stream, Visit
from tests.upstream.emulator import NOW
from warehouse.attempts.entries import StreamEnd, judge_collect
from warehouse.faults import Fault
from warehouse.landing import list_landed
from warehouse.settings import Settings


def test_a_second_run_leaves_alone_what_another_is_visiting_or_has_just_visited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both would begin at the same cursor and land the same number; the upstream would be asked twice."""
    begun, may_end = Event(), Event()
    asked: list[str] = []

    def things(visit: Visit) -> Iterator[Page]:
        asked.append(visit.channel.target)
        if visit.channel.target == "busy":
            begun.set()
            assert may_end.wait(20)
        yield Page([Row("1", NOW, {})])

    module = ModuleType("toy")
    module.STREAMS = {"things": Stream()}  # type: ignore[attr-defined]
    module.things, module.BASE_URL = things, "https://toy.test"  # type: ignore[attr-defined]
    monkeypatch.setattr(sources, "load_source", lambda name: module)
    channels = tuple(Channel(source="toy", target=name, role="sdk", family="fam") for name in ("busy", "free"))
    plan, settings = Plan(channels, NOW, 10), Settings(HEARTBEAT_HOME=tmp_path, HEARTBEAT_NOW=NOW, _env_file=None)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(collect_plan, plan, settings)
        assert begun.wait(20)
        busy, free = collect_plan(plan, settings).results
        may_end.set()
        first.result(20)
    run = open_run(plan, settings)

    said = busy.outcomes["things"]
    assert (said.state, said.fault) == ("skipped", Fault.LOCKED)
    assert "another run is visiting it: " in said.error and "(visiting fam.toy.busy)" in said.error
    assert free.outcomes["things"].state == "complete"
    assert (asked.count("busy"), len([path for path in list_landed(run.zone) if "busy" in path])) == (1, 1)
    left = {"things": StreamEnd(state=said.state, fault=said.fault)}
    assert judge_collect([left]) == "done", "the run that visits it says how it ended"
