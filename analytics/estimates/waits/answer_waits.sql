-- question: How long did each request wait for its first answer, or how long has it been waiting so far?
-- grain: item_id, segment
-- unit: hours
-- stored: no
-- caveats: From a thread to its first reply by the segment, or by anyone for the segments of askers and questions; by
--   `bots:strict` and `bots:lenient` see threads. A reply that is held ends a wait, whatever else is missing. If
--   replies are missing, and none that ends the wait is held, or none that surely was the first, the item `is_unseen`.
--   Excluded are threads older than the completely read period. Absent are threads that bots opened or that name no
--   single family.
with waits as (
    select
        t.thread_id as item_id, t.family_id, t.channel_kind, t.channel_role, t.is_own as is_pooled, s.is_apart,
        case s.kind when 'asker' then t.asked_by when 'type' then 'type:' || t.question_type
            when 'language' then 'language:' || t.language else s.kind end as segment,
        t.age_days, t.opened_at as from_at, t.observed_until_at,
        case s.kind when 'staff' then t.first_staff_at
            when 'maintainer' then t.first_maintainer_at
            when 'outsider' then t.first_outsider_at
            when 'agent' then t.first_agent_at
            when 'with_me_too' then t.first_person_at
            when 'bots:strict' then t.strict_at
            when 'bots:lenient' then t.lenient_at else t.first_anyone_at end as until_at,
        cast(null as varchar) as cause, case when t.is_before_reach then 'before reach' end as reason, t.known_until_at
    from staging.threads as t
    join (values
        ('anyone', true), ('staff', true), ('maintainer', true), ('outsider', true), ('agent', true),
        ('with_me_too', true), ('asker', true), ('type', false), ('language', false), ('bots:strict', false),
        ('bots:lenient', false)
    ) as s (kind, is_apart) on s.is_apart or t.is_own
    where segment is not null and t.family_id is not null and t.author_role <> 'bot'
),

{{timed}}
