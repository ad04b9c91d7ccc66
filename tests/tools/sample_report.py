"""The README's sample report: the first page of the sample world's report as a picture, and its brief, which a visitor
reads before installing anything."""

import os
import tempfile
from pathlib import Path

from dashboards.report import report
from tests.paths import ROOT
from tests.worlds.page_worlds import NOW, make_sample

FOLDER = ROOT / ".github"


def main() -> None:
    """Writes `.github/sample-report.png` and `.github/sample-brief.md`, as `heartbeat report` does."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"HEARTBEAT_HOME": str(make_sample(Path(folder) / "home")), "HEARTBEAT_NOW": NOW.isoformat()}
        code = report.main(
            ["--out", str(FOLDER / "sample-report.png"), "--brief", str(FOLDER / "sample-brief.md")],
        )
    raise SystemExit(code)


if __name__ == "__main__":
    main()
