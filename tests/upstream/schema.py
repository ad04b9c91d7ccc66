"""GitHub's own published GraphQL schema: fetched once from the package registry by npm, kept in the git-ignored
`.cache`."""

import shutil
import subprocess
import tarfile
import tempfile
from functools import cache
from pathlib import Path

from graphql import GraphQLSchema, build_ast_schema, parse

from tests.paths import ROOT

CACHE = ROOT / ".cache"
SCHEMA = ("@octokit/graphql-schema", "15.26.1", "package/schema.graphql")


class SchemaMissing(Exception):
    """Error for a schema that cannot be fetched; the message says why."""


def fetched(package: str, version: str, member: str, seconds: float = 300) -> Path:
    """The path of one file of an npm package, fetched when it is not there yet. Raises SchemaMissing."""
    name = f"{package.removeprefix('@').replace('/', '-')}-{version}"
    kept = CACHE / f"{name}-{Path(member).name}"
    if kept.is_file():
        return kept
    if not (npm := shutil.which("npm")):
        raise SchemaMissing(
            f"npm is not installed, so {package}@{version} cannot be fetched; or put its {member} at {kept}"
        )
    CACHE.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{name}.", dir=CACHE))
    try:
        command = [npm, "pack", f"{package}@{version}", "--silent", "--pack-destination", str(folder)]
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=seconds, cwd=folder)
        with tarfile.open(next(folder.glob("*.tgz"))) as archive:
            source = archive.extractfile(member)
            assert source is not None
            part = folder / "member"
            part.write_bytes(source.read())
        part.replace(kept)
    except subprocess.CalledProcessError as error:
        raise SchemaMissing(f"npm could not fetch {package}@{version}: {error.stderr.strip()[:200]}") from None
    except (subprocess.TimeoutExpired, StopIteration, KeyError, tarfile.TarError) as error:
        raise SchemaMissing(f"npm did not bring {member} of {package}@{version}: {error!r}") from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return kept


@cache
def github_schema() -> GraphQLSchema:
    """The schema, ready for queries; under a second, once a process. Raises SchemaMissing."""
    text = fetched(*SCHEMA).read_text(encoding="utf-8")
    return build_ast_schema(parse(text, no_location=True), assume_valid=True)
