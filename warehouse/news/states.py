"""What news can be about, as the warehouse holds it now: ends of models, verdicts of the board, prices."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import duckdb

from warehouse.news.items import NewsKind

KINDS = END, VERDICT, PRICE = tuple(kind.value for kind in NewsKind)
BEGAN = "began"
"""The kind of the first item of all."""
NEEDS = {
    END: ("staging.notice_changes", "staging.notices", "staging.channels", "staging.families", "staging.collections"),
    VERDICT: ("metrics.claim_verdicts", "metrics.claim_tests"),
    PRICE: ("staging.prices__models", "staging.listed_models", "staging.families"),
}
"""Tables without which a kind is unknown."""
STATES = {
    # A page's scope is known from its first good visit on, so that all that it had then is no news.
    END: """
        select
            e.notice_id || ' ' || cast(e.change_seen_at as varchar) as subject, c.channel_id as scope,
            e.family_id, f.title, c.target, e.model, n.region, e.change,
            e.old_shutdown_on, e.old_shutdown_kind, e.new_shutdown_on, e.new_shutdown_kind, n.stage,
            case when n.announced_kind = 'exact' then n.announced_on end as announced_on,
            cast(e.change_seen_at as date) as seen_on, cast(e.last_seen_at as date) as seen_before_on,
            n.is_latest, n.replacement, n.url
        from (
            select distinct channel_id from staging.collections where thing = 'notices' and as_of_at is not null
        ) as v
        join staging.channels as c on c.channel_id = v.channel_id
        left join staging.notice_changes as e on e.channel_id = c.channel_id
        left join staging.notices as n on n.notice_id = e.notice_id
        left join staging.families as f on f.family_id = e.family_id
        order by scope, e.change_seen_at, subject""",
    VERDICT: """
        select
            v.claim_id as subject, 'board' as scope, v.title, v.verdict, v.claim_version,
            (select list(distinct metric order by metric) from metrics.claim_tests as t where t.claim_id = v.claim_id)
                || ['metrics.claim_tests', 'metrics.claim_verdicts', 'metrics.decided_claims'] as rests_on
        from metrics.claim_verdicts as v
        order by subject""",
    PRICE: """
        with offers as (
            select
                channel_id, listed_id, input_usd, output_usd,
                case when not is_listed then 'gone'
                    when is_price_variable then 'variable'
                    when input_usd + output_usd = 0 then 'free' else 'priced' end as status,
                min(seen_at) over (partition by channel_id, listed_id) as first_seen_at
            from staging.prices__models
            where strpos(listed_id, ':') = 0
                and (not is_listed or is_price_variable or input_usd + output_usd is not null)
            qualify row_number() over (partition by channel_id, listed_id order by day_on desc) = 1
        ),

        lists as (
            select distinct channel_id from raw.ledger__runs
            where source = 'prices' and thing = 'models' and state in ('complete', 'unchanged')
        )

        select
            n.channel_id || ' ' || n.listed_id as subject, l.channel_id || ' ' || f.family_id as scope,
            f.family_id, f.title, n.listed_id as model, n.status, n.input_usd, n.output_usd, n.first_seen_at
        from lists as l
        cross join staging.families as f
        left join staging.listed_models as m on m.channel_id = l.channel_id and m.family_id = f.family_id
        left join offers as n on n.channel_id = m.channel_id and n.listed_id = m.listed_id
        order by scope, subject""",
}
"""For each kind `subject` and `scope`, and `rests_on`, the definitions it depends on; other columns are its value."""
METHODS = """
    select name, max_by(digest, number) as digest from ledger.methods group by name
    union all
    select table_name, sql_hash from ledger.builds
"""
"""The digest of each definition: of public metrics with all that they rest on, of other tables of their own."""


@dataclass(frozen=True, slots=True)
class State:
    """What is known of one subject."""

    kind: str
    subject: str
    """Its key within the kind; empty for the scope itself."""
    scope: str
    """The page, board or list that was known before, if a new subject in it is to be news."""
    value: Mapping[str, Any]
    method: str = ""
    """Digest of the definitions that it rests on."""


@dataclass(frozen=True, slots=True)
class Observation:
    """The states of all kinds that a warehouse knows, and the instant of its newest visit."""

    as_of_at: datetime
    states: Mapping[tuple[str, str], State]
    scopes: Mapping[tuple[str, str], State]
    """By kind and scope."""
    kinds: frozenset[str] = field(default_factory=frozenset)
    """Kinds that could be read."""


def observe_states(connection: duckdb.DuckDBPyConnection) -> Observation | None:
    """Reads all states from a warehouse; None before the first visit."""
    ((as_of_at,),) = connection.execute("select max(started_at) from raw.ledger__runs").fetchall()
    if as_of_at is None:
        return None
    rows = connection.execute("select schema_name || '.' || table_name from duckdb_tables()").fetchall()
    kinds = frozenset(kind for kind in KINDS if {table for (table,) in rows}.issuperset(NEEDS[kind]))
    methods = dict(connection.execute(METHODS).fetchall())
    states: dict[tuple[str, str], State] = {}
    scopes: dict[tuple[str, str], State] = {}
    for kind in kinds:
        for row in _load_rows(connection, STATES[kind]):
            subject, scope = row.pop("subject"), row.pop("scope")
            scopes[kind, scope] = State(kind, "", scope, {"as_of_at": as_of_at.isoformat()})
            if subject is not None:
                rests_on = row.pop("rests_on", None) or ()
                method = _digest(*(methods.get(name, "") for name in rests_on)) if rests_on else ""
                states[kind, subject] = State(kind, subject, scope, row, method)
    return Observation(as_of_at, states, scopes, kinds)


def _load_rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    """Reads rows as JSON can hold them: instants and days in ISO 8601."""
    rows: list[dict[str, Any]] = connection.sql(sql).to_arrow_table().to_pylist()
    return [
        {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()} for row in rows
    ]


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
