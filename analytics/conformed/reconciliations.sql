-- question: Do we hold as much as each source says it has, and if not, what explains the difference?
-- grain: channel_id, thing
-- unit: items
-- caveats: difference_count is always before_window_count + waiting_count + unreadable_count + unexplained_count -
--   gone_count. The source's total is from the latest visit that gave one. Items that we hold and the source no longer
--   counts were deleted or moved there (gone_count). Such losses cancel out against rows that we miss. Items that a
--   visit passes over, since the source does not return them, are unreadable.
with held as (
    select channel_id, 'issues' as thing, opened_at from staging.github__issues
    union all select channel_id, 'pulls', opened_at from staging.github__pulls
    union all select channel_id, 'discussions', opened_at from staging.github__discussions
    union all select channel_id, 'discussions', opened_at from staging.huggingface__discussions
    union all
    select channel_id, 'releases', released_at from staging.github__releases where release_id is not null
    union all
    select channel_id, 'entries' as thing, published_at from staging.changelog__entries
    union all
    select channel_id, 'topics' as thing, opened_at from staging.discourse__topics where state <> 'gone'
    union all
    select channel_id, 'questions', opened_at from staging.stackexchange__questions where state <> 'gone'
),

told as (
    select
        channel_id, thing, total, coalesce(waiting, 0) as waiting, coalesce(older, 0) as older,
        coalesce(passed_over, 0) as passed_over, reach_at, started_at
    from (
        select *, row_number()
            over (partition by channel_id, thing order by started_at desc, load_id desc, part desc) as from_newest
        from raw.ledger__runs
        where total is not null
    ) as newest_first
    where from_newest = 1 and thing in (select distinct thing from held)
),

counted as (
    select
        t.channel_id, t.thing, t.total, t.waiting, t.older, t.passed_over, t.started_at,
        count(h.channel_id) as held_count,
        count(case when h.opened_at < t.reach_at then 1 end) as early_count
    from told as t
    left join held as h on h.channel_id = t.channel_id and h.thing = t.thing
    group by t.channel_id, t.thing, t.total, t.waiting, t.older, t.passed_over, t.started_at
),

explained as (
    select
        c.channel_id, c.thing, c.started_at, c.total, c.held_count,
        greatest(0, c.older - greatest(0, c.early_count - c.waiting)) as before_window,
        least(greatest(0, c.waiting - c.early_count), greatest(0, c.total - c.held_count)) as waiting,
        least(c.passed_over, greatest(0, c.total - c.held_count)) as unreadable
    from counted as c
)

select
    channel_id, thing, total as source_total, held_count, total - held_count as difference_count,
    before_window as before_window_count, waiting as waiting_count, unreadable as unreadable_count,
    greatest(0, before_window + waiting + unreadable - (total - held_count)) as gone_count,
    greatest(0, total - held_count - before_window - waiting - unreadable) as unexplained_count,
    started_at as counted_at
from explained
