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
with judged as (
    select
        n.*, old.listed_id, new.listed_id as new_listed_id, t.statistic,
        case
            when t.statistic = 'context' then new.context_tokens >= old.context_tokens
            when t.statistic = 'price' then new.blended_usd <= old.blended_usd * (1 + 1e-9)
            when t.statistic = 'inputs' and len(old.input_kinds) > 0
                then list_has_all(new.input_kinds, old.input_kinds)
            when t.statistic = 'tools' and list_contains(old.supported_names, 'tools')
                then list_contains(new.supported_names, 'tools')
        end as is_yes
    from metrics.model_notices as n
    left join metrics.listed_names as a on a.family_id = n.family_id and a.plain_name = n.plain_name
    left join metrics.offered_models as old on old.listed_id = a.listed_id
    left join metrics.listed_names as b on b.family_id = n.family_id and b.plain_name = n.plain_replacement
    left join metrics.offered_models as new on new.listed_id = b.listed_id
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
