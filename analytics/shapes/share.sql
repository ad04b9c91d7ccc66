-- question: What share of the items has the property?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- unit: share
-- standard: a proportion with Wilson's 95 % interval on the number of independent items that these are worth
-- caveats: The wrapped query gives one row per item and statistic, with is_yes and its age; an item with an
--   exclusion_reason is counted as left out and enters no share. An item whose is_yes is unknown must have such a
--   reason. If the item cannot have the property at all, the reason begins with `not applicable`; if that is true of
--   all items, it is true of the figure. An item that counts but could not be seen (`is_unseen`, where the query has
--   such a column) is in no share: the interval runs from where all of them are no to where all are yes, and above the
--   share of metrics.rules there is no value, only these bounds in the note. Items of one cluster are alike (see
--   item_clusters): the number that they are worth is n divided by the design effect, which is the variance between
--   clusters over that of independent items, never below 1, and the quantile is Student's for the number of clusters
--   that as large ones would be. Of two ways to cluster the one that widens the interval more counts. Items without
--   company have Wilson's own interval.
-- version: 3
with items as (
    {{query}}
),

-- Items that count alike are counted before each window and group of roles takes its part of them: of many items of one
-- week that is a row instead of hundreds. The ages are those at which a window of metrics.scopes ends.
alike as (
    select
        i.family_id, i.channel_kind, i.channel_role, i.is_pooled, i.segment, i.statistic, i.exclusion_reason,
        case when i.age_days <= 30 then 30 when i.age_days <= 90 then 90 when i.age_days <= 365 then 365
            when i.age_days > 365 then 1000000 end as within_days,
        k.clustering,
        hash(coalesce(case k.clustering when 'answerer' then c.answerer_id else c.cluster_id end,
            cast(i.item_id as varchar))) as cluster_key,
        count(*) filter (where not {{unseen}}) as n,
        count(*) filter (where i.is_yes and not {{unseen}}) as n_events,
        count(*) filter (where {{unseen}}) as n_unseen
    from items as i
    left join {{clusters}} as c on c.item_id = i.item_id
    cross join (values {{clusterings}}) as k (clustering)
    group by all
),

clusters as (
    select
        a.family_id, a.channel_kind, case when s.pools_roles then 'all' else a.channel_role end as channel_role,
        a.segment, a.statistic, s."window", a.exclusion_reason, a.clustering, a.cluster_key,
        cast(sum(a.n) as double) as n, cast(sum(a.n_events) as double) as n_events,
        cast(sum(a.n_unseen) as double) as n_unseen
    from alike as a
    join metrics.scopes as s on a.within_days <= s.window_days and (a.is_pooled or not s.pools_roles)
    group by all
),

reasons as (
    select
        family_id, channel_kind, channel_role, segment, statistic, "window", exclusion_reason, clustering,
        sum(n + n_unseen) as left_count
    from clusters
    where exclusion_reason is not null and clustering = 'cluster'
    group by all
),

left_out as (
    select
        family_id, channel_kind, channel_role, segment, statistic, "window",
        'Left out: ' || string_agg(cast(cast(left_count as bigint) as varchar) || ' ' || exclusion_reason, ', '
            order by exclusion_reason) || '.' as own_note
    from reasons
    group by all
),

counted as (
    select
        family_id, channel_kind, channel_role, segment, statistic, "window",
        coalesce(sum(n) filter (where exclusion_reason is null), 0) as n,
        coalesce(sum(n_events) filter (where exclusion_reason is null), 0) as n_events,
        coalesce(sum(n_unseen) filter (where exclusion_reason is null), 0) as n_unseen,
        case when bool_and(coalesce(exclusion_reason like 'not applicable%', false)) then 'not applicable'
            end as own_state
    from clusters
    where clustering = 'cluster'
    group by all
),

spreads as (
    select
        family_id, channel_kind, channel_role, segment, statistic, "window", clustering, sum(n) as n,
        count(*) as groups,
        sum(n * n) / sum(n) as group_size,
        sum(n_events) * (sum(n) - sum(n_events)) / sum(n) as independent,
        sum(n_events * n_events) - 2 * sum(n_events) / sum(n) * sum(n * n_events)
            + power(sum(n_events) / sum(n), 2) * sum(n * n) as clustered
    from clusters
    where exclusion_reason is null and n > 0
    group by all
),

{{worth}},

bounds as (
    select
        c.*, c.n / w.design as n_effective, w.n_worth / c.n * (c.n + c.n_unseen) as n_known,
        c.n_events / nullif(c.n + c.n_unseen, 0) as least_share,
        (c.n_events + c.n_unseen) / nullif(c.n + c.n_unseen, 0) as most_share,
        power(r.normal_quantile, 2) as z_squared,
        c.n_unseen > r.most_unseen_share * (c.n + c.n_unseen) as is_hidden
    from counted as c
    cross join metrics.rules as r
    left join worth as w
        on w.family_id = c.family_id and w.channel_kind = c.channel_kind and w.channel_role = c.channel_role
            and w.segment = c.segment
        and w.statistic = c.statistic and w."window" = c."window"
)

select
    c.family_id, c.channel_kind, c.channel_role, c.segment, c.statistic, c."window",
    case when not c.is_hidden then c.n_events / nullif(c.n, 0) end as value,
    case when c.least_share = 0 then 0
        else (c.least_share + c.z_squared / (2 * c.n_known) - sqrt(
        c.z_squared * c.least_share * (1 - c.least_share) / c.n_known + power(c.z_squared / (2 * c.n_known), 2)
    )) / (1 + c.z_squared / c.n_known) end as low,
    case when c.most_share = 1 then 1
        else (c.most_share + c.z_squared / (2 * c.n_known) + sqrt(
        c.z_squared * c.most_share * (1 - c.most_share) / c.n_known + power(c.z_squared / (2 * c.n_known), 2)
    )) / (1 + c.z_squared / c.n_known) end as high,
    c.n, c.n_effective, c.n_events, 0 as n_censored,
    case when c.is_hidden then 'not enough data' else c.own_state end as own_state,
    case when c.is_hidden then 'Not seen of ' || cast(cast(c.n_unseen as bigint) as varchar) || ' of '
        || cast(cast(c.n + c.n_unseen as bigint) as varchar) || ': the share lies between '
        || cast(round(100 * c.least_share, 1) as varchar) || ' and '
        || cast(round(100 * c.most_share, 1) as varchar) || ' %.' end as own_shortfall,
    nullif(concat_ws(' ', case when not c.is_hidden and c.n_unseen > 0 then 'Not seen of '
        || cast(cast(c.n_unseen as bigint) as varchar) || ' more: the interval allows for either.' end, l.own_note), '')
        as own_note
from bounds as c
left join left_out as l
    on l.family_id = c.family_id and l.channel_kind = c.channel_kind and l.channel_role = c.channel_role
        and l.segment = c.segment
    and l.statistic = c.statistic and l."window" = c."window"
