"""A library that another one only looks for, and that hardly any command needs."""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from types import ModuleType


class _NoPandas(MetaPathFinder):
    """Says that pandas is not there, except to Streamlit and to Spark's client, which need it."""

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        if fullname == "pandas" and not sys.modules.keys() & {"streamlit", "pyspark"}:
            raise ModuleNotFoundError("no command needs pandas", name=fullname)


def forgo_pandas() -> None:
    """Keeps PyArrow from importing pandas, which comes with Streamlit, to see whether an array is one of its own: that
    takes a fifth of a short command's time. Without it, PyArrow takes it for not installed."""
    if not any(isinstance(finder, _NoPandas) for finder in sys.meta_path):
        sys.meta_path.insert(0, _NoPandas())
