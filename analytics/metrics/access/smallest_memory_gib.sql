-- question: How much memory does it take to load a model?
-- title: model's memory
-- titles: smallest = smallest model's memory; median = median model's memory
-- unit: GiB
-- better: low
-- caveats: An estimate: all parameters × bytes of each (2 at bf16, 1 at 8 bits, 0.5 at 4 bits) × 1.2 for overhead,
--   divided by 2^30. It includes neither the memory for a long context nor the loss of quality at fewer bits. Covers
--   models whose parameter count the Hub gives and whose name does not say that they are already quantized: the
--   smallest and the median of the family. All experts count, because all must be loaded. A count of all models, so
--   without an interval.
-- proof: analytics/metrics/test_access.py::test_memory_is_parameters_times_bytes_and_a_fifth
-- items: select model_id as item_id, url, family_id, 'hub' as channel_kind, parameters as amount from
--   metrics.newest_models where not is_packed
-- shape: figure
-- covers: models
-- roles: together
-- of: models
-- segments: bf16, 8-bit, 4-bit
-- statistics: smallest, median
-- windows: all
-- gate: none
select
    m.family_id, 'hub' as channel_kind, 'all' as channel_role, m.memory_use as segment, t.statistic,
    'all' as "window",
    case when t.statistic = 'smallest' then min(m.memory_gib) else median(m.memory_gib) end as value,
    value as low, value as high, count(*) as n, n as n_events, 0 as n_censored, cast(null as varchar) as own_state,
    'An estimate.' as own_note
from metrics.model_memory as m
cross join (values ('smallest'), ('median')) as t (statistic)
where m.memory_use in ('bf16', '8-bit', '4-bit')
group by m.family_id, m.memory_use, t.statistic
