-- question: Which releases were published?
-- grain: channel_id, version
-- standard: CHAOSS Release Frequency
-- caveats: Drafts are excluded. A release withdrawn later stays. A release read from a feed, without a token, has no
--   number, and whether it is a pre-release is unknown; the repository's own list replaces it. The feed may contain
--   tags that are no releases.
release_id, version, title, url, released_at, is_prerelease
