-- question: What share of answered askers is only sent elsewhere?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: only sent elsewhere
-- titles: first = first answer only sends elsewhere; every = every answer only sends elsewhere
-- unit: share
-- better: low
-- standard: none
-- caveats: Of threads that a person answered within 30 days: the `first` answer, or `every` one, says only to update,
--   to ask support or elsewhere, that the thread is a duplicate, or that it is closed. A thread may rightly be called a
--   duplicate: the figure shows what the asker got, not whose fault it is. Where answers are missing, one held that
--   says more settles `every`; otherwise it was not seen.
-- version: 1
-- proof: analytics/metrics/test_depth.py::test_who_is_only_sent_elsewhere
-- shape: share
-- cluster: answerer
-- covers: threads
-- of: answered threads
-- segments: all
-- statistics: first, every
-- features: sending_elsewhere
-- readings: first = sending_elsewhere=first; every = sending_elsewhere=every
select
    a.thread_id as item_id, a.url, a.family_id, a.channel_kind, a.channel_role, a.is_pooled, g.segment, s.statistic,
    a.age_days,
    case s.statistic when 'first' then coalesce(a.is_first_deflection, false) else a.is_all_deflection end as is_yes,
    case s.statistic when 'first' then a.is_first_unseen else a.is_part_seen and a.is_all_deflection end as is_unseen,
    a.exclusion_reason
from metrics.thread_answers as a
join metrics.thread_segments as g on g.thread_id = a.thread_id and g.segment not like 'language:%'
cross join (values ('first'), ('every')) as s (statistic)
