-- question: In what share of threads does an outsider post code that is then reported to work?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: code by outsiders
-- titles: shared = outsiders post code; confirmed = an outsider's code is reported to work
-- unit: share
-- better: high
-- standard: none
-- caveats: Of all threads observed for at least 30 days, within the first 30. `shared`: an outsider posted a patch or
--   at least three lines of code; `confirmed`: such code was accepted, or the asker, a maintainer or the vendor's staff
--   wrote directly after it that it works or solves the problem. It requires no right to submit changes, so it is the
--   fair comparison for projects that accept none. Where replies are missing and no such code is held, it was not seen.
--   The segment `since_visit` holds only threads from after the first visit: of earlier ones the role is that at the
--   visit. Code by one person is alike, and the interval allows for it.
-- version: 1
-- proof: analytics/metrics/test_fixes.py::test_code_of_strangers_counts_when_it_is_said_to_work
-- shape: share
-- cluster: person
-- covers: threads
-- segments: all, since_visit
-- statistics: shared, confirmed
-- features: has_solved, has_patch, has_code
with shared as (
    select thread_id, min(replied_at) as known_at, min_by(actor_id, (replied_at, actor_id)) as person_id
    from staging.replies
    where author_role = 'outsider' and (code_lines >= 3 or has_patch)
    group by thread_id
),

confirmed as (
    select thread_id, min(confirmed_at) as known_at, min_by(actor_id, (confirmed_at, actor_id)) as person_id
    from metrics.confirmed_snippets
    where author_role = 'outsider'
    group by thread_id
),

found as (
    select 'shared' as statistic, * from shared
    union all
    select 'confirmed', * from confirmed
)

select
    h.thread_id as item_id, h.url, h.family_id, h.channel_kind, h.channel_role, h.is_pooled,
    case v.part when 'since_visit' then v.part else g.segment end as segment, s.statistic,
    h.age_days, f.thread_id is not null as is_yes, f.person_id,
    coalesce(date_diff('microsecond', h.opened_at, h.replies_known_until_at) / 3600e6 < 720, false)
        and f.thread_id is null as is_unseen,
    coalesce(h.exclusion_reason, case when not h.is_watched_30d then 'observed for less than 30 days' end)
        as exclusion_reason
from metrics.thread_help as h
join metrics.thread_segments as g on g.thread_id = h.thread_id and g.segment not like 'language:%'
join metrics.thread_responses as p on p.thread_id = h.thread_id
cross join (values ('shared'), ('confirmed')) as s (statistic)
join (values ('whole'), ('since_visit')) as v (part)
    on v.part = 'whole' or g.segment = 'all' and not p.is_before_visits
left join found as f
    on f.thread_id = h.thread_id and f.statistic = s.statistic
        and date_diff('microsecond', h.opened_at, f.known_at) / 3600e6 <= 720
where h.family_id is not null and h.author_role <> 'bot'
