-- question: How often was each package downloaded on each day?
-- grain: channel_id, downloaded_on
-- standard: CHAOSS Number of Downloads
-- caveats: Mirrors are excluded, machines are not: most downloads are builds and tests that install from scratch (CI),
--   so the count shows how much software is built on the package, not how many people use it. The latest days may be
--   corrected later; corrections more than seven days back are not seen.
package as package_name, day_on as downloaded_on, downloads as downloads_count
