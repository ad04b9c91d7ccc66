"""How the figures of waiting grow with the number of threads: times against a plain count of the same replies, never in
seconds."""

import sys
import time
from collections.abc import Callable
from functools import partial

import duckdb

from analytics.engine.build import build_tables
from analytics.engine.models import read_models
from tests.worlds.warehouse_rows import empty_warehouse

PUBLIC = (
    "first_response_hours", "answered_share", "first_response_by_share", "bot_first_share", "bot_masking_hours",
    "dialogue_share",
    "release_support_share", "resolution_hours", "resolved_share", "defect_resolution_hours", "open_age_days",
    "backlog_weeks",
    "reopened_share",
)  # fmt: skip
REPLIES_PER_THREAD = 5
FILL = """
insert into staging.families by name select 'family' || i as family_id, 'open' as side from range($families) as r(i);
insert into staging.channels by name
    select 'channel' || i as channel_id, 'family' || i % $families as family_id, ['sdk', 'model', 'cli'][1 + i // $families] as role,
        'tracker' as channel_kind,
        true as is_enabled from range($families * 3) as r(i);
insert into staging.collections by name
    select channel_id, 'issues' as thing, timestamp '2026-11-24' as as_of_at, 1.0 as coverage_share from staging.channels;
insert into staging.threads by name
    select 'thread' || i as thread_id, i as number, 'channel' || i % ($families * 3) as channel_id, 'issues' as thing,
        'family' || (i % ($families * 3)) % $families as family_id,
        'tracker' as channel_kind,
        ['sdk', 'model', 'cli'][1 + (i % ($families * 3)) // $families] as channel_role, 'asker' || i % ($threads // 3) as actor_id,
        'outsider' as author_role, case when hash(i, 5) % 3 = 0 then 'open' else 'closed' end as state,
        ['billing', 'docs', 'api-error', 'quality'][cast(1 + hash(i, 6) % 4 as bigint)] as question_type, 'en' as language,
        timestamp '2026-11-24' - to_seconds(cast(hash(i) % 94608000 as bigint)) as opened_at, timestamp '2026-11-24' as observed_until_at
    from range($threads) as r(i);
update staging.threads set closed_at = opened_at + to_seconds(cast(exp(4 + hash(number, 7) % 1000000 / 90000.0) as bigint)),
    closed_by_role = ['asker', 'bot', 'maintainer'][cast(1 + hash(number) % 3 as bigint)], close_reason = 'completed'
    where state = 'closed';
insert into staging.replies by name
    select 'reply' || j as reply_id, t.thread_id,
        case when hash(j, 2) % 5 = 4 then t.actor_id else 'person' || hash(j) % 5000 end as actor_id,
        ['outsider', 'maintainer', 'staff', 'bot', 'asker'][cast(1 + hash(j, 2) % 5 as bigint)] as author_role,
        t.opened_at + to_seconds(cast(exp(4 + hash(j, 3) % 1000000 / 100000.0) as bigint)) as replied_at
    from range($replies) as r(j) join staging.threads as t on t.thread_id = 'thread' || hash(j, 4) % $threads;
"""


def world(threads: int, families: int = 12) -> duckdb.DuckDBPyConnection:
    """A warehouse with so many threads and five times as many replies, in three channels a family."""
    connection = empty_warehouse()
    build_tables(connection)
    for statement in filter(None, map(str.strip, FILL.split(";"))):
        sizes = {"$threads": threads, "$replies": threads * REPLIES_PER_THREAD, "$families": families}
        for name, size in sizes.items():
            statement = statement.replace(name, str(size))
        connection.execute(statement)
    return connection


def seconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def needed() -> dict[str, str]:
    """The statements of these metrics and of all that they rest on, in their order; what is no SQL does not grow with
    threads."""
    models = [model for model in read_models() if model.layer == "metrics" and model.path.suffix == ".sql"]
    wanted = {f"metrics.{name}" for name in PUBLIC}
    for model in reversed(models):
        if model.table in wanted:
            wanted |= model.reads
    return {model.path.stem: model.text for model in models if model.table in wanted}


def measure(threads: int) -> dict[str, float]:
    """Seconds by step, and of the plain count that they are set against."""
    connection = world(threads)
    times = {
        "count": seconds(
            lambda: connection.execute(
                "create temp table plain as select thread_id, count(*) from staging.replies group by all"
            )
        )
    }
    for name, text in needed().items():
        statement = f"create or replace table metrics.{name} as {text}"
        times[name] = seconds(partial(connection.execute, statement))
    connection.close()
    return times


def main(threads: int) -> None:
    """Prints what each step costs in plain counts, and how it grows from a tenth of the threads."""
    few, many = measure(threads // 10), measure(threads)
    print(f"{threads} threads, {threads * REPLIES_PER_THREAD} replies; 1.0 = counting the replies of each thread once")
    plain = many["count"]
    for name in [name for name in many if name != "count"]:
        print(f"{name:24} {many[name] / plain:6.2f}   x {many[name] / few[name]:5.1f} for 10 x the threads")
    whole, part = sum(many.values()) - plain, sum(few.values()) - few["count"]
    print(f"{'all':24} {whole / plain:6.2f}   x {whole / part:5.1f} for 10 x the threads")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
