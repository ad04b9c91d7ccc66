"""Keys of answers by their place: which are read, and answers of which some are dropped or wrapped in an object."""

import re
from collections.abc import Collection, Iterator
from typing import Any

Place = tuple[str, ...]
"""Names from the top of an answer down; `*` stands for every item of a list, and for every entry of a map."""
MAPS = frozenset({"impacted_services", "inferenceProviderMapping"})
"""Objects whose keys are no words of the interface."""
WRAPPED = "wrapped"
"""An answer that is itself such an object."""


class Traced(dict[str, Any]):
    """An object of an answer that notes which of its keys are asked for."""

    def __init__(self, content: dict[str, Any], place: Place, read: set[Place], names: Collection[str]) -> None:
        super().__init__({name: trace(value, step(place, name), read, names) for name, value in content.items()})
        self._place, self._read, self._names = place, read, names

    def _note(self, name: object) -> None:
        self._read.add(step(self._place, str(name)))

    def __getitem__(self, name: str) -> Any:
        self._note(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self._note(name)
        return super().get(name, default)

    def __contains__(self, name: object) -> bool:
        self._note(name)
        return super().__contains__(name)

    def __iter__(self) -> Iterator[str]:
        """Whoever copies an object may read any of its keys that the source's code names."""
        self._read.update(step(self._place, name) for name in super().__iter__() if name in self._names)
        return super().__iter__()


def trace(content: Any, place: Place, read: set[Place], names: Collection[str]) -> Any:
    """Gives the same content, which notes in `read` what is asked for."""
    if isinstance(content, dict):
        return Traced(content, place, read, names)
    return [trace(item, (*place, "*"), read, names) for item in content] if isinstance(content, list) else content


def step(place: Place, name: str) -> Place:
    """Gives the place of a key; names that an answer makes up are one place."""
    if place[-1:] == ("replies",):
        return (*place[:-5], name)  # what is below a comment is as what is below its post
    is_made_up = bool(place) and place[-1] in MAPS
    return (*place, "*" if is_made_up else name)


def change(content: Any, targets: Collection[Place], is_dropped: bool, place: Place = ()) -> Any:
    """Drops the keys at some places, or wraps their values in an object."""
    if isinstance(content, list):
        return [change(item, targets, is_dropped, (*place, "*")) for item in content]
    if not isinstance(content, dict):
        return content
    changed = {}
    for name, value in content.items():
        here = step(place, name)
        if here not in targets:
            changed[name] = change(value, targets, is_dropped, here)
        elif not is_dropped:
            changed[name] = {WRAPPED: value}
    return changed


def list_places(content: Any, place: Place) -> Iterator[tuple[Place, bool]]:
    """Lists the places of all keys of an answer, each with whether its value is an object."""
    if isinstance(content, list):
        for item in content:
            yield from list_places(item, (*place, "*"))
    elif isinstance(content, dict):
        for name, value in content.items():
            yield step(place, name), isinstance(value, dict)
            yield from list_places(value, step(place, name))


def name_kind(path: str) -> str:
    """Names the kind of an answer by its path, without numbers and queries."""
    return re.sub(r"/comments/[^/]+|\d[\d;]*", "#", re.sub(r"\?.*", "", path))
