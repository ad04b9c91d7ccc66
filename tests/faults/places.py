"""The steps of a run in which a fault may be met, and the faults that can be met there."""

COLLECTING = (
    "pipelines.collecting.run:open_writer", "warehouse.landing:Writer.add_rows",
    "warehouse.landing:pack_file", "warehouse.places:sync",
    "warehouse.places:replace_file", "warehouse.durable:sync",
)  # fmt: skip
BUILDING = (
    "warehouse.attempts.writer:replace_file", "warehouse.attempts.writer:AttemptWriter._append",
    "pipelines.steps:replace_catalog", "warehouse.load:insert_rows", "warehouse.load:insert_landed",
    "warehouse.load:_write_ledger", "analytics.engine.build:add_new_rows", "analytics.engine.staging:render_winners",
    "analytics.engine.build:make_table", "analytics.engine.build:record_hashes", "analytics.engine.build:_count_build",
)  # fmt: skip
PUBLISHING = (
    "warehouse.publish:write_comments", "warehouse.publish:sync", "warehouse.publish:digest_file",
    "warehouse.publish:replace_file", "warehouse.publish:write_file", "warehouse.durable:replace_file",
    "warehouse.durable:sync", "warehouse.publish:_remove_old_versions", "warehouse.publish:_remove",
)  # fmt: skip
OF_SYSTEM = ("warehouse.durable:", "warehouse.attempts.")
"""Steps at which the system fails, and not the engine."""
ENDING = ("kill", "power, old names", "power, new names")
OF_FILES = ("ENOSPC", "EIO", "EROFS")
ERRORS = (*OF_FILES, "engine", "engine memory", "no memory")
