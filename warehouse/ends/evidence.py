"""Evidence on the ends of models: the content of `ends.json`, which `ends.schema.json` describes field by field."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from warehouse.ends.model_ids import NameIndex, index_names
from warehouse.ends.states import Row
from warehouse.faults import WarehouseError

Day = TypeVar("Day", date, datetime)
NAME, DIGEST, SCHEMA = "ends.json", "ends.sha256", "ends.schema.json"
FORMAT = 1
STATED = (
    "region", "announced_on", "deprecated_on", "shutdown_on", "shutdown_kind", "closed_to_new_on", "replacement",
    "stage", "target",
)  # fmt: skip
"""Fields of a notice that its page may say nothing of."""


def _parse_day(text: str) -> date:
    return _refuse_far(date.fromisoformat(text))


def _parse_instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"{text} has no offset")
    return _refuse_far(instant)


def _refuse_far(day: Day) -> Day:
    """Returns a day with which can be calculated. Raises ValueError for any other."""
    if not 1990 <= day.year <= 2200:
        raise ValueError(f"{day} is out of range")
    return day


PARSERS: dict[str, Callable[[Any], Any]] = {
    "_on": _parse_day, "_at": _parse_instant, "_days": int, "_count": int, "_ratio": float,
}  # fmt: skip
"""What reads a value, by the end of its field's name; others are texts."""
OF_NOTICES = ("model", "title", "side", "shutdown_kind", "last_seen_at")
OF_LISTED = ("model", "title", "side", "place")
"""Fields that every row has."""


@dataclass(frozen=True)
class Evidence:
    """What pages and lists said of each id when it was published."""

    published_at: datetime
    version: int
    is_sample: bool
    address: str
    """Where newer evidence is published; empty if nobody said."""
    notices: Sequence[Row]
    """What deprecation pages say, one row per page, id and region."""
    listed: Sequence[Row]
    """What price lists and the Hub name."""
    source: str = ""
    """Where it was read."""
    trouble: str = ""
    """Why this is not the newest evidence; empty if it is."""

    @cached_property
    def names(self) -> NameIndex:
        """All names by each of their forms."""
        return index_names([*self.notices, *self.listed])


def render_evidence(evidence: Evidence) -> bytes:
    """Renders `ends.json`, a line for each row; what nobody says is omitted."""
    head = {
        "format": FORMAT, "published_at": evidence.published_at, "version": evidence.version,
        "is_sample": evidence.is_sample, "address": evidence.address,
    }  # fmt: skip
    lines = [f'"{name}": {_render(value)}' for name, value in head.items()]
    for name, rows in (("notices", evidence.notices), ("listed", evidence.listed)):
        said = ({key: value for key, value in row.items() if value not in (None, [])} for row in rows)
        lines.append(f'"{name}": [\n' + ",\n".join(map(_render, said)) + "\n]")
    return ("{" + ",\n".join(lines) + "}\n").encode()


def _render(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=_render_day)


def _render_day(day: date | datetime) -> str:
    # Instants of the warehouse are UTC, without saying so.
    return (day if not isinstance(day, datetime) or day.tzinfo else day.replace(tzinfo=UTC)).isoformat()


def write_evidence(evidence: Evidence, folder: Path) -> list[Path]:
    """Writes `ends.json`, its schema, and its digest, by which readers see whether theirs is the newest."""
    path, schema, digest = paths = [folder / name for name in (NAME, SCHEMA, DIGEST)]
    path.write_bytes(render_evidence(evidence))
    schema.write_bytes(Path(__file__).with_name(SCHEMA).read_bytes())
    digest.write_text(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {NAME}\n", encoding="ascii")
    return paths


def parse_evidence(content: bytes, source: str) -> Evidence:
    """Reads `ends.json`, which a stranger may have written. Raises WarehouseError, which names the source."""
    try:
        given = json.loads(content)
        if given["format"] != FORMAT:
            raise ValueError(f"format {given['format']} is not {FORMAT}; use the Heartbeat that wrote it")
        nothing = dict.fromkeys(STATED)
        return Evidence(
            _parse_instant(given["published_at"]), int(given["version"]), bool(given["is_sample"]),
            str(given["address"]), [nothing | _parse_row(row, OF_NOTICES) for row in given["notices"]],
            [_parse_row(row, OF_LISTED) for row in given["listed"]], source,
        )  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise WarehouseError(f"{source}: {NAME} is not usable: {type(error).__name__}: {str(error)[:200]}") from None


def _parse_row(row: dict[str, Any], required: Sequence[str]) -> dict[str, Any]:
    parsed = {name: _parse_field(name, value) for name, value in row.items()}
    if missing := [name for name in required if name not in parsed]:
        raise ValueError(f"a row has no {missing[0]}")
    if "shutdown_kind" in parsed and required is OF_LISTED:
        raise ValueError("what a list names has no shutdown_kind")
    return {"family_id": None, "as_of_at": None} | parsed


def _parse_field(name: str, value: Any) -> Any:
    if name in ("replacement", "lacks"):
        return list(map(str, value))
    parse = next((parse for end, parse in PARSERS.items() if name.endswith(end)), None)
    return parse(value) if parse else bool(value) if name.startswith("is_") else str(value)
