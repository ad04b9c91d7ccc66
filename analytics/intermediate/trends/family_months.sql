-- question: How were waiting, incidents, prices and work of each family in each of the last twelve months?
-- grain: family_id, measure, channel_kind, months_ago
-- published: yes
-- unit: share, incidents, USD for a million tokens or pieces of work, by measure
-- caveats: Months of 30 days, counted back from the clock (see visits). A month has a row only if it was read whole: a
--   gap is never a zero. `answered`: of the questions asked in its own channels in the month and at least seven days
--   ago, those that a person answered within seven days; the few that were not seen are taken as like the others,
--   and there is no row if they are more than a twentieth of the year's. `incidents`: disturbances on its status pages.
--   `price`: the median price of price_usd (blended) on the last day of the month. `works`: merged changes, and answers
--   by staff or maintainers, in its own places. Without intervals: months of few items move by chance.
with months as (
    select range as months_ago, cast(30 * range as integer) as days_ago from range(12)
),

channels as (
    select
        c.family_id, t.measure, t.channel_kind, v.clock_at,
        if(t.measure = 'incidents', p.observed_from_at, coalesce(v.reach_at, timestamp 'epoch')) as from_at,
        if(t.measure = 'incidents', p.observed_until_at, v.clock_at) as until_at
    from staging.visits as v
    join staging.channels as c on c.channel_id = v.channel_id
    join (values
        ('answered', 'tracker', 'issues'), ('answered', 'forum', 'discussions'), ('answered', 'forum', 'topics'),
        ('answered', 'subreddit', 'posts'), ('answered', 'tag', 'questions'), ('works', 'all', 'issues'),
        ('works', 'all', 'pulls'), ('incidents', 'status', 'incidents')
    ) as t (measure, channel_kind, thing) on t.thing = v.thing
    left join staging.status_pages as p on p.channel_id = v.channel_id
    where v.is_read_whole and c.family_id <> '_shared'
),

read as (
    select family_id, measure, channel_kind, months_ago, max(cast(clock_at as date)) - any_value(days_ago) as ends_on
    from channels
    cross join months
    group by family_id, measure, channel_kind, months_ago
    having max(from_at) <= max(clock_at) - to_days(any_value(days_ago) + 30)
        and min(until_at) >= max(clock_at) - to_days(any_value(days_ago))
),

items as (
    select
        family_id, 'answered' as measure, channel_kind, age_days, is_event and duration_hours <= 168 as is_yes,
        not is_unseen or is_yes as is_known
    from metrics.answer_waits
    where segment = 'anyone' and is_pooled and watched_hours >= 168 and (is_unseen or not is_excluded)
    union all
    select family_id, 'incidents', 'status', age_days, true, true
    from metrics.counted_incidents
    where "window" = 'all' and segment = 'all'
    union all
    select family_id, 'works', 'all', age_days, true, true
    from metrics.people_works
    where is_pooled and (work = 'changes' or author_role in ('staff', 'maintainer'))
),

counted as (
    select
        family_id, measure, channel_kind, floor(age_days / 30) as months_ago, count(*) filter (where is_known) as n,
        count(*) filter (where is_yes) as yes_count,
        sum(count(*) - n) over year_ > k.most_unseen_share * sum(count(*)) over year_ as is_hidden
    from items
    cross join metrics.rules as k
    where age_days < 360
    group by family_id, measure, channel_kind, months_ago, k.most_unseen_share
    window year_ as (partition by family_id, measure, channel_kind)
),

-- What the list said of each model by the last day of each month.
priced as (
    select o.family_id, m.months_ago, cast(v.clock_at as date) - m.days_ago as ends_on, p.blended_usd
    from metrics.offered_models as o
    join staging.visits as v on v.channel_id = o.channel_id and v.thing = 'models'
    cross join months as m
    join staging.listed_prices as p on p.channel_id = o.channel_id and p.listed_id = o.listed_id
        and p.day_on <= cast(v.clock_at as date) - m.days_ago
    where o.is_of_side
    qualify row_number() over (partition by o.channel_id, o.listed_id, m.months_ago order by p.day_on desc) = 1
)

select
    r.family_id, r.measure, r.channel_kind, r.months_ago, r.ends_on, coalesce(c.n, 0) as n,
    if(r.measure = 'answered', c.yes_count / c.n, coalesce(c.n, 0)) as value
from read as r
left join counted as c using (family_id, measure, channel_kind, months_ago)
where r.measure <> 'answered' or c.n > 0 and not c.is_hidden
union all
select family_id, 'price', 'prices', months_ago, ends_on, count(*), median(blended_usd)
from priced
where blended_usd is not null
group by family_id, months_ago, ends_on
