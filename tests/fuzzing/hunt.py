"""A hunt for inputs that break a target: counts what is tried, and keeps the first input of each different finding."""

import traceback
from dataclasses import dataclass, field
from pathlib import Path

from tests.fuzzing.running import MOST_SECONDS, Target, TooSlow, run_target

FOLDER = Path(".cache", "fuzzing")


@dataclass(slots=True)
class Hunt:
    """What came of one target so far."""

    name: str
    target: Target
    tried: int = 0
    found: dict[str, Path] = field(default_factory=dict)
    """Where each finding was raised, and the file that holds its input."""

    def try_input(self, text: str, seconds: float = MOST_SECONDS) -> None:
        """Runs the target on an input, and keeps the input if it is the first that breaks it there."""
        self.tried += 1
        try:
            run_target(self.target, text, seconds)
        except (Exception, TooSlow) as error:
            frame = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{type(error).__name__} at {Path(frame.filename).name}:{frame.lineno} in {frame.name}"
            if place not in self.found:
                self.found[place] = keep_input(self.name, f"{len(self.found)}.txt", text)


def name_file(target: str) -> str:
    """Names a target in the name of a file."""
    return target.replace("/", "-")


def keep_input(target: str, name: str, text: str) -> Path:
    """Writes an input of a target to a file."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{name_file(target)}-{name}"
    path.write_text(text, encoding="utf-8", errors="surrogatepass", newline="")
    return path
