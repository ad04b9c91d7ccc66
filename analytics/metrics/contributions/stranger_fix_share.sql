-- question: Of the requests for help closed by a merged change, what share did an outsider fix?
-- title: fixes by strangers
-- titles: outsider = fixes by outsiders; others = fixes by outsiders other than the asker; own = fixes by the askers
--   themselves; agent = fixes by agents
-- unit: share
-- better: high
-- caveats: Issues that, according to the forge, were closed by a merged change or commit: a lower bound of the fixes,
--   since people also close by hand. `outsider`: the author was neither staff, maintainer, bot nor agent when first
--   seen: an upper bound, as private members of an organisation look like outsiders. Of these, `own` are the askers'
--   own changes and `others` those of people other than the asker; `agent` are those of declared AI agents. The window
--   is that of the fix: of young issues only those fixed quickly are fixed. The segment `since_visit` holds only fixes from after the first visit: of earlier ones the
--   role is that at the visit, and outsiders who were promoted by then are missing. Fixes by one person are alike, as
--   they share the role: the interval allows for it.
-- version: 3
-- proof: analytics/metrics/test_contributions.py::test_fixes_of_strangers_by_whose_they_are,
--   analytics/metrics/test_contributions.py::test_fixes_that_say_nothing_are_left_out,
--   analytics/metrics/contributions/test_slow_endings.py::test_what_ends_slowly_has_its_share_in_every_window
-- shape: share
-- covers: issues
-- of: issues closed by a merged change
-- segments: all, since_visit
-- statistics: outsider, others, own, agent
select
    t.thread_id as item_id, t.url, t.family_id, t.channel_kind, t.channel_role, t.is_own as is_pooled,
    case v.part when 'since_visit' then v.part else g.segment end as segment,
    s.statistic, round(t.age_days - date_diff('microsecond', t.opened_at, t.fixed_at) / 86400e6, 9) as age_days,
    case s.statistic
        when 'agent' then t.fixed_by_role = 'agent'
        when 'own' then t.fixed_by_role = 'outsider' and coalesce(t.fixed_by_id = t.actor_id, false)
        when 'others' then t.fixed_by_role = 'outsider' and coalesce(t.fixed_by_id <> t.actor_id, true)
        else t.fixed_by_role = 'outsider'
    end as is_yes,
    t.fixed_by_id as person_id,
    case
        when t.is_before_reach then 'older than the completely read period'
        when t.fixed_at < t.opened_at then 'fixed before they were asked'
        when coalesce(t.fixed_by_role, 'unknown') = 'unknown' then 'fixed by an unknown account'
    end as exclusion_reason
from staging.threads as t
join metrics.thread_segments as g on g.thread_id = t.thread_id and g.segment not like 'language:%'
cross join (values ('outsider'), ('others'), ('own'), ('agent')) as s (statistic)
join (values ('whole'), ('since_visit')) as v (part)
    on v.part = 'whole' or g.segment = 'all' and coalesce(t.fixed_at >= t.roles_known_from_at, true)
where t.thing = 'issues' and t.fixed_at is not null and t.family_id is not null and t.author_role <> 'bot'
