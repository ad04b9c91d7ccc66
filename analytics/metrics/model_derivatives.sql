-- question: How much is made of the models of each family?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- unit: models
-- standard: none
-- caveats: Models on the Hub that name one of the family's as their base, by relation, for the models whose details are read. `total` is
--   the newest level; `new` is its rise over the last 30 days, net of models taken down, from the last look at least 30 days earlier
--   (spread evenly where that was longer ago). Relations are partly inferred by the Hub. A census, so without an interval. Of closed
--   weights nothing can be made that is seen.
-- version: 1
with levels as (
    select m.family_id, m.channel_id, m.model_id, m.day_on, r.relation,
        case r.relation when 'finetune' then m.finetunes when 'adapter' then m.adapters when 'quantized' then m.quantized
            else m.merges end as level
    from staging.models_daily as m
    cross join (values ('finetune'), ('adapter'), ('quantized'), ('merge')) as r (relation)
    where m.family_id is not null
),

newest as (
    select *, row_number() over (partition by channel_id, model_id, relation order by day_on desc nulls last) as from_newest
    from levels
    where level is not null
),

earlier as (
    select
        n.family_id, n.channel_id, n.model_id, n.relation, n.level, l.level as level_before,
        date_diff('day', l.day_on, n.day_on) as days_between,
        row_number() over (partition by n.channel_id, n.model_id, n.relation order by l.day_on desc nulls last) as from_nearest
    from newest as n
    join levels as l
        on l.channel_id = n.channel_id and l.model_id = n.model_id and l.relation = n.relation and l.level is not null
        and date_diff('day', l.day_on, n.day_on) >= 30
    where n.from_newest = 1
),

found as (
    select family_id, relation, 'total' as statistic, cast(sum(level) as double) as value, count(*) as n
    from newest
    where from_newest = 1
    group by all
    union all
    select family_id, relation, 'new', sum((level - level_before) * 30.0 / days_between), count(*)
    from earlier
    where from_nearest = 1
    group by all
),

judged as (
    select
        c.*, s.relation, t.statistic, t.name, f.value, coalesce(f.n, 0) as n,
        case
            when c.coverage_state <> 'measured' then c.coverage_state
            when f.n is null then 'not enough data'
            else 'measured'
        end as state
    from metrics.channel_coverage as c
    cross join (values ('finetune'), ('adapter'), ('quantized'), ('merge')) as s (relation)
    cross join (values ('total', 'all'), ('new', '30d')) as t (statistic, name)
    left join found as f on f.family_id = c.family_id and f.relation = s.relation and f.statistic = t.statistic
    where c.subject = 'lineage' and c.channel_role = 'all'
)

select
    family_id, side, channel_kind, channel_role, relation as segment, statistic, name as "window",
    case when state = 'measured' then value end as value, case when state = 'measured' then value end as low,
    case when state = 'measured' then value end as high, 'models' as unit, n, n as n_events, cast(0 as bigint) as n_censored,
    coverage_share, as_of_at, 1 as method_version, state as state,
    nullif(concat_ws(
        ' ',
        case
            when state = 'not enough data' and statistic = 'new' then 'Not watched for 30 days yet.'
            when state = 'not enough data' then 'No details read yet.'
        end,
        coverage_note
    ), '') as note
from judged
