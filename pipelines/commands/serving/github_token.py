"""The offer to use the token of the `gh` command for one run of `heartbeat up`."""

import os
import select
import shutil
import subprocess
import sys

from pydantic import SecretStr
from rich.console import Console

from warehouse.settings import Settings

ANSWER_SECONDS = 30.0
"""Nobody may be there to answer: then the run goes on without the token."""
GH_SECONDS = 10.0
HINT = "GITHUB_TOKEN=$(gh auth token) make up"


def offer_token(settings: Settings, console: Console) -> Settings:
    """Returns the settings, with the token of `gh` if none is set and the user agrees to use it for this run."""
    if settings.github_token.get_secret_value():
        return settings
    token = _read_gh_token() if is_interactive() else ""
    if not token:
        console.print(
            f"GITHUB_TOKEN is not set: most of what GitHub holds is left out. To include it: {HINT}", markup=False
        )
        return settings
    console.print(
        "GITHUB_TOKEN is not set: most of what GitHub holds would be left out. `gh` is logged in, and its token can be"
        " used for this run; Heartbeat keeps it in memory only. Mind that this token may do whatever you allowed `gh`"
        " to do, which is far more than Heartbeat needs: reading public repositories takes a token without scopes.",
        markup=False,
    )
    if not _is_agreed(console):
        console.print(f"continuing without a token; to use one: {HINT}", markup=False)
        return settings
    return settings.model_copy(update={"github_token": SecretStr(token)})


def is_interactive() -> bool:
    """Returns True if somebody may be there to answer: input and output are a terminal."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _read_gh_token() -> str:
    """Returns the token of a `gh` that is logged in to github.com, else nothing."""
    command = shutil.which("gh")
    if command is None:
        return ""
    try:
        answer = subprocess.run(
            [command, "auth", "token", "--hostname", "github.com"], env=dict(os.environ) | {"GH_PROMPT_DISABLED": "1"},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=GH_SECONDS, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout.strip() if answer.returncode == 0 else ""


def _is_agreed(console: Console) -> bool:
    console.print("Use it for this run? y/N ", end="", markup=False)
    try:
        ready, _, _ = select.select([sys.stdin], [], [], ANSWER_SECONDS)
    except (OSError, ValueError):
        # Not every system can wait for a terminal.
        ready = []
    answer = sys.stdin.readline() if ready else ""
    if not answer:
        console.print()
    return answer.strip().lower() in ("y", "yes")
