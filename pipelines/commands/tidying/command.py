"""The command that tidies. It is thin and delegates to the module that it imports."""

from pipelines.commands.terminal import handle_ending_signals, out, say


def tidy() -> None:
    """Remove what is too old. The warehouse keeps all rows. What goes is older than HEARTBEAT_KEEP_DAYS (loaded files,
    logs, databases set aside), or the bytes of what was deleted upstream. The schedule does so each night."""
    # Commands import their modules late, to keep `heartbeat --help` fast.
    from pipelines.commands.tidying.step import tidy_home
    from warehouse.settings import read_settings

    handle_ending_signals()
    for line in tidy_home(read_settings()):
        say(out, line)
