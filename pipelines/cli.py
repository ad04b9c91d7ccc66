"""The `heartbeat` command line: registers every command and turns expected errors into one-line messages."""

import gc
import os
from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperArgument, TyperCommand

from pipelines.commands import reading, running
from pipelines.commands.alerting.command import alerts, notify
from pipelines.commands.backups import backup, restore
from pipelines.commands.forgetting.command import forget
from pipelines.commands.model_ends import ends
from pipelines.commands.news import news
from pipelines.commands.terminal import SIGNALLED, exit_now, prepare_streams, print_error
from warehouse.attempts.signals import find_signal

COMMANDS: dict[str, Callable[..., None]] = {
    "up": running.up,
    "collect": running.collect,
    "refresh": running.refresh,
    "build": running.build,
    "publish": running.publish,
    "serve": running.serve,
    "dashboard": running.dashboard,
    "status": reading.status,
    "doctor": reading.doctor,
    "metrics": reading.metrics,
    "claims": reading.claims,
    "news": news,
    "export": reading.export,
    "receipt": reading.receipt,
    "site": reading.site,
    "ends": ends,
    "alerts": alerts,
    "notify": notify,
    "backup": backup,
    "restore": restore,
    "tidy": running.tidy,
    "forget": forget,
    "catalog check": reading.check_catalog,
    "catalog facts": reading.list_facts,
}
"""Commands in the order that `heartbeat --help` lists them."""
EXAMPLES = {
    "up": ("heartbeat up", "heartbeat up --sample --no-browser", "heartbeat up --from public-snapshot"),
    "collect": (
        "heartbeat collect --source github --family llama",
        "heartbeat collect --since 2026-01-01 --budget 200",
    ),
    "refresh": (
        "heartbeat refresh",
        "heartbeat refresh --state heartbeat.age --to public-snapshot --as Lab",
    ),
    "build": ("heartbeat build", "heartbeat build --full", "heartbeat build --on tcp://scheduler:8786"),
    "publish": ("heartbeat publish", 'heartbeat publish --to public-snapshot --as "Example Lab"'),
    "serve": ("heartbeat serve",),
    "dashboard": ("heartbeat dashboard --no-browser",),
    "status": ("heartbeat status", "heartbeat status --all | grep gpt", "heartbeat status --json"),
    "doctor": ("heartbeat doctor", "heartbeat doctor --all"),
    "metrics": ("heartbeat metrics", "heartbeat metrics answered_share"),
    "claims": ("heartbeat claims", "heartbeat claims H2 --json", "heartbeat claims --registered | sha256sum"),
    "catalog check": ("heartbeat catalog check", "heartbeat catalog check my-families"),
    "catalog facts": ("heartbeat catalog facts",),
    "news": ("heartbeat news", "heartbeat news --since 2026-11-01 --json"),
    "export": ("heartbeat export all --out export", "heartbeat export answered_share --family qwen --window 365d"),
    "receipt": (
        "heartbeat receipt answered_share family=qwen kind=tracker segment=anyone \\",
        "      statistic=within_7d",
    ),
    "site": (
        "heartbeat site --out site",
        "heartbeat site --out site --address https://example.github.io/heartbeat",
    ),
    "alerts": ("heartbeat alerts", "heartbeat alerts --dry-run"),
    "notify": ("heartbeat notify",),
    "backup": ("heartbeat backup heartbeat-backup",),
    "restore": ("HEARTBEAT_HOME=new-home heartbeat restore heartbeat-backup",),
    "tidy": ("heartbeat tidy", "HEARTBEAT_KEEP_DAYS=90 heartbeat tidy"),
    "forget": (
        "heartbeat forget github:octocat",
        "heartbeat forget https://github.com/octocat/demo/issues/1",
    ),
}
"""Lines that a user may type, shown in the help of each command; `ends` has its own."""
GC_THRESHOLD = 200_000
"""New objects before Python's garbage collector looks for reference cycles, in all of a command. At its default it does
so again and again during imports, among modules that stay, which takes a tenth of a short command's time."""


class PlainCommand(TyperCommand):
    """A command whose help names its arguments without the types of Python, such as `list[Path]`."""

    def __init__(self, *words: Any, **options: Any) -> None:
        super().__init__(*words, **options)
        for argument in (param for param in self.params if isinstance(param, TyperArgument)):
            vars(argument)["display_type_rich"] = lambda ctx: ""


class ProgramCommand(PlainCommand):
    """A command that reads its own options, all of them: what follows `--` is a name, whatever it begins with."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Leaves all words to the command."""
        ctx.args = args
        return args


app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
catalog_app = typer.Typer(no_args_is_help=True, help="The families compared, and their channels.")
app.add_typer(catalog_app, name="catalog")
for name, command in COMMANDS.items():
    group = catalog_app if name.startswith("catalog ") else app
    # The first mark keeps the help from filling the examples into one paragraph.
    epilog = "\n".join(["\b", "Examples:", *(f"  {line}" for line in EXAMPLES.get(name, ()))])
    kind = ProgramCommand if command is ends else PlainCommand
    group.command(name.split()[-1], cls=kind, epilog=epilog)(command)


def run() -> None:
    """Runs the command line; an expected error becomes one line and exit code 2, a signal 128 and its number."""
    prepare_streams()
    # Estimates work on small matrices, for which a second thread of BLAS only waits for the first.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.set_threshold(GC_THRESHOLD)
    # A proxy for other hosts cannot reach our own servers here, and would read the login of Prefect's.
    direct = os.environ.get("no_proxy") or os.environ.get("NO_PROXY")
    os.environ["no_proxy"] = os.environ["NO_PROXY"] = ",".join(filter(None, (direct, "127.0.0.1", "localhost")))
    code = 0
    try:
        if os.environ.keys() & {"HTTPS_PROXY", "https_proxy"}:
            from pipelines.http.proxies import find_proxy

            find_proxy()
        # Typer exits by raising SystemExit, so its code has to be caught to reach `exit_now`.
        app()
    except Exception as error:
        # A signal may interrupt a library with an error of its own.
        if not find_signal():
            if not _is_expected(error):
                raise
            print_error(_describe(error))
        code = 2
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    number = find_signal()
    exit_now(SIGNALLED + number if number and code else code)


def _describe(error: Exception) -> str:
    from pipelines.attempts import describe_failure

    return describe_failure(error) if isinstance(error, OSError) else str(error)


def _is_expected(error: Exception) -> bool:
    """True for errors whose message says what to do; a traceback would only bury it."""
    # Imported late, to keep `heartbeat --help` fast.
    from pipelines.catalog.faults import CatalogError
    from warehouse.database import WarehouseError
    from warehouse.export import ExportError
    from warehouse.faults import LandingError
    from warehouse.lock import Locked
    from warehouse.settings import SettingsError

    own = (CatalogError, ExportError, LandingError, Locked, SettingsError, WarehouseError)
    return isinstance(error, (*own, OSError))


@app.callback()
def heartbeat() -> None:
    """Measures how well people are supported when they build on large language models."""
