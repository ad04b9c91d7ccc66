"""The rules of the design, as tests: what may import what, and what each file must say."""

import ast
import re
from functools import cache
from pathlib import Path

import duckdb
import pytest

from analytics.engine.definitions import read_column_comments, write_definitions
from analytics.engine.models import TABLE, Model, read_models
from pipelines import sources
from tests.paths import ROOT
from tests.worlds.warehouse_rows import build_tables, empty_warehouse

FOLDERS = ("pipelines", "analytics", "dashboards", "warehouse", "tests")
MODELS = read_models()
MAY_IMPORT = {"dashboards": {"warehouse"}, "analytics": {"warehouse"}, "warehouse": set(), "pipelines": {"warehouse"}}
MAY_IMPORT_MORE = {"pipelines/steps.py": {"analytics"}, "pipelines/cluster.py": {"analytics"}}
"""The places where the collecting side calls the building side; the flows and the command line go through them."""
ONLY_IN = {
    "duckdb": ("warehouse/", "analytics/"),
    "distributed": ("pipelines/cluster.py",),
    "prefect_dask": ("pipelines/cluster.py",),
    "prefect": (
        "pipelines/cluster.py",
        "pipelines/flows.py",
        "pipelines/deployments.py",
        "pipelines/commands/serving/prefect_app.py",
    ),
    "streamlit": ("dashboards/",),
    "github": ("pipelines/sources/github/",),
    "huggingface_hub": ("pipelines/sources/huggingface/", "pipelines/snapshots/hub.py"),
    "praw": ("pipelines/sources/reddit/",),
    "prawcore": ("pipelines/sources/reddit/",),
    "httpx2": ("pipelines/",),
    "apprise": ("pipelines/notifying/",),
    "obstore": ("warehouse/places.py",),
}


