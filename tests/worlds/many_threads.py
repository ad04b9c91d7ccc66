"""A home of many threads, drawn by DuckDB in sets and landed as a visit would land them.

Twenty families, ten of each side, each with two trackers and a forum; five replies a thread; six status pages and a
list of prices. All that is drawn is a hash, so that equal sizes give equal rows.
"""

import json
from collections import Counter
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from warehouse.database import open_warehouse
from warehouse.landing import ROWS_PER_PART, Zone, open_writer, open_zone
from warehouse.manifest import Outcome

REPLIES_PER_THREAD = 5
FIRST_VISIT = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
ROWS = "rows"
"""The folder of the drawn rows in a home: what its landed files hold, and what the plain limit reads."""
CATALOG = """
insert into raw.catalog__families by name
    select format('family{:02d}', i) as family_id, 'Family ' || i as title, ['open', 'proprietary'][1 + i % 2] as side,
        'Maker ' || i as vendor, ['family' || i] as mentions, date '2026-11-20' as checked_on, '' as successor
    from range(20) as r(i);
insert into raw.catalog__listings by name select family_id, family_id || '/*' as pattern from raw.catalog__families;
insert into raw.catalog__channels by name
    with places as (
        select * from (values
            ('github', 'sdk', 'tracker', 'code'), ('github', 'model', 'tracker', 'code'),
            ('discourse', 'forum', 'forum', 'questions'), ('status', 'status', 'status', null)
        ) as p (source, role, channel_kind, pair)
        cross join raw.catalog__families
        where source <> 'status' or (side = 'proprietary' and family_id < 'family12')
        union all by name
        select '_shared' as family_id, 'prices' as source, 'prices' as role, 'prices' as channel_kind
    )
    select concat_ws('.', family_id, source, role) as channel_id, family_id, source, channel_id as target, role,
        channel_kind, true as is_official, '' as base_url, if(source = 'prices', 'openrouter', '') as format,
        6.0 as cadence_hours, true as is_enabled, []::varchar[] as components, []::varchar[] as models,
        'https://made-up.example/' || channel_id as url, pair, '' as terms, []::varchar[] as things, 'A' as evidence
    from places
"""
DRAWING = """
create temp macro first_visit() as timestamp '2026-11-24 06:00:00';
create temp macro share(n, salt) as hash(n, salt) / 18446744073709551616.0;
create temp macro pick(words, n, salt) as words[cast(1 + hash(n, salt) % len(words) as bigint)];
create temp macro tell(instant) as strftime(instant, '%Y-%m-%dT%H:%M:%S.%fZ');
create temp macro lasting(low, high, n, salt) as
    to_microseconds(cast(1e6 * exp(low + (high - low) * share(n, salt)) as bigint));
create temp table drawn_threads as
    select i as n, format('family{:02d}', cast(floor(20 * share(i, 1) ** 1.6) as bigint)) as family_id,
        case when share(i, 2) < 0.5 then 'github.sdk' when share(i, 2) < 0.85 then 'github.model'
            else 'discourse.forum' end as place,
        family_id || '.' || place as channel_id, 'person' || hash(i, 3) % greatest(50, $threads // 3) as actor,
        first_visit() - to_seconds(cast(94608000 * share(i, 4) as bigint)) as opened_at,
        opened_at + lasting(6, 17, i, 5) as ended_at, share(i, 6) < 0.7 and ended_at < first_visit() as is_closed,
        {
            'number': i, 'title': 'Thread ' || i, 'url': 'https://made-up.example/' || i, 'created_at': tell(opened_at),
            'actor': actor, 'role': pick(['outsider', 'outsider', 'outsider', 'outsider', 'staff'], i, 7),
            'state': if(is_closed, 'closed', 'open'), 'closed_at': if(is_closed, tell(ended_at), null),
            'first_closed_at': if(is_closed, tell(ended_at), null), 'reopened_at': null,
            'closed_by_role': if(is_closed, pick(['asker', 'bot', 'maintainer', 'staff'], i, 8), null),
            'state_reason': if(is_closed, pick(['completed', 'completed', 'not_planned'], i, 9), null),
            'has_accepted': is_closed and hash(i, 10) % 2 = 0, 'labels': []::varchar[], 'mentions': []::varchar[],
            'question_type': pick(
                ['getting it to run', 'using it', 'something broke', 'account and money', 'other'], i, 11),
            'language': pick(['en', 'en', 'en', 'zh'], i, 12), 'has_code': hash(i, 13) % 3 = 0,
            'has_command': hash(i, 14) % 6 = 0, 'has_patch': false, 'has_version': hash(i, 15) % 3 = 0,
            'words': 10 + hash(i, 16) % 200, 'reader_version': 7, 'has_all_fields': true
        } as body
    from range($threads) as r(i);
create temp table drawn_replies as
    select j as n, t.n as thread_number, t.channel_id, t.place,
        pick(['outsider', 'outsider', 'maintainer', 'staff', 'bot', 'asker', 'asker'], j, 1) as role,
        if(role = 'asker', t.actor, 'helper' || role || hash(j, 2) % greatest(20, $threads // 30)) as writer,
        t.opened_at + least(lasting(4, 14, j, 3), (first_visit() - t.opened_at) * share(j, 4)) as replied_at,
        {
            'comment_id': 'reply' || j, 'number': t.n, 'post_number': j, 'url': 'https://made-up.example/reply/' || j,
            'created_at': tell(replied_at), 'actor': writer, 'role': role, 'is_hidden': false, 'is_withdrawn': false,
            'is_accepted': hash(j, 5) % 9 = 0, 'words': 5 + hash(j, 7) % 200,
            'has_code': hash(j, 8) % 4 > 0, 'has_patch': hash(j, 9) % 20 = 0,
            'has_command': hash(j, 10) % 6 = 0, 'source_links': hash(j, 11) % 2, 'change_links': hash(j, 12) % 2,
            'docs_links': hash(j, 13) % 2, 'has_version': hash(j, 14) % 3 = 0, 'has_cause': hash(j, 15) % 4 = 0,
            'has_thanks': role = 'asker' and hash(j, 16) % 3 = 0, 'has_solved': role = 'asker' and hash(j, 17) % 3 = 0,
            'is_deflection': hash(j, 18) % 9 = 0, 'is_docs_pointer': hash(j, 19) % 9 = 0,
            'is_me_too': hash(j, 20) % 9 = 0, 'source_paths': hash(j, 21) % 2,
            'language': pick(['en', 'en', 'en', 'zh'], j, 22), 'reader_version': 7, 'has_all_fields': true
        } as body
    from range($replies) as r(j)
    join drawn_threads as t on t.n = cast(floor($threads * share(j, 23) ** 1.5) as bigint);
create temp table counted as select thread_number as n, count(*) as replies_count from drawn_replies group by all
"""
THREAD = """
    select channel_id, cast(t.n as varchar) as key, coalesce(if(is_closed, ended_at, null), opened_at) as source_time,
        struct_insert(body, comments := coalesce(replies_count, 0), replies := coalesce(replies_count, 0)) as body
    from drawn_threads as t left join counted using (n) where place {place} 'discourse.forum'
"""
REPLY = """
    select channel_id, body.comment_id as key, replied_at as source_time, body
    from drawn_replies where place {place} 'discourse.forum'
"""
STREAMS = {
    "github__issues": THREAD.format(place="<>"),
    "github__comments": REPLY.format(place="<>"),
    "discourse__topics": THREAD.format(place="="),
    "discourse__posts": REPLY.format(place="="),
    "github__releases": """
        select channel_id, cast(i as varchar) as key, first_visit() - to_days(cast(30 * i as integer)) as source_time,
            {'release_id': i, 'version': '1.' || (40 - i), 'title': '1.' || (40 - i), 'url': url || '/releases/' || i,
            'released_at': tell(source_time), 'is_prerelease': false, 'has_breaking_note': i % 5 = 0} as body
        from raw.catalog__channels cross join range(36) as r(i) where source = 'github'""",
    "status__incidents": """
        select channel_id, 'incident' || i as key,
            first_visit() - to_seconds(cast(63072000 * share(channel_id, i) as bigint)) as posted_at,
            posted_at + lasting(6, 11, channel_id, i) as source_time,
            {'incident_id': key, 'title': 'Errors ' || i, 'url': url || '/' || i,
            'kind': pick(['outage', 'degraded'], i, 1), 'severity': 1 + i % 3, 'posted_at': tell(posted_at),
            'started_at': tell(posted_at), 'investigating_at': tell(posted_at),
            'identified_at': tell(posted_at + (source_time - posted_at) / 2), 'resolved_at': tell(source_time),
            'last_update_at': tell(source_time), 'is_over': true, 'is_listed_open': false, 'is_retro': false,
            'has_cause': i % 3 = 0, 'has_postmortem': i % 7 = 0, 'updates_count': 3, 'component_ids': []::varchar[],
            'component_names': []::varchar[], 'drift': []::varchar[], 'rules_version': 5} as body
        from raw.catalog__channels cross join range(120) as r(i) where source = 'status'""",
    "prices__models": """
        select channel_id, concat(f.family_id, '/model-', i, '@2026-11-24') as key, null::timestamp as source_time,
            {'model_id': concat(f.family_id, '/model-', i), 'day_on': '2026-11-24', 'is_listed': true,
            'created_at': '2026-01-01T00:00:00Z', 'prompt_usd': cast((1 + i) * 1e-7 as varchar),
            'completion_usd': cast((1 + i) * 4e-7 as varchar), 'context_tokens': 131072, 'is_moderated': false,
            'is_price_variable': false, 'input_kinds': ['text'], 'output_kinds': ['text'],
            'supported': ['tools', 'temperature'], 'drift': []::varchar[]} as body
        from raw.catalog__channels cross join raw.catalog__families as f cross join range(3) as r(i)
        where source = 'prices'""",
}  # fmt: skip

