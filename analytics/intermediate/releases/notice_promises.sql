-- question: How many days of notice were promised for each model when its end was announced?
-- grain: notice_id, statistic
-- unit: days
-- caveats: `that_day`: the promise known to apply on the day of announcement, from its first day or, if its start is
--   not stated, from the day on which it was read. `last_read`: the promise read last, whenever it began. A promise for
--   a class of models takes the place of the general one where the model's name shows that it belongs to the class; of
--   several at once, the shortest. A class that names do not show holds for no model here.
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

that_day as (
    select
        notice_id, promised_days,
        row_number() over (partition by notice_id order by is_of_class desc, promised_days) as place
    from meant
    where is_in_force
),

last_read as (
    select
        notice_id, promised_days,
        row_number() over (partition by notice_id order by is_of_class desc, as_of_on desc, promised_days) as place
    from meant
    where is_held
)

select n.notice_id, 'that_day' as statistic, m.promised_days
from metrics.model_notices as n
left join that_day as m on m.notice_id = n.notice_id and m.place = 1
union all
select n.notice_id, 'last_read', m.promised_days
from metrics.model_notices as n
left join last_read as m on m.notice_id = n.notice_id and m.place = 1
