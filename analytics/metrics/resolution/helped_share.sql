-- question: What share of askers is helped within thirty days?
-- title: helped within 30 days
-- titles: accepted = helped by an accepted answer; confirmed = helped by the asker's confirmation; fix_merged = helped
--   by a merged fix; any_or_thanked = helped or thanked within 30 days
-- unit: share
-- better: high
-- standard: none (GrimoireLab counts accepted answers of forums only)
-- caveats: Of threads that were observed for at least 30 days. `any` is an accepted answer by somebody else, the
--   asker's confirmation that it works after somebody replied, or the merge of the change that closed the thread; the
--   others are each of the three alone. It is a lower bound: people who were helped without saying so are not visible.
--   `any_or_thanked` also counts bare thanks and is an upper bound of what the texts show. Trackers mark no answers and
--   forums link no changes, so compare only channels of the same kind. Help that is held counts, whatever else is
--   missing; if replies are missing or were not analysed, or a closing was not read, and no help is held, it was not
--   seen whether the asker was helped. That no answer was accepted the source says itself, whatever is missing; it was
--   not seen when one was, if the source gives no time for it and the answer is missing. What words confirm is put
--   right by labels of whole threads of the same kind of channel; those of trackers do not say which threads a merged
--   fix helped in any case, so that there the correction of `any` is somewhat too large.
-- version: 5
-- proof: analytics/metrics/test_help.py::test_helped_is_not_closed,
--   analytics/metrics/test_help.py::test_when_somebody_helped,
--   analytics/metrics/test_help.py::test_what_is_not_known_is_neither_helped_nor_left_alone,
--   analytics/metrics/test_help.py::test_bare_thanks_are_an_upper_end_and_each_way_stands_alone,
--   analytics/metrics/resolution/test_accepted_answers.py::test_what_the_source_says_of_acceptance_needs_no_replies
-- shape: share
-- covers: threads
-- segments: all
-- statistics: any, accepted, confirmed, fix_merged, any_or_thanked
-- features: helped, has_thanks
-- readings: any = helped=any; confirmed = helped=confirmed; any_or_thanked = helped=any_or_thanked
with timed as (
    select
        h.*, s.statistic,
        date_diff('microsecond', h.opened_at, case s.statistic
            when 'any' then h.helped_at
            when 'accepted' then h.answer_accepted_at
            when 'confirmed' then h.confirmed_at
            when 'fix_merged' then h.fix_known_at
            else least(h.helped_at, h.thanked_at)
        end) / 3600e6 as help_hours,
        date_diff('microsecond', h.opened_at, case
            when s.statistic = 'accepted' then case when h.has_accepted and h.answer_accepted_at is null
                and not h.is_self_accepted then coalesce(h.known_until_at, h.opened_at) end
            when s.statistic = 'confirmed' then h.words_known_until_at
            when s.statistic <> 'fix_merged' then h.help_known_until_at
            when h.is_closing_unread then h.opened_at
        end) / 3600e6 as seen_hours
    from staging.threads as h
    cross join (values ('any'), ('accepted'), ('confirmed'), ('fix_merged'), ('any_or_thanked')) as s (statistic)
    where h.family_id is not null and h.author_role <> 'bot'
)

select
    h.thread_id as item_id, h.url, h.family_id, h.channel_kind, h.channel_role, h.is_own as is_pooled, g.segment,
    h.statistic, h.age_days, coalesce(h.help_hours <= 720, false) as is_yes,
    coalesce(h.seen_hours < 720, false) and coalesce(h.help_hours > 720, true) as is_unseen,
    case
        when h.statistic = 'accepted' and h.has_accepted is null then 'not applicable (no answers are marked there)'
        when h.statistic = 'confirmed'
            and h.channel_kind = 'tag' then 'not applicable (only answers are collected there)'
        when h.statistic = 'fix_merged'
            and h.channel_kind <> 'tracker' then 'not applicable (no changes are linked there)'
        when h.help_exclusion is not null then h.help_exclusion
        when not h.is_watched_30d then 'observed for less than 30 days'
    end as exclusion_reason
from timed as h
join metrics.thread_segments as g on g.thread_id = h.thread_id
