-- question: Who or what is first to respond within a week?
-- title: first to respond within a week
-- titles: within_7d/staff = staff come first within a week; within_7d/maintainer = maintainers come first within a
--   week;
--   within_7d/outsider = other users come first within a week; within_7d/agent = agents come first within a week;
--   within_7d/waiting = still waiting after a week
-- unit: share
-- better: none
-- standard: none (competing risks; Aalen-Johansen)
-- caveats: The segments name the first response and sum to 1: a reply by `staff`, `maintainer`, `outsider`, a deleted
--   account (`unknown`) or an AI `agent`; a close before any such reply, by a merged change (`fixed`), by a bot or
--   agent (`bot_closed`), by the asker (`asker_closed`), by somebody else (`closed`) or by nobody knows whom
--   (`closed_unknown`: no closer and no reason is given); and `waiting`, for no response within seven days. Replies by
--   bots do not count. A thread that is too recent counts for as long as it was observed. Deleted and moved threads are
--   unknown, and threads older than the completely read period are excluded. An unknown closing may have been by any of
--   the three: their intervals allow for it, and if more than a twentieth of these closings are unknown, they have
--   no value. Nor has any segment where of more than a twentieth of the threads it was not seen whether they were
--   answered.
-- version: 5
-- proof: analytics/metrics/test_responses.py::test_what_came_first_shuts_out_all_the_rest,
--   analytics/metrics/resolution/test_unknown_ends.py::test_who_closes_first_without_a_word_may_be_unknown,
--   analytics/estimates/test_survival.py::test_ways_of_ending_are_what_others_make_of_them
-- items: select d.item_id, t.url, d.family_id, d.channel_kind, d.channel_role, d.is_pooled, d.age_days, d.cause,
--   d.duration_hours, d.exclusion_reason
--   from metrics.thread_ends as d join staging.threads as t on t.thread_id = d.item_id where d.wait = 'first'
-- shape: figure
-- covers: threads
-- segments: staff, maintainer, outsider, unknown, agent, fixed, bot_closed, asker_closed, closed,
--   closed_unknown, waiting
-- statistics: within_7d
-- gate: share
with firsts as (
    select
        c.* exclude (is_hidden), e.exclusion_note, e.role_note, c.is_hidden as is_unseen,
        u.value as unknown_value, u.high as unknown_high, u.n_events as unknown_count,
        sum(case when c.cause in ('bot_closed', 'asker_closed', 'closed', 'closed_unknown') then c.n_events else 0 end)
            over (partition by c.family_id, c.channel_kind, c.channel_role, c."window") as closings_count,
        c.cause in ('bot_closed', 'asker_closed', 'closed') and u.n_events > 0 as may_be_more
    from metrics.wait_estimates as c
    left join metrics.wait_estimates as u
        on u.wait = c.wait and u.family_id = c.family_id and u.channel_kind = c.channel_kind and u.channel_role = c.channel_role
            and u."window" = c."window" and u.cause = 'closed_unknown'
    left join metrics.thread_exclusions as e
        on e.family_id = c.family_id and e.channel_kind = c.channel_kind and e.channel_role = c.channel_role
            and e.segment = 'anyone'
        and e."window" = c."window"
    where c.wait = 'first'
),

judged as (
    select
        f.*, f.may_be_more and f.unknown_count > r.most_unseen_share * f.closings_count as is_hidden,
        case when f.n_unseen > 0 then 'For ' || f.n_unseen || ' of ' || (f.n + f.n_unseen)
            || ' it is not known what came first.' end as unseen_note,
        case when f.may_be_more then 'Who closed ' || cast(cast(f.unknown_count as bigint) as varchar) || ' of '
            || cast(cast(f.closings_count as bigint) as varchar) || ' unanswered threads is unknown.' end
            as unknown_note
    from firsts as f
    cross join metrics.rules as r
)

select
    f.family_id, f.channel_kind, f.channel_role, f.cause as segment, 'within_7d' as statistic, f."window",
    case when not f.is_hidden then f.value end as value, f.low,
    -- The limits of a sum, by squares of their distances (Zou and Donner's MOVER).
    case when f.may_be_more then least(1, f.value + f.unknown_value + sqrt(power(f.high - f.value, 2)
        + power(f.unknown_high - f.unknown_value, 2))) else f.high end as high,
    f.n, f.n_events, f.n_censored, cast(null as varchar) as own_state,
    case when f.is_unseen then f.unseen_note when f.is_hidden then f.unknown_note end as own_shortfall,
    nullif(concat_ws(
        ' ',
        case when f.value is null and not f.is_unseen then 'No thread was observed for that long.' end,
        case when not f.is_unseen then f.unseen_note end, case when not f.is_hidden then f.unknown_note end,
        f.exclusion_note,
        case when f.cause in ('staff', 'maintainer', 'outsider') then f.role_note end
    ), '') as own_note
from judged as f
