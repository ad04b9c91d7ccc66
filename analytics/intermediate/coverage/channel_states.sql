-- question: What do the channels of each family allow to be compared?
-- grain: subject, family_id, channel_kind, channel_role
-- caveats: What comparisons need of channel_coverage, which every visit changes.
select subject, family_id, channel_kind, channel_role, coverage_state from metrics.channel_coverage
