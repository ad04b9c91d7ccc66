"""Staging as one query: types all raw rows and lets the newest of each key win, as the build does by steps."""

from analytics.engine.headers import Header


def render_newest(query: str, columns: list[str], header: Header) -> str:
    """Renders the query for the rows that win among all that a staging query (with these columns) types. Where two rows
    of one instant differ, their texts decide. Nearly every key has one row, which wins as it is."""
    keys = ", ".join(header.grain)
    firsts = [*header.first_seen, *(["first_seen_at"] if header.first_seen else [])]
    kept = {name: _render_first(name, keys) for name in header.first_seen}
    if header.first_seen:
        kept["first_seen_at"] = f"min(first_seen_at) over (partition by {keys})"
    kept |= {name: f"min({name}) over (partition by {keys})" for name in header.earliest}
    kept |= {name: f"max({name}) over (partition by {keys})" for name in header.latest}
    names = [*columns, *(name for name in firsts if name not in columns)]
    chosen = ", ".join(f"{kept[name]} as {name}" if name in kept else name for name in names)
    first_seen = ", seen_at as first_seen_at" if header.first_seen else ""
    wholes = "".join(f"{flag} desc, " for flag in header.whole_first)
    text = ", ".join(f"coalesce(cast({name} as varchar), '')" for name in columns)
    listed, is_whole = ", ".join(names), " and ".join(f"{key} is not null" for key in header.grain)
    return (
        f"with typed as (select *{first_seen} from ({query}) as read_rows),"
        f" repeated as (select {keys}, count(*) as rows_of_key from typed group by {keys} having count(*) > 1),"
        f" placed as (select {chosen}, row_number() over (partition by {keys}"
        f" order by source_time desc nulls last, {wholes}seen_at desc, concat({text}) desc) as place"
        f" from typed join repeated using ({keys}))"
        f" select {listed} from placed where place = 1"
        f" union all select {listed} from typed left join repeated using ({keys})"
        f" where rows_of_key is null and {is_whole}"
    )


def _render_first(name: str, keys: str) -> str:
    """Renders the first value that was seen, which may be null."""
    return f"first_value({name}) over (partition by {keys} order by first_seen_at, cast({name} as varchar))"
