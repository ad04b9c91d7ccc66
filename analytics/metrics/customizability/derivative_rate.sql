-- question: How many models are built on the family's models, relative to downloads?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: derived models per 1,000 downloads
-- unit: per 1,000 downloads
-- better: high
-- standard: none
-- caveats: Models on the Hub that name one of the family's as their base, by relation, per thousand all-time downloads
--   of the same models; only models with both counts. The maker's own models count, too, such as a tuned one beside
--   its base, and a merge of several models counts for each of them. Downloads are requests for files, including
--   automatic ones, and part of the relations is inferred, so read it as an order of magnitude. The date of the first
--   derived model and the number of people behind them are not collected. A count of all, so without an interval.
--   Derivatives of closed weights are not visible.
-- version: 1
-- proof: analytics/metrics/test_adoption.py::test_derivatives_by_a_thousand_downloads
-- items: select model_id as item_id, url, family_id, 'hub' as channel_kind, finetunes, adapters, quantized, merges,
--   downloads_all_time
--   from metrics.newest_models
-- shape: figure
-- covers: lineage
-- roles: together
-- of: models
-- segments: all, finetune, adapter, quantized, merge
-- statistics: per_1000
-- windows: all
-- gate: none
with levels as (
    select
        m.family_id, s.segment, m.downloads_all_time,
        case s.segment
            when 'finetune' then m.finetunes when 'adapter' then m.adapters when 'quantized' then m.quantized
                when 'merge' then m.merges
            else m.finetunes + m.adapters + m.quantized + m.merges
        end as level
    from metrics.newest_models as m
    cross join (values ('all'), ('finetune'), ('adapter'), ('quantized'), ('merge')) as s (segment)
),

rates as (
    select family_id, segment, 1000.0 * sum(level) / nullif(sum(downloads_all_time), 0) as value, count(*) as n
    from levels
    where level is not null and downloads_all_time is not null
    group by family_id, segment
)

select
    family_id, 'hub' as channel_kind, 'all' as channel_role, segment, 'per_1000' as statistic, 'all' as "window",
    value, value as low, value as high, n, n as n_events, 0 as n_censored, cast(null as varchar) as own_state,
    cast(null as varchar) as own_note
from rates
