"""The README's sample site: its first screen as a picture, and its brief, which a visitor reads before installing
anything."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from dashboards.site import site
from tests.dashboards.browser.browser import FLAGS, chromium
from tests.paths import ROOT
from tests.worlds.page_worlds import NOW, make_sample

FOLDER = ROOT / ".github"
SIZE = "1160,1300"


def main() -> None:
    """Writes `.github/sample-report.png` and `.github/sample-brief.md`."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"HEARTBEAT_HOME": str(make_sample(Path(folder) / "home")), "HEARTBEAT_NOW": NOW.isoformat()}
        made = Path(folder, "site")
        code = site.main(["--out", str(made)])
        shutil.copyfile(made / "brief.md", FOLDER / "sample-brief.md")
        picture = f"--screenshot={FOLDER / 'sample-report.png'}"
        command = [str(chromium()), "--headless", *FLAGS, "--hide-scrollbars", f"--window-size={SIZE}", picture]
        subprocess.run([*command, (made / "index.html").as_uri()], check=True, capture_output=True)
    raise SystemExit(code)


if __name__ == "__main__":
    main()
