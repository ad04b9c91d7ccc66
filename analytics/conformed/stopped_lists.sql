-- question: Which status pages and changelogs posted for a time and then stopped?
-- grain: channel_id, thing
-- caveats: Named is a list of at least 5 dated items whose newest is older than 120 days and than six times the median
--   gap between its items, as of the newest visit that read it whole or found it unchanged. Whether the vendor posts
--   nothing any more, posts elsewhere or in a form that the reader misses cannot be told from here. Incidents count
--   from their first post; an entry that is dated by month counts from the end of that month.
with items as (
    select channel_id, 'incidents' as thing, posted_at as dated_at from staging.status__incidents
    union all
    select
        channel_id, 'entries',
        case when date_kind = 'month' then published_at + interval 1 month else published_at end
    from staging.changelog__entries
),

gaps as (
    select
        channel_id, thing, dated_at,
        date_diff('second', lag(dated_at) over (partition by channel_id, thing order by dated_at), dated_at) / 86400.0
            as gap_in_days
    from items
    where dated_at is not null
),

paces as (
    select
        channel_id, thing, max(dated_at) as newest_dated_at, count(*) as dated_count,
        median(gap_in_days) as usual_gap_days
    from gaps
    group by channel_id, thing
    having count(*) >= 5
),

visits as (
    select channel_id, thing, max(started_at) as visited_at
    from raw.ledger__runs
    where thing in ('incidents', 'entries') and state in ('complete', 'unchanged')
    group by channel_id, thing
)

select p.channel_id, p.thing, v.visited_at, p.newest_dated_at, p.usual_gap_days, p.dated_count
from paces as p
join visits as v on v.channel_id = p.channel_id and v.thing = p.thing
where date_diff('second', p.newest_dated_at, v.visited_at) / 86400.0 > greatest(120, 6 * p.usual_gap_days)