def _code() -> list[Path]:
    return [path for folder in FOLDERS[:4] for path in sorted((ROOT / folder).rglob("*.py"))]


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _imports(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def test_the_top_holds_five_folders_of_code_and_nothing_else() -> None:
    """The layout is fixed; a sixth folder would be a second place for something."""
    kept = {
        path.name
        for path in ROOT.iterdir()
        if path.is_dir()
        and not path.is_symlink()
        and not path.name.startswith(".")
        and not path.name.endswith(".egg-info")
    }

    assert kept - {"node_modules"} == set(FOLDERS)


def test_imports_go_one_way() -> None:
    """Data flow one way, and so do the modules that carry them."""
    assert {_name(path): names for path in _code() if (names := _find_forbidden_imports(path))} == {}


def _find_forbidden_imports(path: Path) -> set[str]:
    """Finds what a module imports and may not: other folders of ours, and libraries that belong elsewhere."""
    name, imports = _name(path), _imports(path)
    folder = name.partition("/")[0]
    others = set(FOLDERS) - MAY_IMPORT[folder] - {folder} - MAY_IMPORT_MORE.get(name, set())
    return imports & (others | {library for library, places in ONLY_IN.items() if not name.startswith(places)})


def test_only_the_warehouse_opens_duckdb() -> None:
    """One place sets the time zone, the limits and the locks."""
    opening = [_name(path) for path in _code() if "duckdb.connect(" in path.read_text(encoding="utf-8")]

    assert opening == ["warehouse/database.py"]


def test_a_model_reads_only_what_its_layer_may() -> None:
    """Source staging reads one raw table; conformed reads source staging and the ledger; metrics read conformed tables
    or metrics."""
    assert {model.table: model.reads for model in MODELS if not _reads_what_it_may(model)} == {}


def _reads_what_it_may(model: Model) -> bool:
    if model.layer == "staging":
        return model.reads == {model.table.replace("staging.", "raw.")}
    if model.layer == "conformed":
        return all(name.startswith(("staging.", "raw.catalog__", "raw.ledger__")) for name in model.reads)
    return not any(name.startswith("raw.") or "__" in name for name in model.reads)


def test_a_model_asks_a_question() -> None:
    """Its header is the comment on the table, the words beside the chart and the method page."""
    assert [model.table for model in MODELS if not model.header.question.endswith("?")] == []
    assert [model.table for model in MODELS if model.is_public and model.header.unit == "none"] == []


def test_every_public_metric_names_the_tests_that_fail_if_it_is_wrong() -> None:
    """Two files make a metric: its query with the header, and the golden case that the header leads to."""
    proofs = [(model.table, proof) for model in MODELS if model.is_public for proof in model.header.proof.split(",")]
    assert [(table, proof) for table, proof in proofs if not _has_test(proof.strip())] == []


def _has_test(proof: str) -> bool:
    file, _, name = proof.partition("::")
    path = ROOT / "tests" / file
    return path.is_file() and f"def {name}(" in path.read_text(encoding="utf-8")


def test_what_readers_read_is_published_and_nothing_else() -> None:
    """A page that reads a table which stays behind would fail at a reader's, not here; and what nobody reads is copied
    with every version for nothing. A build finds by itself what receipts list."""
    code = [path.read_text(encoding="utf-8") for path in _code() if not _name(path).startswith("analytics/")]
    read = set(re.findall(TABLE, "\n".join(code)))
    steps = [model for model in MODELS if not model.is_public and model.layer != "staging"]

    assert {model.table for model in steps if model.header.is_published} == {model.table for model in steps} & read
    assert [model.table for model in MODELS if model.header.is_published and model not in steps] == []


@pytest.mark.parametrize("source", sources.list_sources())
def test_a_source_declares_each_thing_and_has_a_function_for_it(source: str) -> None:
    """The name of the function is the name of the raw table."""
    module = sources.load_source(source)

    assert module.__doc__
    for thing in sources.get_streams(source):
        assert callable(getattr(module, thing))


@pytest.fixture(scope="module")
def built() -> duckdb.DuckDBPyConnection:
    """All tables without a row, even those that no build keeps."""
    connection = empty_warehouse()
    build_tables(connection, MODELS)
    write_definitions(connection, MODELS)
    return connection


@pytest.mark.slow
def test_every_table_of_a_build_is_unique_by_its_grain_and_every_column_has_its_comment(
    built: duckdb.DuckDBPyConnection,
) -> None:
    """A grain that is only said, and a column that nobody explains, mislead anyone who reads the warehouse."""
    silent = built.execute(
        "select schema_name, table_name, column_name from duckdb_columns() where schema_name in ('staging', 'metrics')"
        " and column_name not in (select name from ledger.comments) union all"
        " select schema_name, table_name, null from duckdb_tables() where schema_name in ('staging', 'metrics')"
        " and schema_name || '.' || table_name not in (select name from ledger.comments) order by all"
    ).fetchall()

    assert silent == []
    for model in MODELS:
        columns = [name for (name,) in built.execute("select name from pragma_table_info(?)", [model.table]).fetchall()]
        assert set(model.header.grain) <= set(columns), f"{model.table} lacks columns of its grain"


@pytest.mark.slow
def test_every_explained_column_exists(built: duckdb.DuckDBPyConnection) -> None:
    existing = {
        name
        for (name,) in built.execute(
            "select distinct column_name from duckdb_columns() where schema_name in ('staging', 'metrics')"
        ).fetchall()
    }

    assert set(read_column_comments()) - existing == set()


def test_public_metrics_have_one_common_shape(built: duckdb.DuckDBPyConnection) -> None:
    """The pages and exports are generic over it."""
    first = [
        "family_id",
        "side",
        "channel_kind",
        "channel_role",
        "segment",
        "statistic",
        "window",
        "value",
        "low",
        "high",
        "unit",
    ]
    shape = [*first, *["n", "n_events", "n_censored", "coverage_share", "as_of_at", "method_version", "state", "note"]]
    for model in MODELS:
        if model.is_public:
            columns = [
                name for (name,) in built.execute("select name from pragma_table_info(?)", [model.table]).fetchall()
            ]
            assert columns == shape, model.table


def test_nothing_names_a_package_host_or_a_folder_of_one_machine() -> None:
    """The repository must work anywhere, through whatever mirror is set up there."""
    hosts = ("py" + "pi.org", "python" + "hosted.", "npm" + "js.", "deb.deb" + "ian.")
    paths = re.compile(r"(?<![.\w])/(?:work|farm)/")
    skipped = {
        ".git",
        ".venv",
        ".cache",
        ".heartbeat",
        "node_modules",
        ".mypy_cache",
        ".ruff_cache",
        ".pytest_cache",
        ".hypothesis",
    }
    for path in sorted(ROOT.rglob("*")):
        if (
            not path.is_file()
            or skipped & set(path.relative_to(ROOT).parts)
            or path.suffix in (".parquet", ".png", ".pyc")
        ):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        assert not any(host in text for host in hosts), _name(path)
        assert not paths.search(text), _name(path)
