-- question: Which durations are estimated together?
-- grain: subject, family_id, channel_kind, member_role, segment, window, pools_roles
-- caveats: Rows of one `stratum_id` form one curve. The role `all` pools a family's own channels only: requests in
--   channels shared by many families count under the role of these (`runtime`), because not every family has such
--   channels (rule: compare like with like). `is_drawn`: the curve is shown and has enough items; all others need only
--   a few hours.
with kinds as (
    select
        subject, family_id, channel_kind, channel_role as member_role, segment, bool_or(is_pooled) as is_pooled,
        bool_or(is_apart) as is_apart, count(*) as n
    from metrics.survival_durations
    where not is_excluded
    group by all
),

scoped as (
    select
        k.subject, k.family_id, k.channel_kind, k.member_role, k.segment, s."window", s.window_days, s.pools_roles,
        case when s.pools_roles then 'all' else k.member_role end as channel_role, k.n,
        k.subject in ('first', 'recovery', 'resolution') and k.segment in ('all', 'api')
            or k.subject = 'response'
                and (k.segment in ('anyone', 'staff', 'maintainer', 'outsider', 'agent') or k.segment like '%:%')
                as is_curve
    from kinds as k
    join metrics.scopes as s on (s.pools_roles and k.is_pooled) or (not s.pools_roles and k.is_apart)
)

select
    hash(c.subject, c.family_id, c.channel_kind, c.channel_role, c.segment, c."window") as stratum_id,
    c.subject, c.family_id, c.channel_kind, c.member_role, c.segment, c."window", c.window_days, c.pools_roles,
    c.channel_role, c.is_curve and sum(c.n) over (
        partition by c.subject, c.family_id, c.channel_kind, c.channel_role, c.segment, c."window"
    ) >= r.min_items_count as is_drawn
from scoped as c
cross join metrics.rules as r
