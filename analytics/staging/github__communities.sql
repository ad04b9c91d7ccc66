-- question: Which of the files that help newcomers does each repository have, on each day of a visit?
-- grain: channel_id, day_on
-- unit: none
-- standard: none
-- caveats: GitHub's community profile, one snapshot a day; days without a visit are missing, not zero. The score is
--   GitHub's own and counts only files where GitHub looks for them: an organisation's defaults count, a page elsewhere
--   does not.
-- version: 1
select
    channel_id,
    cast(body->>'$.day_on' as date) as day_on,
    cast(body->>'$.health_percentage' as bigint) as health_percentage,
    cast(body->>'$.has_description' as boolean) as has_description,
    cast(body->>'$.has_documentation' as boolean) as has_documentation,
    cast(body->>'$.has_code_of_conduct' as boolean) as has_code_of_conduct,
    cast(body->>'$.has_contributing' as boolean) as has_contributing,
    cast(body->>'$.has_issue_template' as boolean) as has_issue_template,
    cast(body->>'$.has_pull_request_template' as boolean) as has_pull_request_template,
    cast(body->>'$.has_licence' as boolean) as has_licence,
    cast(body->>'$.has_readme' as boolean) as has_readme,
    source_time,
    seen_at
from raw.github__communities
