"""Settings, read from the environment and from `.env`; OPERATIONS.md documents each one."""

import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from warehouse.faults import Fault


class SettingsError(Exception):
    """An invalid setting; the message names the variable and what to write, and never a secret."""

    fault = Fault.MISCONFIGURED


def _strip_secret(value: SecretStr) -> SecretStr:
    return SecretStr(value.get_secret_value().strip())


def _check_length(value: SecretStr) -> SecretStr:
    if 0 < len(value) < LEAST_CHARACTERS:
        raise ValueError
    return value


def _to_utc(value: datetime) -> datetime:
    try:
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    except OverflowError:
        raise ValueError("no such instant in UTC") from None


def _check_home(value: Path) -> Path:
    """Raises ValueError for a file, or a path below one."""
    path = value.absolute()
    if not next(place for place in (path, *path.parents) if os.path.lexists(place)).is_dir():
        raise ValueError
    return value


def _check_address(value: str) -> str:
    return str(ip_address(value))


def _split_names(value: str) -> frozenset[str]:
    return frozenset(name.strip().lower() for name in value.split(",") if name.strip())


def _find_password(url: str) -> str:
    """Finds the password in an address, as it is there."""
    try:
        return urlsplit(url).password or ""
    except ValueError:
        return ""


Home = Annotated[
    Path, AfterValidator(_check_home), Field(description="the path of a folder; this is a file, or below one")
]
Minutes = Annotated[float, Field(gt=0, le=525_600, description="minutes, more than 0 and at most 525,600 (a year)")]
Port = Annotated[int, Field(ge=1, le=65535, description="a port from 1 to 65535")]
Address = Annotated[str, AfterValidator(_check_address), Field(description="an IP address, such as 127.0.0.1")]
Token = Annotated[SecretStr, AfterValidator(_strip_secret)]
LEAST_CHARACTERS = 32
Secret = Annotated[
    Token, AfterValidator(_check_length),
    Field(description=f"at least {LEAST_CHARACTERS} characters nobody can guess, as `openssl rand -base64 33` makes"),
]  # fmt: skip
Instant = Annotated[datetime, AfterValidator(_to_utc)]
SECRET_LIKE = re.compile(r"@|[\w-]{20}")
"""What a login in an address has, or a token that was written into the wrong variable."""
PRIVATE_HOST = r"([\w.-]+|[\da-fA-F.]*(:[\da-fA-F.]*){2,})"
"""A name or an address, of IPv6 without brackets; a port would match nothing."""
PUBLIC_HOST = r"([\w.-]+|\[[\da-fA-F:.]+\])(:\d+)?"
TOKENS = ("GITHUB_TOKEN", "HF_TOKEN", "REDDIT_CLIENT_ID", "REDDIT_CLIENT_SECRET", "STACKEXCHANGE_KEY")
ENV_FILE = ".env"
WAREHOUSE_FILE, PEOPLE_KEY_FILE = "warehouse.duckdb", "people.key"
"""Files in a home, named here for anyone who must not load what opens them."""
OPEN_NAMES = ("PATH", "HOME", "USER", "LANG", "LANGUAGE", "TZ", "TERM", "TMPDIR", "VIRTUAL_ENV", "SYSTEMROOT")
"""Variables of the environment that hold no secrets and that a server may need."""
OPEN_PREFIXES = ("HEARTBEAT_", "PYTHON", "LC_", "XDG_", "STREAMLIT_", "COVERAGE_")
PEOPLE_KEY, NOTIFY, DEADMAN = "HEARTBEAT_PEOPLE_KEY", "HEARTBEAT_NOTIFY", "HEARTBEAT_DEADMAN"
STATE_KEY = "HEARTBEAT_STATE_KEY"
LANDING, BUILDING, SNAPSHOT = "HEARTBEAT_LANDING", "HEARTBEAT_BUILDING", "HEARTBEAT_SNAPSHOT"
CLOSED_NAMES = (PEOPLE_KEY, STATE_KEY, NOTIFY, DEADMAN, LANDING, BUILDING, SNAPSHOT)
"""Variables of ours that are secrets, or addresses that may hold a key."""
SECRETS_FOLDER = "CREDENTIALS_DIRECTORY"
"""Variable with the folder of files that hold one setting each, as systemd names it; containers mount their secrets."""


