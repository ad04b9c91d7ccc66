-- question: How many ways to fine-tune the models of a family exist today?
-- title: ways to fine-tune
-- unit: methods
-- better: high
-- caveats: Different methods (supervised, preference, reinforcement, one's own weights) open on the day of the last
--   visit to any source, read by hand; each with its dates in the table of offers. With the weights in hand every
--   method is open to anybody who can run it: that counts as one. An offer read long ago may have ended since; the
--   note says so. No offer read is "not collected", all offers ended is 0; the provider (own weights, maker, cloud) is
--   given only if such an offer was read. No interval.
-- proof: analytics/metrics/test_offers.py::test_a_method_is_open_between_its_days
-- items: select family_id || '.' || url as item_id, family_id, 'offers' as channel_kind, * from metrics.tuning_offers
-- shape: figure
-- covers: tuning
-- roles: together
-- of: offers
-- segments: all
-- statistics: methods
-- windows: all
-- gate: none
with visits as (
    select cast(max(clock_at) as date) as day_on from staging.visits
),

counted as (
    select
        o.family_id, s.segment, count(*) as n,
        count(distinct o.tuning_method) filter (
            where (o.from_on is null or o.from_on <= t.day_on) and (o.ended_on is null or o.ended_on > t.day_on)
        ) as methods_count
    from metrics.tuning_offers as o
    cross join visits as t
    join (values ('all'), ('own weights'), ('maker'), ('cloud')) as s (segment) on s.segment = 'all'
        or s.segment = o.offer_channel
    group by o.family_id, s.segment
)

select
    c.family_id, 'offers' as channel_kind, 'all' as channel_role, c.segment, 'methods' as statistic, 'all' as "window",
    c.methods_count as value, c.methods_count as low, c.methods_count as high, c.n, c.methods_count as n_events,
    0 as n_censored, cast(null as varchar) as own_state, f.fact_note as own_note
from counted as c
join metrics.fact_notes as f on f.family_id = c.family_id and f.fact_kind = 'fine-tuning'
