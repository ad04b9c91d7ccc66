"""Settings come from the variables that the README names, and from no other."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.paths import ROOT
from warehouse.settings import SECRETS_FOLDER, Settings, SettingsError, read_settings, select_open_environment


def _clear(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for field in Settings.model_fields.values():
        monkeypatch.delenv(str(field.alias), raising=False)
    monkeypatch.chdir(tmp_path)


def test_a_variable_that_bears_a_fields_bare_name_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """HOME is set on every machine and PORT on many; all data once was in the user's home directory itself."""
    _clear(monkeypatch, tmp_path)
    expected = read_settings()
    for name, field in Settings.model_fields.items():
        if str(field.alias).lower() != name:
            monkeypatch.setenv(name.upper(), "1" if "port" in name else "2001-02-03")
            monkeypatch.setenv(name, "1" if "port" in name else "2001-02-03")

    assert read_settings() == expected
    assert (expected.home, expected.port, expected.now) == (Path(".heartbeat"), 8501, None)


def test_the_names_of_the_readme_are_read_from_the_environment_and_from_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The environment wins; an empty variable counts as unset; the dashboard opens no file."""
    _clear(monkeypatch, tmp_path)
    (tmp_path / ".env").write_text("HEARTBEAT_PORT=8600\nHEARTBEAT_HOME=/from/file\nGITHUB_TOKEN=canary\n")
    monkeypatch.setenv("HEARTBEAT_PORT", "8700")
    monkeypatch.setenv("HEARTBEAT_HOME", "")
    settings, without_file = read_settings(), read_settings(env_file=None)

    assert (settings.port, settings.home, "GITHUB_TOKEN" in settings.get_tokens()) == (8700, Path("/from/file"), True)
    assert (without_file.home, without_file.get_tokens()) == (Path(".heartbeat"), {})


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("HEARTBEAT_HOME", "/etc/passwd", "'/etc/passwd': write the path of a folder; this is a file, or below one"),
        ("HEARTBEAT_HOME", "/etc/passwd/a", "'/etc/passwd/a': write the path of a folder; this is a file, or below"),
        ("HEARTBEAT_CATALOG_ONLY", "ja", "'ja': write 1 or 0"),
        ("HEARTBEAT_ALLOW_PRIVATE_HOSTS", "::1,localhost:80", "'::1,localhost:80': write names or addresses of hosts"),
        ("HEARTBEAT_CONTACT", "ü", "'ü': write at most 200 characters"),
        ("HEARTBEAT_NOW", "today", "'today': write a time in ISO 8601"),
        ("HEARTBEAT_CHANNEL_MINUTES", "0", "'0': write minutes, more than 0"),
        ("HEARTBEAT_RUN_MINUTES", "inf", "'inf': write minutes, more than 0"),
        ("HEARTBEAT_KEEP_DAYS", "0", "'0': write a whole number of days"),
        ("HEARTBEAT_ADDRESS", "localhost", "'localhost': write an IP address"),
        ("HEARTBEAT_PORT", "99999", "'99999': write a port from 1 to 65535"),
        ("HEARTBEAT_HOSTS", "http://a.b/", "'http://a.b/': write hosts"),
        ("HEARTBEAT_PREFECT_PORT", "x", "'x': write a port from 1 to 65535"),
        ("HEARTBEAT_NEWS", "daily", "'daily': write weekly, at-once or off"),
        ("HEARTBEAT_PUBLIC_URL", "https://me:secret@a.b", "write an address such as https://"),
        ("HEARTBEAT_PUBLISHER", "x" * 101, "write at most 100 characters"),
    ],
)
def test_a_wrong_value_is_named_with_what_to_write(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str, value: str, words: str
) -> None:
    """In our own words, with the value unless it may hold a password."""
    _clear(monkeypatch, tmp_path)
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as refused:
        read_settings()

    assert str(refused.value).startswith(f"{variable}: {words}") and "secret" not in str(refused.value)


def test_with_no_setting_at_all_data_are_kept_in_the_folder_where_the_command_runs(tmp_path: Path) -> None:
    """As a fresh machine has it: a home directory, and nothing of ours in the environment."""
    home, folder = tmp_path / "user", tmp_path / "project"
    home.mkdir()
    folder.mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HEARTBEAT_")}
    done = subprocess.run(
        [sys.executable, "-m", "pipelines", "build"], cwd=folder, capture_output=True, text=True, timeout=120,
        env=kept | {"HOME": str(home), "PORT": "1", "PYTHONPATH": str(ROOT)}, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, "")
    assert [path.name for path in folder.iterdir()] == [".heartbeat"]
    assert list(home.iterdir()) == []


def test_secrets_are_read_from_the_folder_of_a_service_by_what_collects_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """systemd and containers give files, which neither a child's environment nor a list of processes shows."""
    _clear(monkeypatch, tmp_path)
    (tmp_path / "GITHUB_TOKEN").write_text("ghp_CANARY\n")
    (tmp_path / "HF_TOKEN").write_text("hf_CANARY\n")
    monkeypatch.setenv(SECRETS_FOLDER, str(tmp_path))
    monkeypatch.setenv("HF_TOKEN", "of the environment")

    assert read_settings().get_tokens() == {"GITHUB_TOKEN": "ghp_CANARY", "HF_TOKEN": "of the environment"}
    assert read_settings(None).get_tokens() == {"HF_TOKEN": "of the environment"}
    assert SECRETS_FOLDER not in select_open_environment(os.environ)
    monkeypatch.setenv(SECRETS_FOLDER, str(tmp_path / "none"))
    assert read_settings().get_tokens() == {"HF_TOKEN": "of the environment"}
    monkeypatch.setenv(SECRETS_FOLDER, str(tmp_path / "HF_TOKEN"))
    with pytest.raises(SettingsError, match=r"^CREDENTIALS_DIRECTORY: .*HF_TOKEN is not a folder$"):
        read_settings()
