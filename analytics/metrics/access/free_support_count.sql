-- question: Which support does the maker give for nothing?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: kinds of support given for nothing
-- unit: offers
-- better: high
-- standard: none
-- caveats: Offers that somebody read by hand on the maker's public pages; the words say what they are. None read is
--   not none given: such a family says "not collected". How well it works is what the answers in its public channels
--   show. No interval, as nothing is drawn at random.
-- version: 1
-- proof: analytics/metrics/test_offers.py::test_support_is_what_somebody_read
-- items: select family_id || '.' || url as item_id, url, family_id, 'offers' as channel_kind, fact_words, as_of_on
--   from staging.facts
--   where fact_kind = 'free support'
-- shape: figure
-- covers: support
-- roles: together
-- of: offers
-- segments: all
-- statistics: offers
-- windows: all
-- gate: none
select
    family_id, 'offers' as channel_kind, 'all' as channel_role, 'all' as segment, 'offers' as statistic,
    'all' as "window",
    facts_count as value, facts_count as low, facts_count as high, facts_count as n, facts_count as n_events,
    0 as n_censored, cast(null as varchar) as own_state, fact_note as own_note
from metrics.fact_notes
where fact_kind = 'free support'
