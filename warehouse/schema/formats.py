"""The number by which a kept file tells its format, so that one of a newer Heartbeat is not taken for damaged."""

import json


def read_format_number(content: bytes) -> int:
    """Reads the `format` of a JSON object; 1 where none is stated, or where it is no such object."""
    try:
        entries = json.loads(content)
        number = entries.get("format", 1) if isinstance(entries, dict) else 1
    except (RecursionError, ValueError):
        return 1
    return number if isinstance(number, int) else 1
