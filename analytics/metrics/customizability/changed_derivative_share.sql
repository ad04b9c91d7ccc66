-- question: Of what others publish on top of a family's models, how much is changed and not only packed smaller?
-- title: derived models that are changed
-- unit: share
-- better: none
-- caveats: Models on the Hub that name one of the family's as their base. Tuned, adapted and merged models are changed,
--   quantized ones only packed smaller. The family's own models that the Hub lists, such as a tuned model beside its
--   base, are taken off; what the maker published under another name stays in. A merge of several of the family's
--   models counts once for each of them, and nobody can say how many do: merges are counted, not listed, so the share
--   may be too high if there are many. Part of the relations is inferred by the Hub, and one person may publish
--   many. Only models of the family with all four counts. A count of all, so without an interval. What is built on
--   closed weights is not visible.
-- proof: analytics/metrics/test_adoption.py::test_what_is_only_packed_smaller_is_not_changed,
--   analytics/metrics/test_adoption.py::test_what_the_maker_built_on_its_own_models_is_not_others
-- items: select model_id as item_id, url, family_id, 'hub' as channel_kind, finetunes, adapters, quantized, merges
--   from outside_derivatives
-- shape: figure
-- covers: lineage
-- roles: together
-- of: derived models
-- segments: all
-- statistics: changed
-- windows: all
-- gate: items
with children as (
    select distinct
        family_id, lower(model_id) as child_id, split_part(base, ':', 1) as relation,
        lower(split_part(base, ':', 2)) as base_id
    from (select family_id, model_id, unnest(base_models) as base from metrics.newest_models) as named
),

own as (
    select
        family_id, base_id, count(*) filter (where relation = 'finetune') as finetunes,
        count(*) filter (where relation = 'adapter') as adapters,
        count(*) filter (where relation = 'quantized') as quantized,
        count(*) filter (where relation = 'merge') as merges
    from children
    where base_id <> '' and base_id <> child_id
    group by family_id, base_id
),

outside_derivatives as (
    select
        m.family_id, m.model_id, m.url,
        m.finetunes - least(m.finetunes, coalesce(o.finetunes, 0)) as finetunes,
        m.adapters - least(m.adapters, coalesce(o.adapters, 0)) as adapters,
        m.quantized - least(m.quantized, coalesce(o.quantized, 0)) as quantized,
        m.merges - least(m.merges, coalesce(o.merges, 0)) as merges
    from metrics.newest_models as m
    left join own as o on o.family_id = m.family_id and o.base_id = lower(m.model_id)
),

counted as (
    select
        family_id, cast(sum(finetunes + adapters + merges) as bigint) as n_events,
        cast(sum(finetunes + adapters + merges + quantized) as bigint) as n
    from outside_derivatives
    where finetunes is not null and adapters is not null and merges is not null and quantized is not null
    group by family_id
)

select
    family_id, 'hub' as channel_kind, 'all' as channel_role, 'all' as segment, 'changed' as statistic,
    'all' as "window", n_events / nullif(n, 0) as value, value as low, value as high, n, n_events, 0 as n_censored,
    cast(null as varchar) as own_state, cast(null as varchar) as own_note
from counted
