"""What a command does not need, it does not import: each library takes tenths of a second of every start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.paths import ROOT

pytestmark = pytest.mark.rests_on("analytics", "pipelines", "warehouse", "tests/paths.py", "requirements.lock")
CODE = """
import sys
import pyarrow
from pipelines import cli

def tell(code):
    pyarrow.array([1])
    print("imported:", *sorted({"github", "pandas", "praw"} & {name for name, module in sys.modules.items() if module}))

cli.exit_now = tell
sys.argv = ["heartbeat", "catalog", "check"]
cli.run()
"""


def test_the_catalog_is_read_without_the_libraries_of_its_sources_and_lists_are_made_without_pandas(
    tmp_path: Path,
) -> None:
    """Nearly every command reads the catalog, whose channels are checked against their sources."""
    environment = os.environ | {"HEARTBEAT_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", CODE], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )

    assert "no gaps" in done.stdout
    assert done.stdout.splitlines()[-1] == "imported:"
