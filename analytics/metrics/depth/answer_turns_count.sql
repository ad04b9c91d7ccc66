-- question: How many turns does it take until an asker is helped?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: turns until helped
-- unit: turns
-- better: none
-- standard: none
-- caveats: Only of threads helped within 30 days: the turns of people in the replies up to the moment of help, with the
--   asker's own; consecutive posts by one person are one turn, and the question itself is not a turn. Bots and agents
--   take no turn, and all deleted accounts count as one person. Help without a reply by a person, as by a fix that was
--   merged in silence, is no conversation and left out. Neither end is better: few turns may be a good answer, or the
--   mark of a family that helps only where that is easy.
-- version: 1
-- proof: analytics/metrics/test_depth.py::test_words_and_turns_are_those_of_people,
--   analytics/metrics/test_depth.py::test_a_silent_fix_is_no_conversation
-- shape: median
-- covers: threads
-- of: helped threads
-- segments: all
-- statistics: to_help
-- features: has_solved
with spoken as (
    select
        r.thread_id,
        coalesce(r.actor_id, '') <> coalesce(lag(r.actor_id)
            over (partition by r.thread_id order by r.replied_at nulls last, r.reply_id nulls last), '')
            or lag(r.reply_id) over (partition by r.thread_id order by r.replied_at nulls last,
                r.reply_id nulls last) is null as is_turn
    from staging.replies as r
    join metrics.thread_help as h on h.thread_id = r.thread_id
    where r.replied_at <= h.helped_at and r.author_role not in ('bot', 'agent')
),

turns as (
    select thread_id, count(*) filter (where is_turn) as turns_count from spoken group by thread_id
)

select
    h.thread_id as item_id, h.url, h.family_id, h.channel_kind, h.channel_role, h.is_pooled, g.segment,
    'to_help' as statistic, h.age_days, coalesce(n.turns_count, 0) as amount,
    case when h.replies_known_until_at < h.helped_at then 'whose replies were not all seen'
        when coalesce(n.turns_count, 0) = 0 then 'helped without a reply by a person' end as exclusion_reason
from metrics.thread_help as h
join metrics.thread_segments as g on g.thread_id = h.thread_id and g.segment not like 'language:%'
left join turns as n on n.thread_id = h.thread_id
where h.is_helped_30d and h.family_id is not null and h.author_role <> 'bot'
