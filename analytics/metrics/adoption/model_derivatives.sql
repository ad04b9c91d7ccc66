-- question: How many models are built on those of each family?
-- title: models built on it
-- unit: models
-- better: none
-- caveats: Models on the Hub that name one of the family's as their base, by relation, for the models whose details
--   were read and that are still there. `total` is the latest level; `new` is its rise over the last 30 days, net of
--   models taken down, measured from the last visit at least 30 days earlier (spread evenly if that was longer ago); of
--   a model published since then it is the whole level. A model that is older and was not visited that long ago is in
--   no rise; a renamed one was, if it was under its former name. The maker's own models count, too, and a merge of
--   several models counts for each of them. The Hub infers part of the relations. A census, so without an interval.
--   Nothing visible can be built on closed weights.
-- proof: analytics/intermediate/test_counts.py::test_derivatives_are_the_newest_level_and_its_rise_in_30_days,
--   analytics/intermediate/test_counts.py::test_a_young_model_rose_from_nothing_and_one_that_is_gone_counts_no_more,
--   analytics/metrics/adoption/test_renamed_models.py::test_a_renamed_model_rose_from_what_it_had_under_its_former_name
-- items: select model_id as item_id, url, family_id, 'hub' as channel_kind, finetunes, adapters, quantized, merges
--   from metrics.newest_models
-- shape: figure
-- covers: lineage
-- roles: together
-- of: models
-- segments: finetune, adapter, quantized, merge
-- statistics: total
-- windows: all
-- gate: none
with levels as (
    select m.family_id, m.channel_id, w.model_id, m.day_on, m.renamed_to is null as is_present, w.created_at,
        r.relation,
        case r.relation when 'finetune' then m.finetunes when 'adapter' then m.adapters
            when 'quantized' then m.quantized
            else m.merges end as level
    from staging.models_daily as m
    join metrics.newest_models as w on w.channel_id = m.channel_id and w.model_id = coalesce(m.renamed_to, m.model_id)
    cross join (values ('finetune'), ('adapter'), ('quantized'), ('merge')) as r (relation)
    where m.family_id is not null
),

newest as (
    select *
    from levels
    where level is not null
    qualify row_number() over (partition by channel_id, model_id, relation order by day_on desc, is_present desc) = 1
),

earlier as (
    select
        n.family_id, n.channel_id, n.model_id, n.relation, n.level, coalesce(l.level, 0) as level_before,
        coalesce(date_diff('day', l.day_on, n.day_on), 30) as days_between
    from newest as n
    left join levels as l
        on l.channel_id = n.channel_id and l.model_id = n.model_id and l.relation = n.relation and l.level is not null
        and date_diff('day', l.day_on, n.day_on) >= 30
    where l.day_on is not null or date_diff('day', cast(n.created_at as date), n.day_on) < 30
    qualify row_number() over (
        partition by n.channel_id, n.model_id, n.relation order by l.day_on desc nulls last, l.is_present desc
    ) = 1
),

found as (
    select family_id, relation, 'total' as statistic, cast(sum(level) as double) as value, count(*) as n
    from newest
    group by all
    union all
    select family_id, relation, 'new', sum((level - level_before) * 30.0 / days_between), count(*)
    from earlier
    group by all
),

asked as (
    select f.family_id, r.relation, t.statistic, t."window"
    from staging.families as f
    cross join (values ('finetune'), ('adapter'), ('quantized'), ('merge')) as r (relation)
    cross join (values ('total', 'all'), ('new', '30d')) as t (statistic, "window")
)

select
    a.family_id, 'hub' as channel_kind, 'all' as channel_role, a.relation as segment, a.statistic, a."window",
    f.value, f.value as low, f.value as high, f.n, f.n as n_events, 0 as n_censored, cast(null as varchar) as own_state,
    case when f.value is null and a.statistic = 'new' then 'Observed for less than 30 days.' end as own_note
from asked as a
left join found as f on f.family_id = a.family_id and f.relation = a.relation and f.statistic = a.statistic