CLOSED: dict[str, object] = {"closed_at": "2026-11-24T06:30:00Z", "first_closed_at": "2026-11-24T06:30:00Z"}
CHANGES: dict[str, tuple[str, str, dict[str, object]]] = {
    "one issue": ("github__issues", "key = (select min(key) from rows where stream = 'github__issues')", CLOSED),
    "one incident": ("status__incidents", "key = 'incident1' and channel_id like 'family01.%'", {"severity": 3}),
    "one price": ("prices__models", "key = 'family00/model-1@2026-11-24'", {"prompt_usd": "0.000009"}),
    "1 % of threads": ("github__issues", "hash(key) % 100 = 0", CLOSED),
}
"""What changes by name: rows of a stream, by a condition, get these values in a later visit."""


def make_home(home: Path, threads: int) -> None:
    """Makes a home with a catalog and the landed files of one visit to each channel, and nothing built."""
    home.mkdir(parents=True)
    with closing(open_warehouse(home)) as connection:
        # Drawing is no part of a build, and sorts all rows at once.
        connection.execute("set memory_limit = '80%'")
        connection.execute(CATALOG)
        drawing = DRAWING.replace("$threads", str(threads)).replace("$replies", str(threads * REPLIES_PER_THREAD))
        connection.execute(drawing)
        drawn = " union all by name ".join(
            f"select '{stream}' as stream, channel_id, key, source_time, to_json(body)::varchar as body from ({rows})"
            for stream, rows in STREAMS.items()
        )
        connection.execute(f"copy ({drawn}) to '{home / ROWS}' (format parquet, partition_by channel_id)")
    _land_rows(home, "true", FIRST_VISIT, {})


