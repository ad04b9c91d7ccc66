-- question: How many models did others build on each of a family's models?
-- grain: channel_id, model_id
-- unit: models
-- caveats: What the Hub counts as built on a model, less the family's own models that name it as their base: a maker's
--   tuned model is a finetune of its own base. Own models are those that the Hub lists of the family (see
--   `newest_models`); what the maker published under another name counts as others'. A merge of several models counts
--   for each of them. Empty where the Hub gives no count.
-- proof: analytics/metrics/test_adoption.py::test_what_the_maker_built_on_its_own_models_is_not_others
with named as (
    select family_id, lower(model_id) as child_id, unnest(base_models) as base
    from metrics.newest_models
),

children as (
    select distinct
        family_id, child_id, split_part(base, ':', 1) as relation, lower(split_part(base, ':', 2)) as base_id
    from named
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
)

select
    m.family_id, m.channel_id, m.model_id, m.url,
    m.finetunes - least(m.finetunes, coalesce(o.finetunes, 0)) as finetunes,
    m.adapters - least(m.adapters, coalesce(o.adapters, 0)) as adapters,
    m.quantized - least(m.quantized, coalesce(o.quantized, 0)) as quantized,
    m.merges - least(m.merges, coalesce(o.merges, 0)) as merges
from metrics.newest_models as m
left join own as o on o.family_id = m.family_id and o.base_id = lower(m.model_id)
