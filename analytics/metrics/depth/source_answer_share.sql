-- question: What share of answered askers is shown the source, a change, a commit or the documentation?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: answers that show a source
-- titles: own_source = answers that show the model's own source; docs = answers that link documentation; any_source =
--   answers that show source code;
--   sdk_source = answers that show a library's source
-- unit: share
-- better: high
-- standard: none
-- caveats: Of threads that a person answered within 30 days. `own_source`: a link to the source, a change or a commit
--   of the model's or runtime's own repository, or the name of a source file, in the channels of that repository;
--   closed weights have none. `sdk_source`: the same in the channels of a vendor's libraries and tools. `docs`: a link
--   to documentation anywhere. Forums, subreddits and tags belong to no repository: `any_source` counts links to the
--   source of any repository and named files, so that they can be compared with each other. Files of prose and of
--   weights are no source. Where answers are missing
--   and none held shows one, it was not seen.
-- version: 1
-- proof: analytics/metrics/test_depth.py::test_the_source_of_closed_weights_cannot_be_shown
-- shape: share
-- cluster: answerer
-- covers: threads
-- of: answered threads
-- segments: all
-- statistics: own_source, sdk_source, docs, any_source
-- features: source_in_answers
-- readings: own_source = source_in_answers=any; sdk_source = source_in_answers=any; any_source = source_in_answers=any
select
    a.thread_id as item_id, a.url, a.family_id, a.channel_kind, a.channel_role, a.is_pooled, g.segment, s.statistic,
    a.age_days, case when s.statistic = 'docs' then a.has_docs_link else a.has_source_point end as is_yes,
    a.is_part_seen and not case when s.statistic = 'docs' then a.has_docs_link else a.has_source_point end as is_unseen,
    case
        when s.statistic = 'own_source' and f.side = 'proprietary' then 'not applicable (the weights are closed)'
        when s.statistic = 'own_source'
            and a.channel_role in ('sdk', 'cli') then 'not applicable (asked about a library)'
        when s.statistic = 'sdk_source'
            and a.channel_role in ('model', 'runtime', 'hub') then 'not applicable (asked about a model)'
        when s.statistic in ('own_source', 'sdk_source')
            and a.channel_role not in ('sdk', 'cli', 'model', 'runtime', 'hub')
            then 'not applicable (asked where there is no repository)'
        else a.exclusion_reason
    end as exclusion_reason
from metrics.thread_answers as a
join staging.families as f on f.family_id = a.family_id
join metrics.thread_segments as g on g.thread_id = a.thread_id and g.segment not like 'language:%'
cross join (values ('own_source'), ('sdk_source'), ('docs'), ('any_source')) as s (statistic)
