-- question: How many days pass from one release to the next?
-- title: days between releases
-- titles: p25 = shorter days between releases; p75 = longer days between releases
-- unit: days
-- better: none
-- standard: CHAOSS Release Frequency
-- caveats: Gaps that begin in the window, within one repository or changelog, with pre-releases separate from stable
--   ones. The current open gap is censored at the clock (see visits), so that a line that has gone quiet does not look
--   fast. Compare a role with the same role: libraries are released more often than models. A repository that releases
--   several packages has shorter gaps than each of them.
-- version: 3
-- proof: analytics/metrics/test_releases.py::test_a_line_gone_quiet_does_not_look_quick
-- items: select * from metrics.release_waits
-- shape: figure
-- covers: releases
-- roles: apart
-- of: releases
-- segments: stable, pre-release
-- statistics: p25, median, p75
-- gate: events
select
    q.family_id, q.channel_kind, q.channel_role, q.segment, q.statistic, q."window", q.value / 24 as value,
    q.low / 24 as low, q.high / 24 as high, q.n,
    q.n_events, q.n_censored,
    case when q.is_unreached then 'measured' end as own_state,
    case when q.is_unreached
        then 'Not reached in the window: too few releases were followed by another.' end as own_note
from metrics.event_estimates as q
where q.wait = 'release'
