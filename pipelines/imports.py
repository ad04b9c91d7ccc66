"""Libraries that another one only looks for, and that hardly any command needs."""

import sys
from collections.abc import Mapping, Sequence
from importlib.abc import MetaPathFinder
from types import ModuleType

BESIDE_COLLECTING = {"numpy": "pyarrow", "h2": "httpcore2", "anyio": "httpcore2"}
"""What a process that only collects does without, by who looks for it: it converts nothing to NumPy's arrays, and asks
by HTTP/1.1, in threads."""


class _NoPandas(MetaPathFinder):
    """Says that pandas is not there, except to Streamlit, which needs it."""

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        if fullname == "pandas" and "streamlit" not in sys.modules:
            raise ModuleNotFoundError("no command needs pandas", name=fullname)


class _NotLookedFor(MetaPathFinder):
    """Says that libraries are not there as long as the one that looks for each is being imported."""

    def __init__(self, seekers: Mapping[str, str]) -> None:
        self._seekers = seekers

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        seeker = sys.modules.get(self._seekers.get(fullname, ""))
        # Whoever else needs the library imports it before or after that.
        if seeker and getattr(seeker.__spec__, "_initializing", False):
            raise ModuleNotFoundError(f"{seeker.__name__} does without {fullname} here", name=fullname)


def forgo_pandas() -> None:
    """Keeps PyArrow from importing pandas, which comes with Streamlit, to see whether an array is one of its own: that
    takes a fifth of a short command's time. Without it, PyArrow takes it for not installed."""
    _put_first(_NoPandas())


def forgo_beside_collecting() -> None:
    """Keeps libraries from importing those that they only look for and collecting does not need, which takes a
    fifth of a visit that brings nothing."""
    _put_first(_NotLookedFor(BESIDE_COLLECTING))


def _put_first(finder: MetaPathFinder) -> None:
    if not any(isinstance(known, type(finder)) for known in sys.meta_path):
        sys.meta_path.insert(0, finder)
