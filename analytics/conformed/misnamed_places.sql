-- question: Which places does the catalog name twice, or by a name that is not answered?
-- grain: channel_id, thing, warning_kind, about
-- caveats: A place that was renamed and is in the catalog under both names is known by its own id, or by the name that
--   it answers with. Two families may name the same repository: it supports both.
with repositories as (
    select
        c.family_id, r.channel_id, arg_max(r.repository_id, r.day_on) as repository_id,
        arg_max(r.full_name, r.day_on) as full_name
    from staging.github__repositories as r
    join raw.catalog__channels as c on c.channel_id = r.channel_id
    group by c.family_id, r.channel_id
),

same_places as (
    select
        min(channel_id) as channel_id, 'repositories' as thing, max(full_name) as about,
        list_sort(list(channel_id)) as seen_names
    from repositories
    group by family_id, repository_id
    having count(*) > 1
    union all
    select
        d.channel_id, 'details', d.model_id, list_sort(list(distinct d.asked_id) || [d.model_id])
    from staging.huggingface__details as d
    join raw.catalog__channels as c on c.channel_id = d.channel_id
    where d.asked_id <> d.model_id and list_contains(c.models, d.asked_id) and list_contains(c.models, d.model_id)
    group by d.channel_id, d.model_id
),

models as (
    select d.channel_id, d.asked_id, arg_max(d.model_state, d.day_on) as model_state
    from staging.huggingface__details as d
    join raw.catalog__channels as c on c.channel_id = d.channel_id
    where list_contains(c.models, d.asked_id)
    group by d.channel_id, d.asked_id
)

select
    channel_id, thing, 'same place' as warning_kind, about, seen_names, cast(len(seen_names) as bigint) as warning_count
from same_places
union all
select channel_id, 'details', 'model not read', model_state, list_sort(list(asked_id)), count(*)
from models
where model_state in ('gone', 'denied')
group by channel_id, model_state
