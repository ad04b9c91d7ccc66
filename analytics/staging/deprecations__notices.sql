-- question: What does each vendor's page currently state about the end of each model?
-- grain: channel_id, notice_code
-- caveats: A row is landed only if it is new or changed. A notice that vanished from the page stays as last seen:
--   `deprecations__notice_events` records whether it is still listed. If one announcement has two rows, the one with
--   the later end is kept.
notice_code, model, subject_kind, announced_on, announced_kind, deprecated_on, shutdown_on, shutdown_kind,
closed_to_new_on, replacements as replacement, stage, region, url, drift as drift_words
