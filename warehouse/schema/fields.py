"""The fields of each stream's rows and their types: what is landed, loaded and read by the staging files.

A field that is `not null` is part of the row's key.
"""

from functools import cache

import pyarrow as pa

OPENER = """
    url varchar, created_at timestamp, actor varchar, role varchar, words bigint, has_code boolean, has_patch boolean,
    has_command boolean, question_type varchar, language varchar, reader_version bigint, mentions varchar[]
"""
REPLY = """
    url varchar, created_at timestamp, actor varchar, role varchar, words bigint, has_code boolean,
    has_patch boolean, has_command boolean, has_thanks boolean, has_solved boolean, is_me_too boolean,
    language varchar, reader_version bigint
"""
HUB_MODEL = """
    model_id varchar not null, day_on date not null, created_at timestamp, downloads bigint,
    downloads_all_time bigint, gated varchar, licence varchar, parameters bigint, pipeline varchar,
    base_models varchar[]
"""
FIELDS = {
    "changelog__entries": """
        entry_id varchar not null, title varchar, url varchar, published_at timestamp, date_kind varchar,
        is_prerelease boolean
    """,
    "deprecations__notice_events": """
        notice_code varchar not null, event_number bigint not null, event varchar, changed_at timestamp,
        last_seen_at timestamp, old_shutdown_on date, old_shutdown_kind varchar, new_shutdown_on date,
        new_shutdown_kind varchar
    """,
    "deprecations__notices": """
        notice_code varchar not null, model varchar, subject_kind varchar, announced_on date, announced_kind varchar,
        deprecated_on date, shutdown_on date, shutdown_kind varchar, closed_to_new_on date, replacements varchar[],
        stage varchar, region varchar, url varchar, drift varchar[]
    """,
    "discourse__posts": f"""
        comment_id varchar not null, number bigint, is_hidden boolean, is_withdrawn boolean, is_accepted boolean,
        {REPLY}
    """,
    "discourse__topics": f"""
        number bigint not null, title varchar, closed_at timestamp, state varchar, closed_by_role varchar,
        first_closed_at timestamp, reopened_at timestamp, replies bigint, has_accepted boolean, drift varchar[],
        {OPENER}
    """,
    "github__comments": f"""
        comment_id varchar not null, number bigint, is_hidden boolean, hidden_reason varchar, has_all_fields boolean,
        {REPLY}
    """,
    "github__discussion_comments": f"""
        comment_id varchar not null, number bigint, parent_id varchar, is_answer boolean, is_hidden boolean,
        hidden_reason varchar, {REPLY}
    """,
    "github__discussions": f"""
        number bigint not null, title varchar, closed_at timestamp, state varchar, state_reason varchar,
        category varchar, is_answered boolean, answer_chosen_at timestamp, comments bigint, {OPENER}
    """,
    "github__issues": f"""
        number bigint not null, title varchar, closed_at timestamp, state_reason varchar, closed_by_role varchar,
        first_closed_at timestamp, reopened_at timestamp, fixed_at timestamp, fixed_by varchar, fixed_by_role varchar,
        fix_url varchar, comments bigint, has_all_fields boolean, {OPENER}
    """,
    "github__pulls": """
        number bigint not null, title varchar, url varchar, created_at timestamp, closed_at timestamp,
        merged_at timestamp, actor varchar, role varchar
    """,
    "github__releases": """
        release_id bigint, version varchar not null, title varchar, url varchar, released_at timestamp,
        is_prerelease boolean
    """,
    "github__repositories": "day_on date not null, repository_id bigint, full_name varchar",
    "huggingface__details": f"""
        asked_id varchar, state varchar, finetunes bigint, adapters bigint, quantized bigint, merges bigint,
        licence_name varchar, providers bigint, {HUB_MODEL}
    """,
    "huggingface__discussion_events": f"""
        event_id varchar not null, model_id varchar, number bigint, kind varchar, is_hidden boolean,
        hidden_reason varchar, {REPLY}
    """,
    "huggingface__discussions": f"""
        model_id varchar not null, number bigint not null, title varchar, closed_at timestamp, state varchar,
        closed_by_role varchar, first_closed_at timestamp, reopened_at timestamp, is_pull_request boolean,
        is_report boolean, comments bigint, drift varchar[], {OPENER}
    """,
    "huggingface__models": HUB_MODEL,
    "huggingface__providers": """
        model_id varchar not null, provider varchar not null, day_on date not null, state varchar, drift varchar[]
    """,
    "packages__downloads": "package varchar, day_on date not null, downloads bigint",
    "prices__models": """
        model_id varchar not null, day_on date not null, is_listed boolean, canonical_id varchar, hub_id varchar,
        created_at timestamp, expires_on date, context_tokens bigint, is_price_variable boolean, prompt_usd double,
        completion_usd double, cache_read_usd double, input_kinds varchar[], supported varchar[], drift varchar[]
    """,
    "reddit__comments": f"comment_id varchar not null, post_id varchar, state varchar, {REPLY}",
    "reddit__posts": f"post_id varchar not null, state varchar, comments bigint, {OPENER}",
    "reddit__trees": "post_id varchar not null, read_at timestamp, said bigint, read bigint, is_complete boolean",
    "stackexchange__answers": f"comment_id varchar not null, number bigint, is_accepted boolean, {REPLY}",
    "stackexchange__questions": f"""
        number bigint not null, title varchar, closed_at timestamp, state varchar, close_reason varchar,
        answers bigint, has_accepted boolean, drift varchar[], {OPENER}
    """,
    "status__components": "component_id varchar not null, day_on date not null, name varchar",
    "status__incidents": """
        incident_id varchar not null, title varchar, url varchar, kind varchar, severity integer, posted_at timestamp,
        started_at timestamp, resolved_at timestamp, window_start_at timestamp, window_end_at timestamp,
        last_update_at timestamp, is_over boolean, is_listed_open boolean, is_retro boolean, is_automatic boolean,
        is_beside boolean, has_cause boolean, has_postmortem boolean, component_ids varchar[],
        component_names varchar[], drift varchar[]
    """,
}
"""The fields by stream, `{source}__{thing}`, which is also the name of the raw table. Other fields are not landed."""
ARROW_TYPES = {
    "bigint": pa.int64(), "integer": pa.int32(), "double": pa.float64(), "boolean": pa.bool_(),
    "timestamp": pa.timestamp("us"), "date": pa.date32(), "varchar": pa.string(), "varchar[]": pa.list_(pa.string()),
}  # fmt: skip
"""The type of a column in a landed file, by the type of the field."""


@cache
def list_fields(stream: str) -> dict[str, str]:
    """Lists the fields of a stream with their types; none for a stream that is not known."""
    fields = (field.split(maxsplit=1) for field in FIELDS.get(stream, "").split(",") if field.strip())
    return {name: type_.strip().removesuffix(" not null") for name, type_ in fields}


@cache
def list_keys(stream: str) -> tuple[str, ...]:
    """Lists the fields that are part of a row's key."""
    return tuple(field.split()[0] for field in FIELDS.get(stream, "").split(",") if field.strip().endswith("not null"))


@cache
def list_columns(source: str) -> dict[str, pa.DataType]:
    """Lists the columns that the landed files of a source may have: the fields of all its streams."""
    streams = [stream for stream in FIELDS if stream.startswith(f"{source}__")]
    return {name: ARROW_TYPES[type_] for stream in streams for name, type_ in list_fields(stream).items()}
