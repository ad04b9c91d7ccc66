-- question: What share of retired models has a replacement that offers as much?
-- title: replacements that offer as much
-- titles: context = replacements with at least as long a context; price = replacements at no higher price; inputs =
--   replacements that accept the same inputs; tools = replacements that still use tools
-- unit: share
-- better: high
-- caveats: Of models whose maker names another of its own as the replacement, both as last seen in OpenRouter's list:
--   `context` is not shorter, `price` (three parts input, one part output) is not higher, `inputs` accepts every kind
--   of input that the old one accepted, `tools` can still be called. Pairs that cannot be looked up are excluded and
--   counted. Whether the replacement can be fine-tuned like the old model is not collected by model.
-- proof: analytics/metrics/test_notices.py::test_a_replacement_is_held_against_what_it_replaces
-- shape: share
-- version: 2
-- covers: notices
-- of: replaced models
-- segments: all
-- statistics: context, price, inputs, tools
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
),

replacement_pairs as (
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
),

judged as (
    select
        n.*, p.listed_id, p.new_listed_id, t.statistic,
        case t.statistic
            when 'context' then p.new_context_tokens >= p.context_tokens
            when 'price' then p.new_blended_usd <= p.blended_usd * (1 + 1e-9)
            when 'inputs' then p.keeps_inputs
            when 'tools' then case when p.has_tools then p.has_new_tools end
        end as is_yes
    from metrics.model_notices as n
    join replacement_pairs as p on p.notice_id = n.notice_id
    cross join (values ('context'), ('price'), ('inputs'), ('tools')) as t (statistic)
)

select
    notice_id as item_id, url, family_id, channel_kind, channel_role, true as is_pooled, 'all' as segment, statistic,
    age_days, is_yes, case
        when plain_replacement is null or plain_replacement = '' then 'without a named replacement'
        when listed_id is null then 'not in the list of prices'
        when new_listed_id is null then 'whose replacement is not in the list of prices'
        when is_yes is null then 'for which it is unknown or that lacked it'
    end as exclusion_reason
from judged
