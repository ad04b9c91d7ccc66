-- question: When did a maker first announce the end of a model, and when is its last day?
-- grain: notice_id
-- published: yes
-- unit: days
-- caveats: One row per model (and region), with the maker's latest statement on its end and the day of the first
--   announcement that the page dates. Only exact days count: an earliest date ("not before") and a month are no
--   promise. If the announcement has no day, our first sight of it is only a bound, so the length is unknown. Endpoints
--   and features are not included.
with first_told as (
    select
        channel_id, model, coalesce(region, '') as region,
        min(announced_on) filter (where announced_kind = 'exact') as first_announced_on
    from staging.notices
    where subject_kind = 'model'
    group by all
)

select
    n.notice_id, n.url, n.family_id, c.channel_kind, c.role as channel_role, n.channel_id, n.model,
    regexp_replace(lower(n.model), '[^a-z0-9]', '', 'g') as plain_name,
    regexp_replace(lower(n.replacement[1]), '[^a-z0-9]', '', 'g') as plain_replacement,
    t.first_announced_on, n.shutdown_on, n.shutdown_kind, n.stage,
    date_diff('day', t.first_announced_on, n.shutdown_on) as notice_days,
    v.clock_at as observed_until_at, coalesce(n.last_seen_at, v.clock_at) as last_seen_at,
    date_diff('day', coalesce(t.first_announced_on, cast(n.first_seen_at as date)), cast(v.clock_at as date))
        as age_days,
    case
        when n.shutdown_on is null or n.shutdown_kind <> 'exact' then 'without an exact last day'
        when t.first_announced_on is null then 'without a dated announcement'
        when n.shutdown_on < t.first_announced_on then 'that ended before they were announced'
    end as exclusion_reason
from staging.notices as n
join staging.channels as c on c.channel_id = n.channel_id
join first_told as t on t.channel_id = n.channel_id and t.model = n.model and t.region = coalesce(n.region, '')
left join staging.visits as v on v.channel_id = n.channel_id and v.thing = 'notices'
where n.subject_kind = 'model' and n.is_latest and n.family_id is not null
