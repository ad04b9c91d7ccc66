-- question: How long does a stranger's fix take, when one arrives?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: wait for a stranger's fix
-- titles: merged_change = wait for a stranger's merged change; confirmed_snippet = wait for a stranger's code that
--   works
-- unit: hours
-- better: low
-- standard: none
-- caveats: Of the fixes in the ledger stranger_fixes, from the question to the merge, or to the message that the code
--   in the thread works; fixes by the askers themselves are left out. The window is
--   that of the fix: of young questions only quick fixes have arrived. It shows how fast strangers' fixes arrive, not
--   how often: see thread_fix_share.
-- version: 1
-- proof: analytics/metrics/test_fixes.py::test_the_middle_of_the_ledger_is_that_of_other_peoples_fixes,
--   analytics/metrics/contributions/test_slow_endings.py::test_slow_fixes_keep_the_wait_long_in_every_window
-- shape: median
-- covers: threads
-- of: fixes by strangers
-- segments: all
-- statistics: any, merged_change, confirmed_snippet
-- features: has_solved, has_patch, has_code
select
    f.thread_id as item_id, f.url, f.fix_url, f.family_id, f.channel_kind, f.channel_role, f.is_pooled, g.segment,
    s.statistic, round(f.age_days - f.fix_hours / 24, 9) as age_days, f.fix_hours as amount,
    case when f.is_own_fix then 'fixed by the asker' end as exclusion_reason
from metrics.stranger_fixes as f
join metrics.thread_segments as g on g.thread_id = f.thread_id and g.segment not like 'language:%'
join (values ('any', 'any'), ('merged_change', 'merged change'), ('confirmed_snippet', 'confirmed snippet'))
    as s (statistic, fix_kind)
    on s.statistic = 'any' or s.fix_kind = f.fix_kind
