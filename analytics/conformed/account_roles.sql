-- question: Which accounts are not what their source says they are?
-- grain: source, actor_id
-- caveats: Of `accounts` only those whose role was assigned by hand, that are bots by behaviour, or that mostly answer
--   within a minute (`is_often_prompt`: half of at least ten threads): few, so that a new reply changes no role.
-- published: no
select *
from (
    select
        source, actor_id, is_bot_by_behaviour, settled_role,
        coalesce(answered_count >= 10 and prompt_share >= 0.5, false) as is_often_prompt
    from staging.accounts
)
where settled_role is not null or is_bot_by_behaviour or is_often_prompt
