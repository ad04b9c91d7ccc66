-- question: Which free support does the maker offer?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: kinds of free support
-- unit: offers
-- better: high
-- standard: none
-- caveats: Offers read by hand on the maker's public pages that hold on the day of the last visit to any source; the
--   words say what they are, and when one ended. If no offer has been read, the family is "not collected", which does
--   not mean that none exists. The answers in its public channels show how
--   well the support works. No interval, because nothing is sampled.
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
    open_count as value, open_count as low, open_count as high, facts_count as n, open_count as n_events,
    0 as n_censored, cast(null as varchar) as own_state, fact_note as own_note
from metrics.fact_notes
where fact_kind = 'free support'
