-- question: Which releases were published?
-- grain: channel_id, version
-- standard: CHAOSS Release Frequency
-- caveats: Drafts are excluded. A release withdrawn later stays. A release read from a feed, without a token, has no
--   number, and whether it is a pre-release is unknown; the repository's own list replaces it. The feed may contain
--   tags that are no releases.
cast(body->>'$.release_id' as bigint) as release_id,
body->>'$.version' as version,
body->>'$.title' as title,
body->>'$.url' as url,
cast(body->>'$.released_at' as timestamp) as released_at,
cast(body->>'$.is_prerelease' as boolean) as is_prerelease
