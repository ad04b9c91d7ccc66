-- question: In which languages do people ask?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: questions by language
-- unit: share
-- better: none
-- standard: ISO 639-1
-- caveats: Of threads whose language is recognised; those too short or unclear are left out. Nine languages by code
--   and the rest as `other`, which sum to 1. Channels that expect English understate the others. For how often each is
--   answered and helped, see the segments `language:` of never_answered_share and helped_share.
-- version: 1
-- proof: analytics/metrics/test_questions.py::test_languages_that_are_not_named_are_the_rest
-- shape: share
-- covers: threads
-- segments: all
-- statistics: en, zh, ja, ko, ru, de, fr, es, pt, other
-- features: language
select
    q.item_id, q.url, q.family_id, q.channel_kind, q.channel_role, q.is_pooled, 'all' as segment, k.statistic,
    q.age_days,
    case when q.language in ('en', 'zh', 'ja', 'ko', 'ru', 'de', 'fr', 'es', 'pt') then q.language else 'other'
        end = k.statistic as is_yes,
    coalesce(q.exclusion_reason, case when q.language is null then 'too short or unclear to tell the language' end)
        as exclusion_reason
from metrics.thread_questions as q
cross join (values ('en'), ('zh'), ('ja'), ('ko'), ('ru'), ('de'), ('fr'), ('es'), ('pt'), ('other')) as k (statistic)
