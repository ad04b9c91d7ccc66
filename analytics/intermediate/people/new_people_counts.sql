-- question: How many people were new to each family, and for how many days is that known?
-- grain: family_id, channel_kind, channel_role, activity, window
-- unit: people
-- standard: CHAOSS New Contributors
-- caveats: Only days more than 365 days after the start of the history count, in every channel of the group: before
--   that nobody can be known to be new, and people first seen then are excluded (`left_out_count`).
with spans as (
    select
        e.family_id, e.channel_kind, case when s.pools_roles then 'all' else e.channel_role end as channel_role,
        a.activity, s."window",
        s.window_days, s.pools_roles, max(e.read_from_at) as read_from_at, max(e.as_of_at) as as_of_at
    from metrics.people_events as e
    join (values ('askers', false), ('answerers', false), ('contributors', true)) as a (activity, is_of_changes)
        on a.is_of_changes = (e.thing = 'pulls')
    join metrics.scopes as s on e.is_pooled or not s.pools_roles
    group by all
)

select
    s.family_id, s.channel_kind, s.channel_role, s.activity, s."window",
    greatest(0, least(s.window_days, date_diff('microsecond', s.read_from_at, s.as_of_at) / 86400e6
        - r.min_history_days)) as observed_days,
    count(p.person_id) filter (where date_diff('microsecond', s.read_from_at, p.first_at) / 86400e6
        >= r.min_history_days) as people_count,
    count(p.person_id) filter (where date_diff('microsecond', s.read_from_at, p.first_at) / 86400e6
        < r.min_history_days) as left_out_count
from spans as s
cross join metrics.rules as r
left join metrics.people_activity as p
    on p.family_id = s.family_id and p.channel_kind = s.channel_kind and p.activity = s.activity
        and p.age_days <= s.window_days
    and ((s.pools_roles and p.is_pooled) or (not s.pools_roles and p.channel_role = s.channel_role))
group by all