class Settings(BaseSettings):
    """One field per environment variable, named by its alias."""

    model_config = SettingsConfigDict(env_file=ENV_FILE, extra="ignore", env_ignore_empty=True)

    home: Home = Field(Path(".heartbeat"), alias="HEARTBEAT_HOME")
    catalog: Path | None = Field(None, alias="HEARTBEAT_CATALOG")
    catalog_only: bool = Field(False, alias="HEARTBEAT_CATALOG_ONLY", description="1 or 0")
    landing: str = Field("", alias=LANDING)
    building: str = Field("", alias=BUILDING)
    allow_private_hosts: str = Field(
        "", alias="HEARTBEAT_ALLOW_PRIVATE_HOSTS", pattern=rf"^\s*({PRIVATE_HOST}\s*(,|$)\s*)*$",
        description="names or addresses of hosts without ports, separated by commas, such as 127.0.0.1",
    )  # fmt: skip
    contact: str = Field(
        "", alias="HEARTBEAT_CONTACT", max_length=200, pattern=r"^[ -~]*$",
        description="at most 200 characters, all of ASCII",
    )  # fmt: skip
    now: Instant | None = Field(
        None, alias="HEARTBEAT_NOW", description="a time in ISO 8601, such as 2026-11-01T06:00:00Z"
    )
    channel_minutes: Minutes = Field(15, alias="HEARTBEAT_CHANNEL_MINUTES")
    run_minutes: Minutes = Field(360, alias="HEARTBEAT_RUN_MINUTES")
    keep_days: int = Field(
        30, alias="HEARTBEAT_KEEP_DAYS", ge=1, le=3650, description="a whole number of days from 1 to 3650"
    )
    address: Address = Field("127.0.0.1", alias="HEARTBEAT_ADDRESS")
    port: Port = Field(8501, alias="HEARTBEAT_PORT")
    hosts: str = Field(
        "", alias="HEARTBEAT_HOSTS", pattern=rf"^\s*({PUBLIC_HOST}\s*(,|$)\s*)*$",
        description="hosts, with a port if it is not 80 or 443, separated by commas, such as heartbeat.example.com",
    )  # fmt: skip
    prefect_port: Port = Field(4200, alias="HEARTBEAT_PREFECT_PORT")
    people_key: Token = Field(SecretStr(""), alias=PEOPLE_KEY)
    state_key: Secret = Field(SecretStr(""), alias=STATE_KEY)
    github_token: Token = Field(SecretStr(""), alias="GITHUB_TOKEN")
    hf_token: Token = Field(SecretStr(""), alias="HF_TOKEN")
    reddit_client_id: Token = Field(SecretStr(""), alias="REDDIT_CLIENT_ID")
    reddit_client_secret: Token = Field(SecretStr(""), alias="REDDIT_CLIENT_SECRET")
    stackexchange_key: Token = Field(SecretStr(""), alias="STACKEXCHANGE_KEY")
    terms: str = Field("", alias="HEARTBEAT_TERMS")
    snapshot: str = Field("", alias=SNAPSHOT)
    news: Literal["off", "at-once", "weekly"] = Field(
        "weekly", alias="HEARTBEAT_NEWS", description="weekly, at-once or off"
    )
    public_url: str = Field(
        "", alias="HEARTBEAT_PUBLIC_URL", max_length=200, pattern=r"^(https?://[\w.:\[\]~%/-]+)?$",
        description="an address such as https://heartbeat.example.com, of at most 200 characters",
    )  # fmt: skip
    publisher: str = Field("", alias="HEARTBEAT_PUBLISHER", max_length=100, description="at most 100 characters")
    freshness: str = Field("", alias="HEARTBEAT_FRESHNESS")
    notify: Token = Field(SecretStr(""), alias=NOTIFY)
    deadman: Token = Field(SecretStr(""), alias=DEADMAN)

    @property
    def landing_url(self) -> str:
        """Path or object-store URL of the landing zone."""
        return self.landing or str(self.home / "landing")

    @property
    def private_hosts(self) -> frozenset[str]:
        """Private or loopback hosts that a base URL may name."""
        return frozenset(host.strip() for host in self.allow_private_hosts.split(",") if host.strip())

    @property
    def dashboard_hosts(self) -> frozenset[str]:
        """Further hosts, with their ports, under which readers reach the dashboard, such as a reverse proxy's."""
        return _split_names(self.hosts)

    @property
    def dashboard_address(self) -> str:
        """Address under which readers reach the dashboard, without the slash at its end; empty if it is not public."""
        return self.public_url.rstrip("/")

    @property
    def accepted_terms(self) -> frozenset[str]:
        """Sources and hosts whose terms the operator has accepted."""
        return _split_names(self.terms)

    @property
    def notify_places(self) -> list[str]:
        """Addresses (as Apprise writes them) of those who get messages. Never log or store them."""
        return self.notify.get_secret_value().split()

    def list_secrets(self) -> list[str]:
        """Lists everything that no text may hold, the longest first: one may begin like another."""
        from urllib.request import getproxies  # late: it takes long to import

        keys = (self.people_key, self.state_key, self.deadman)
        others = [*(key.get_secret_value() for key in keys), *self.notify_places]
        proxies = (f"//{value.rpartition('//')[2]}" for value in getproxies().values())
        for password in map(_find_password, (self.landing, self.building, self.snapshot, *proxies)):
            # Libraries quote it as it is written, or as they send it.
            others += [password, unquote(password)]
        secrets = {*self.get_tokens().values(), *filter(None, others)}
        return sorted(secrets, key=lambda secret: (-len(secret), secret))

    def get_tokens(self) -> dict[str, str]:
        """Returns the tokens that are set, by variable name. Never log or store the values."""
        values = {name: getattr(self, name.lower()).get_secret_value() for name in TOKENS}
        return {name: value for name, value in values.items() if value}

    def clock(self) -> datetime:
        """Returns the current instant (UTC), or the frozen one of HEARTBEAT_NOW."""
        return self.now or datetime.now(UTC)


