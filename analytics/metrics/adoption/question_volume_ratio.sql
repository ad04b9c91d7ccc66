-- question: How many people ask for help, relative to downloads?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: questions per 1,000 downloads
-- unit: per 1,000 downloads
-- better: none
-- standard: none
-- caveats: Requests for help in the last 30 days, without those by bots, per thousand downloads in the same time: of
--   the models (segment `models`) or of the client packages (`packages`). The two are not comparable, so compare only
--   within a segment and a kind of channel. Where the catalog says why a family has no models or packages of its own,
--   the state says so too. Machines make most downloads. The interval is the exact one of the number of requests; the
--   downloads are a count of all.
-- version: 1
-- proof: analytics/metrics/test_adoption.py::test_questions_by_a_thousand_downloads
-- items: select thread_id as item_id, url, family_id, channel_kind, channel_role, is_own as is_pooled, age_days from
--   metrics.thread_responses
--   where age_days <= 30 and author_role <> 'bot'
-- shape: figure
-- covers: threads
-- of: threads
-- segments: models, packages
-- statistics: per_1000
-- windows: 30d
-- gate: none
with downloads as (
    select family_id, 'models' as segment, value as downloads
    from metrics.model_downloads
    where statistic = 'rolling_30d' and state = 'measured'
    union all
    select family_id, 'packages', value
    from metrics.package_downloads
    where statistic = 'rolling_30d' and segment = 'all' and state = 'measured'
)

select
    q.family_id, q.channel_kind, q.channel_role, s.segment, 'per_1000' as statistic, '30d' as "window",
    q.questions_count * 1000.0 / nullif(d.downloads, 0) as value, p.mean_low * 1000 / nullif(d.downloads, 0) as low,
    p.mean_high * 1000 / nullif(d.downloads, 0) as high, q.questions_count as n, q.questions_count as n_events,
    0 as n_censored,
    case when d.downloads is null and a.state is not null then a.state when not q.is_whole then 'not enough data'
        end as own_state,
    nullif(concat_ws(
        ' ',
        case when not q.is_whole then 'Part of the 30 days was not read.' end,
        case when d.downloads is null then 'Its ' || s.segment || ' have no download count.' end
    ), '') as own_note
from metrics.question_counts as q
cross join (values ('models'), ('packages')) as s (segment)
join metrics.rate_limits as p
    on p.rate = 'questions' and p.family_id = q.family_id and p.channel_kind = q.channel_kind
        and p.channel_role = q.channel_role
left join downloads as d on d.family_id = q.family_id and d.segment = s.segment
left join staging.absences as a
    on a.family_id = q.family_id and a.channel_kind = case s.segment when 'models' then 'hub' else 'packages' end
