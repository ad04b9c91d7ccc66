-- question: Which items is each curve made of?
-- grain: stratum_id, item_key
-- caveats: One row for each item of survival_durations and curve that it belongs to (survival_strata): by far the
--   longest table, so it holds numbers instead of names. `cluster_key` stands for what the item is alike with
--   (item_clusters), and is empty if it depends on no other. Items that were not seen (`is_unseen`) are in no curve,
--   and widen its bounds.
select
    s.stratum_id, hash(md5(d.item_id)) as item_key, d.age_days >= 30 as is_month_old, d.duration_hours,
    d.is_event, d.cause, coalesce(d.is_unseen, false) as is_unseen, c.cluster_key
from metrics.survival_durations as d
join metrics.survival_strata as s
    on s.subject = d.subject and s.family_id = d.family_id and s.channel_kind = d.channel_kind
        and s.member_role = d.channel_role
    and s.segment = d.segment
left join metrics.item_clusters as c on c.item_id = d.item_id
where (not d.is_excluded or d.is_unseen) and d.age_days <= s.window_days and (d.is_pooled or not s.pools_roles)
