"""Holds answers of our own in the form of each recording, so that a clone without the recordings meets every form.

Nothing in them was recorded: families, people, texts, times and numbers are made up; fields and quirks are those of
the real answers.
`tests/recordings/claimed.py` names the twin of each recorded form.
"""

from pathlib import Path

from tests.recordings.twins import changelogs, forums, github, hub, lifecycles, reddit, status

FILES: dict[str, str] = {
    **changelogs.FILES, **lifecycles.FILES, **status.FILES, **hub.FILES, **github.FILES, **reddit.FILES, **forums.FILES,
}  # fmt: skip
"""Text of each twin, by its path below the folder of recordings."""


def write_twins(root: Path) -> Path:
    """Writes all twins below a folder, laid out as the recordings are, and gives that folder."""
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root