def select_open_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Returns the variables that a server may see: no token, no key, nothing that other programs keep secret."""
    return {
        name: value
        for name, value in environment.items()
        if (name in OPEN_NAMES or name.startswith(OPEN_PREFIXES)) and name not in CLOSED_NAMES
    }


def read_settings(env_file: str | None = ENV_FILE) -> Settings:
    """Reads the settings of this process, and of files unless `env_file` is None. Raises SettingsError, naming every
    invalid variable."""
    folder = os.environ.get(SECRETS_FOLDER) if env_file else None
    # systemd names a folder also if there is nothing to put into it, and makes none.
    if not folder or not Path(folder).exists():
        folder = None
    elif not Path(folder).is_dir():
        raise SettingsError(f"{SECRETS_FOLDER}: {folder} is not a folder")
    try:
        return Settings(_env_file=env_file, _secrets_dir=folder)
    except ValidationError as error:
        raise SettingsError("; ".join(_describe_fault(fault) for fault in error.errors())) from None
    except UnicodeDecodeError:
        raise SettingsError(f"{env_file}: not a text in UTF-8; save it as one") from None


def _describe_fault(fault: Mapping[str, Any]) -> str:
    """Names the variable, its value unless that may be a secret, and what is allowed."""
    name, value = str(fault["loc"][0]), str(fault["input"])
    allowed = next(field.description for field in Settings.model_fields.values() if field.alias == name)
    is_secret = name in (*TOKENS, *CLOSED_NAMES) or SECRET_LIKE.search(value)
    return f"{name}: {'' if is_secret else f'{value!r}: '}write {allowed}"
