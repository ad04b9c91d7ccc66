-- question: What share of models was shut down with as much notice as the maker promises?
-- title: models shut down with the promised notice
-- unit: share
-- better: high
-- caveats: Days of notice (as in notice_days), compared with the promise known to apply on the day of announcement
--   (`that_day`), and with the one read last, whenever it was made (`last_read`). Promises are read by hand; if the
--   start date of a promise is not stated, it counts from the day on which it was read. Future shutdowns count as
--   currently stated. A promise for a class of models (previews, variants) is held against the models whose names show
--   that they belong to it, and the general one against the others; of several at
--   once the shortest counts, and a class that names do not show holds for no model. A model whose page gives a day for each of several
--   regions counts once for each of them.
-- proof: analytics/metrics/test_notices.py::test_a_promise_is_held_against_the_notices_of_its_time
-- shape: share
-- version: 2
-- covers: notices
-- of: models
-- segments: all
-- statistics: that_day, last_read
with promises as (
    select
        family_id, promised_days, as_of_on, model_patterns, applies_to <> '' as is_of_class,
        coalesce(from_on, as_of_on) as known_from_on, coalesce(until_on, date '9999-12-31') as known_until_on,
        coalesce(until_on >= max(as_of_on) over (partition by family_id), true) as is_held
    from staging.facts
    where fact_kind = 'notice' and promised_days is not null
),

meant as (
    select n.notice_id, p.*, n.first_announced_on between p.known_from_on and p.known_until_on as is_in_force
    from metrics.model_notices as n
    join promises as p on p.family_id = n.family_id
    where
        not p.is_of_class
        or cardinality(list_filter(
            p.model_patterns, lambda pattern: lower(n.model) like replace(lower(pattern), '*', '%')
        )) > 0
),

promised as (
    select notice_id, 'that_day' as statistic, promised_days
    from meant
    where is_in_force
    qualify row_number() over (partition by notice_id order by is_of_class desc, promised_days) = 1
    union all
    select notice_id, 'last_read', promised_days
    from meant
    where is_held
    qualify row_number() over (partition by notice_id order by is_of_class desc, as_of_on desc, promised_days) = 1
)

select
    n.notice_id as item_id, n.url, n.family_id, n.channel_kind, n.channel_role, true as is_pooled, 'all' as segment,
    s.statistic, n.age_days, n.notice_days >= p.promised_days as is_yes,
    coalesce(n.exclusion_reason, case when p.promised_days is null then 'without a known promise' end)
        as exclusion_reason
from metrics.model_notices as n
cross join (values ('that_day'), ('last_read')) as s (statistic)
left join promised as p on p.notice_id = n.notice_id and p.statistic = s.statistic
