"""Prints every name of a number over the sample world, with its values and places: `python -m tests.names [HOME]`."""

import os
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from dashboards.frame import snapshot_reader
from dashboards.frame.view import View
from tests.names.collect import collect_all
from tests.names.said import Said, find_conflicts
from tests.worlds.page_worlds import make_sample


def main(home: Path) -> int:
    """Prints the names, then those that stand for two numbers. Returns 1 where there are any."""
    os.environ["HEARTBEAT_HOME"] = str(home)
    snapshot = snapshot_reader.newest_snapshot()
    if snapshot is None:
        print(f"{home}: nothing is published there", file=sys.stderr)
        return 2
    page = View(snapshot, snapshot_reader.current_time(snapshot), snapshot_reader.load_families(snapshot))
    all_said = collect_all(page)
    by_name: dict[tuple[str, str], list[Said]] = defaultdict(list)
    for said in all_said:
        by_name[said.label, said.scope].append(said)
    for (label, scope), found in sorted(by_name.items()):
        places = sorted({said.place for said in found})
        families = len({said.family for said in found})
        print(f"{label} | {scope or '-'} | {families} | {'; '.join(places[:4])}")
    conflicts = find_conflicts(all_said)
    print(f"{len(all_said):,} numbers under {len(by_name)} names; {len(conflicts)} names stand for two numbers")
    for (label, scope, family), values in sorted(conflicts.items()):
        print(f"TWO: {label} | {scope} | {family} | {values}")
    return 1 if conflicts else 0


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.exit(main(Path(sys.argv[1])))
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(main(make_sample(Path(folder) / "home")))
