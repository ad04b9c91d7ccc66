"""Accounts whose roles are set by hand in `_accounts.toml`, beside the family files; stored as pseudonyms only."""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from pipelines import sources
from pipelines.catalog.faults import CatalogError, explain_fault, suggest
from pipelines.people import People

FILE = "_accounts"
"""File name without its extension."""


class _AccountEntry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Account(_AccountEntry):
    """One account and its role, which overrides every other rule."""

    source: str
    """A source, plus the site where a name is not unique: `github`, `discourse/discuss.huggingface.co`."""
    login: str = Field(min_length=1, max_length=100)
    role: Literal["staff", "maintainer", "outsider", "bot", "agent"]
    why: str = Field(min_length=5, max_length=300)

    @field_validator("source")
    @classmethod
    def _is_known(cls, source: str) -> str:
        name = source.partition("/")[0]
        if name not in sources.list_sources():
            raise ValueError(f"unknown source {name!r}{suggest(name, sources.list_sources())}")
        return source


class _AccountsFile(_AccountEntry):
    accounts: tuple[Account, ...] = Field(default=(), alias="account")


TABLES: dict[str, type[BaseModel]] = {"": _AccountsFile, "account": Account}


def read_accounts(folders: Iterable[Path]) -> tuple[Account, ...]:
    """Reads the `_accounts.toml` of each folder; a later folder overrides an earlier one.

    Raises CatalogError.
    """
    accounts: dict[tuple[str, str], Account] = {}
    for path in (folder / f"{FILE}.toml" for folder in folders):
        if path.is_file():
            accounts |= {(account.source, account.login.lower()): account for account in _read_file(path)}
    return tuple(accounts.values())


def _read_file(path: Path) -> tuple[Account, ...]:
    try:
        text = path.read_text(encoding="utf-8")
        return _AccountsFile.model_validate(tomllib.loads(text)).accounts
    except (UnicodeDecodeError, RecursionError, tomllib.TOMLDecodeError) as error:
        raise CatalogError(f"{path}: not valid TOML: {error}") from None
    except ValidationError as error:
        raise CatalogError("\n".join(explain_fault(path, text, fault, TABLES) for fault in error.errors())) from None


def make_account_rows(accounts: Iterable[Account], people: People) -> list[dict[str, object]]:
    """Returns the accounts as rows of `raw.catalog__accounts`: pseudonyms, never names."""
    return [
        {
            "source": account.source,
            "actor_id": people.make_pseudonym(account.source, account.login),
            "role": account.role,
            "why": account.why,
        }
        for account in accounts
    ]
