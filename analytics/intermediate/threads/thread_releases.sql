-- question: How many weeks before each request for help was the family's newest model released?
-- grain: thread_id
-- unit: none
-- standard: none
-- caveats: A release is the first listing of a model on OpenRouter (without its variants): the only source that dates
--   the models of open and proprietary families alike. Models that had left the list before our first visit are
--   unknown, so for old threads the weeks are an upper bound. Threads from before the first known model, and those of
--   channels shared by many families, have no row.
-- by: family
-- version: 1
with moments as (
    select family_id, cast(null as varchar) as thread_id,
    coalesce(listed_at, cast(first_listed_on as timestamp)) as happened_at, true as is_release
    from staging.listed_models
    where family_id is not null and listed_id not like '%:%'
    union all
    select family_id, thread_id, opened_at, false
    from metrics.thread_responses
    where family_id is not null and is_own
),

aged as (
    select
        thread_id, family_id,
        date_diff(
            'microsecond', max(case when is_release then happened_at end)
                over (partition by family_id order by happened_at nulls last), happened_at
        ) / (7 * 86400e6) as weeks
    from moments
)

select
    thread_id, family_id,
    case when weeks < 4 then 'week 00-03' when weeks < 13 then 'week 04-12' when weeks < 26 then 'week 13-25'
        else 'week 26+' end as segment
from aged
where thread_id is not null and weeks is not null
