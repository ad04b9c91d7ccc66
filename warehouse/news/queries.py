"""The queries for the states of each kind: `subject` and `scope`, `rests_on` the definitions and `reads` the families
whose channels a state depends on; all other columns are its value."""

NEEDS = {
    "end": ("staging.notice_changes", "staging.notices", "staging.channels", "staging.families", "staging.collections"),
    "promise": ("staging.facts", "staging.families"),
    "verdict": ("metrics.claim_verdicts", "metrics.claim_tests"),
    "pair": ("metrics.matched_differences", "metrics.trial_metrics", "staging.families"),
    "price": ("staging.prices__models", "staging.listed_models", "staging.families"),
    "family": ("staging.families",),
    "channel": ("staging.channels", "staging.families"),
    "method": ("ledger.definitions",),
}
"""Tables without which a kind cannot be told."""
STATES = {
    # A page's scope is known from its first good visit on, so that all that it had then is no news.
    "end": """
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
    "promise": """
        select
            p.family_id || '|' || concat_ws('|', p.fact_kind, coalesce(p.tuning_method, ''), p.applies_to,
                coalesce(cast(p.from_on as varchar), '')) as subject,
            f.family_id as scope, f.family_id, f.title, p.fact_kind, p.tuning_method, p.applies_to, p.fact_words,
            p.promised_days, p.from_on, p.until_on, p.as_of_on, p.url
        from staging.families as f
        left join staging.facts as p on p.family_id = f.family_id
        order by subject, p.as_of_on, p.fact_words""",
    "verdict": """
        select
            v.claim_id as subject, 'board' as scope, v.title, v.verdict, v.claim_version, v.wording,
            (select list(distinct metric order by metric) from metrics.claim_tests as t where t.claim_id = v.claim_id)
                || ['metrics.claim_tests', 'metrics.claim_verdicts', 'metrics.decided_claims'] as rests_on,
            ['all'] as reads
        from metrics.claim_verdicts as v
        order by subject""",
    "pair": """
        select
            concat_ws('|', d.metric, d.segment, d.statistic, d.first_id, d.second_id) as subject, 'pairs' as scope,
            d.first_id, d.second_id, a.title as first_title, b.title as second_title, d.metric, d.statistic,
            coalesce(m.titles[d.statistic || '/' || d.segment], m.titles[d.statistic], m.title) as measure,
            if((d.effect > 0) = (m.better = 'high'), d.first_id, d.second_id) as ahead, d.p_adjusted,
            [d.metric, 'metrics.matched_differences'] as rests_on, [d.first_id, d.second_id, '_shared'] as reads
        from metrics.matched_differences as d
        join ledger.definitions as m on m.name = d.metric and m.better in ('high', 'low')
        join staging.families as a on a.family_id = d.first_id
        join staging.families as b on b.family_id = d.second_id
        where d."window" = '365d' and d.segment in ('all', 'anyone') and d.effect is not null
            and d.p_adjusted is not null and not exists (from metrics.trial_metrics as t where t.metric = d.metric)
        order by subject""",
    # `since_on` is the first whole look at the list since which it has said the same, within one part in a hundred;
    # what a partial visit brought counts from the next whole one on. A price that could not be read says nothing.
    "price": """
        with looks as (
            select distinct channel_id, cast(started_at as date) as day_on
            from raw.ledger__runs
            where source = 'prices' and thing = 'models' and state in ('complete', 'unchanged')
        ),

        offers as (
            select
                channel_id, listed_id, day_on, input_usd, output_usd,
                case when not is_listed then 'gone'
                    when is_price_variable then 'open'
                    when input_usd + output_usd = 0 then 'free' else 'priced' end as status,
                min(seen_at) over (partition by channel_id, listed_id) as first_seen_at,
                row_number() over (partition by channel_id, listed_id order by day_on desc) as from_last
            from staging.prices__models
            where strpos(listed_id, ':') = 0
                and (not is_listed or is_price_variable or input_usd + output_usd is not null)
        ),

        others as (
            select n.channel_id, n.listed_id, max(o.day_on) as day_on
            from offers as n
            join offers as o on o.channel_id = n.channel_id and o.listed_id = n.listed_id
            where n.from_last = 1 and (
                o.status <> n.status
                or n.status = 'priced' and (
                    abs(o.input_usd - n.input_usd) > 0.01 * greatest(o.input_usd, n.input_usd)
                    or abs(o.output_usd - n.output_usd) > 0.01 * greatest(o.output_usd, n.output_usd)
                )
            )
            group by n.channel_id, n.listed_id
        ),

        begun as (
            select n.channel_id, n.listed_id, min(n.day_on) as day_on
            from offers as n
            left join others as o on o.channel_id = n.channel_id and o.listed_id = n.listed_id
            where o.day_on is null or n.day_on > o.day_on
            group by n.channel_id, n.listed_id
        )

        select
            n.channel_id || ' ' || n.listed_id as subject, v.channel_id || ' ' || f.family_id as scope,
            f.family_id, f.title, f.side, n.listed_id as model, n.status, n.input_usd, n.output_usd, n.first_seen_at,
            (select min(l.day_on) from looks as l where l.channel_id = b.channel_id and l.day_on >= b.day_on)
                as since_on, v.seen_on
        from (select channel_id, max(day_on) as seen_on from looks group by channel_id) as v
        cross join staging.families as f
        left join staging.listed_models as m on m.channel_id = v.channel_id and m.family_id = f.family_id
        left join offers as n on n.channel_id = m.channel_id and n.listed_id = m.listed_id and n.from_last = 1
        left join begun as b on b.channel_id = n.channel_id and b.listed_id = n.listed_id
        order by scope, subject""",
    "family": """
        select
            family_id as subject, 'catalog' as scope, replace(title, ' (ended)', '') as title, side, ended_on, successor
        from staging.families
        order by subject""",
    "channel": """
        select
            c.family_id as subject, 'catalog' as scope, coalesce(max(f.title), c.family_id) as title,
            list(distinct c.channel_id order by c.channel_id) as channels
        from staging.channels as c
        left join staging.families as f on f.family_id = c.family_id
        where c.is_enabled
        group by c.family_id
        order by subject""",
    "method": """
        select
            d.name as subject, 'method' as scope, d.version, m.digest,
            (
                select count(*) from ledger.restatements as r
                where r.name = d.name and r.number = m.number and r.old_value is distinct from r.new_value
            ) as restated_count
        from ledger.definitions as d
        join (
            select name, max_by(digest, number) as digest, max(number) as number from ledger.methods group by name
        ) as m on m.name = d.name
        where d.is_public
        order by subject""",
}
METHODS = """
    select name, max_by(digest, number) as digest from ledger.methods group by name
    union all
    select table_name, sql_hash from ledger.builds
"""
REACHES = """
    with read as (
        select
            c.family_id, k.channel_id, k.thing,
            if(k.reach_at <= (select max(started_at) - interval 1 year from raw.ledger__runs), 'a year',
                cast(cast(k.reach_at as date) as varchar)) as reach
        from staging.collections as k
        join staging.channels as c on c.channel_id = k.channel_id
        where k.reach_at is not null
    ),

    told as (
        select family_id, concat_ws(' ', channel_id, thing, reach) as line from read
        union all
        select 'all', concat_ws(' ', channel_id, thing, reach) from read
    )

    select family_id, string_agg(line, ', ' order by line) from told group by family_id
"""
