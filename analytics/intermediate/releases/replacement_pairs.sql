-- question: What did a retired model offer, and what does its named replacement offer?
-- grain: notice_id
-- unit: USD for a million tokens
-- standard: none
-- caveats: Both as last seen in the list of prices; of several replacements the first one named. Empty if a name is not
--   found there.
-- version: 1
with kinds as (
    select n.notice_id, unnest(old.input_kinds) as kind, new.input_kinds as new_kinds
    from metrics.model_notices as n
    join metrics.listed_names as a on a.family_id = n.family_id and a.plain_name = n.plain_name
    join metrics.offered_models as old on old.listed_id = a.listed_id
    join metrics.listed_names as b on b.family_id = n.family_id and b.plain_name = n.plain_replacement
    join metrics.offered_models as new on new.listed_id = b.listed_id
),

kept as (
    select notice_id, bool_and(list_contains(new_kinds, kind)) as keeps_inputs from kinds group by notice_id
)

select
    n.notice_id, old.listed_id, new.listed_id as new_listed_id, old.context_tokens,
    new.context_tokens as new_context_tokens, old.blended_usd, new.blended_usd as new_blended_usd, k.keeps_inputs,
    list_contains(old.supported_names, 'tools') as has_tools,
    list_contains(new.supported_names, 'tools') as has_new_tools
from metrics.model_notices as n
left join metrics.listed_names as a on a.family_id = n.family_id and a.plain_name = n.plain_name
left join metrics.offered_models as old on old.listed_id = a.listed_id
left join metrics.listed_names as b on b.family_id = n.family_id and b.plain_name = n.plain_replacement
left join metrics.offered_models as new on new.listed_id = b.listed_id
left join kept as k on k.notice_id = n.notice_id
