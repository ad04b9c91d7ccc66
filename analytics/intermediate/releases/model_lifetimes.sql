-- question: From when to when did makers serve each model?
-- grain: item_id
-- unit: days
-- caveats: Models on the makers' deprecation pages and in the list of prices. A model begins on the date in its own
--   name or on the day on which the list added it, whichever is earlier; it ends on the exact day that its maker's page
--   gives. A model that has not ended is alive when last seen, and one that left the list without notice is only known
--   to have lived until then. Models that a page no longer shows, and that began and ended before our first visit, are
--   missing. So are makers without such a page, and open weights.
with listing_days as (
    select channel_id, cast(clock_at as date) as day_on
    from staging.visits
    where thing = 'models' and is_read_whole
),

listed as (
    select
        n.family_id, n.plain_name, n.listed_id, cast(m.listed_at as date) as listed_on,
        coalesce(m.gone_on, k.day_on) as seen_until_on
    from metrics.listed_names as n
    join (select distinct family_id from staging.channels where channel_kind = 'deprecations')
        as p on p.family_id = n.family_id
    join staging.listed_models as m on m.listed_id = n.listed_id
    join listing_days as k on k.channel_id = m.channel_id
),

noticed as (
    select
        n.notice_id as item_id, n.url, n.family_id, n.channel_kind, n.channel_role, n.model, l.listed_on, l.listed_id,
        cast(n.last_seen_at as date) as observed_until_on,
        n.channel_id || '/' || coalesce(cast(n.first_announced_on as varchar), 'undated') as announcement,
        case when n.shutdown_kind = 'exact' and n.shutdown_on <= cast(n.observed_until_at as date) then n.shutdown_on
            end as ended_on,
        n.shutdown_kind <> 'exact' and (
            coalesce(n.stage = 'retired', false)
                or (n.shutdown_kind = 'month' and n.shutdown_on <= cast(n.observed_until_at as date))
        ) as is_end_unknown
    from metrics.model_notices as n
    left join listed as l on l.family_id = n.family_id and l.plain_name = n.plain_name
),

all_models as (
    select * from noticed
    union all
    select
        l.family_id || '#' || l.listed_id, 'https://openrouter.ai/' || l.listed_id, l.family_id, 'deprecations',
        'deprecations', l.listed_id, min(l.listed_on), l.listed_id, max(l.seen_until_on), null, null, false
    from listed as l
    left join noticed as n on n.listed_id = l.listed_id
    where n.listed_id is null
    group by l.family_id, l.listed_id
),

named as (
    select
        *,
        try_cast(
            regexp_extract(model, '(20[0-9][0-9])-?([01][0-9])-?([0-3][0-9])', 1) || '-'
            || regexp_extract(model, '(20[0-9][0-9])-?([01][0-9])-?([0-3][0-9])', 2) || '-'
            || regexp_extract(model, '(20[0-9][0-9])-?([01][0-9])-?([0-3][0-9])', 3) as date
        ) as named_on
    from all_models
)

select
    item_id, url, family_id, channel_kind, channel_role, model,
    least(named_on, listed_on) as launched_on, ended_on, observed_until_on, announcement,
    date_diff('day', least(named_on, listed_on), observed_until_on) as age_days,
    case
        when is_end_unknown then 'without an exact last day'
        when ended_on < least(named_on, listed_on) then 'that ended before they began'
    end as exclusion_reason
from named
where least(named_on, listed_on) is not null