def land_change(home: Path, change: str) -> None:
    """Lands what a later visit brought to the channels of the changed rows."""
    stream, condition, values = CHANGES[change]
    visit = FIRST_VISIT + timedelta(hours=1 + list(CHANGES).index(change))
    _land_rows(home, f"stream = '{stream}' and {condition}", visit, values)


def _land_rows(home: Path, condition: str, visit: datetime, values: dict[str, object]) -> None:
    """Lands the drawn rows that meet a condition, with these values in their bodies, as one visit to each channel."""
    zone = open_zone(str(home / "landing"))
    with duckdb.connect() as connection:
        connection.execute(f"create view rows as from '{home / ROWS}/*/*.parquet'")
        changed = f"* replace (json_merge_patch(body, '{json.dumps(values)}')::varchar as body,"
        changed += f" if(source_time is null, null, timestamp '{visit:%F %T}') as source_time)"
        connection.execute(f"create view chosen as select {changed if values else '*'} from rows where {condition}")
        for (channel_id,) in connection.execute("select distinct channel_id from chosen order by all").fetchall():
            visited = connection.execute(
                "select stream, key, source_time, body from chosen where channel_id = ?", [channel_id]
            )
            _land_channel(zone, channel_id, visit, visited)


def _land_channel(zone: Zone, channel_id: str, visit: datetime, visited: duckdb.DuckDBPyConnection) -> None:
    writer, counts = open_writer(zone, channel_id, channel_id.split(".")[1], visit), Counter[str]()
    while rows := visited.fetchmany(ROWS_PER_PART):
        if writer.is_full:
            writer.rotate(visit)
        named = [(stream.split("__")[1], key, changed, body) for stream, key, changed, body in rows]
        writer.add_rows(named, visit)
        counts.update(thing for thing, *_ in named)
    writer.manifest.outcomes = {
        thing: asdict(Outcome("complete", count, count, requests=1)) for thing, count in counts.items()
    }
    writer.finish(visit)
