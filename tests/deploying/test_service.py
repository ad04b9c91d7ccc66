"""What OPERATIONS.md says of a service of systemd, as written: installed, upgraded, restored, removed.

On a copy of what the blocks change, and with what systemd would do written out: units are enabled, but none is started.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploying.confining import CODE, list_emptied
from tests.deploying.documents import find_block
from tests.paths import ROOT
from tests.worlds.page_worlds import NOW
from warehouse.landing import open_writer, open_zone

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root installs a service"),
    pytest.mark.skipif(not shutil.which("bwrap"), reason="bubblewrap, which keeps the machine as it is"),
    pytest.mark.skipif(not Path("/usr/bin/systemctl").exists(), reason="systemctl, which enables units"),
]
STAND_INS = {
    # Sets nothing up: the virtual environment is that of the tests.
    "make": f"ln -sfn {Path(sys.prefix).resolve()} /opt/heartbeat/.venv",
    # Enables and disables, and starts nothing.
    "systemctl": """for one; do shift; [ "$one" = --now ] || set -- "$@" "$one"; done
        SYSTEMD_OFFLINE=1 /usr/bin/systemctl "$@\"""",
    # Knows the options that are used, and the two properties that need a running systemd.
    "systemd-run": """umask 077
        while [ "$1" != "${1#--}" ]; do
            case $1 in
                --uid=*) user=${1#*=} ;;
                --working-directory=*) cd "${1#*=}" ;;
                --setenv=*) export "${1#*=}" ;;
                --property=UMask=0077 | --property=ImportCredential=*) ;;
                --property=EnvironmentFile=-/etc/heartbeat.env) ;;
                --quiet | --wait | --collect | --pty | --pipe) ;;
                *) exit 64 ;;
            esac
            shift
        done
        setpriv --reuid="$user" --regid="$user" --clear-groups "$@\"""",
}
LOOK = "find /etc /opt /var/lib /usr/local/bin | grep -v -e '-$' -e '/.pwd.lock$' | sort; sort /etc/passwd /etc/group"
SCRIPT = f"""set -e
({LOOK}) > /tmp/before
cd /mnt/origin; git init --quiet; git add .; git commit --quiet --message First
git clone --quiet /mnt/origin /opt/heartbeat
{find_block("make -C")}
id heartbeat
install --directory --owner heartbeat --group heartbeat --mode 700 /var/lib/heartbeat
cp -r /mnt/home/. /var/lib/heartbeat
chown -R heartbeat:heartbeat /var/lib/heartbeat
touch /etc/heartbeat.env
({LOOK}) > /tmp/while
echo LATER; git -C /mnt/origin commit --quiet --allow-empty --message Later
{find_block("heartbeat backup /var/backups")}
git -C /opt/heartbeat log -1 --format=%s
echo RESTORED
rm -rf /var/lib/heartbeat/landing
{find_block("systemctl stop")}
diff --recursive --exclude .aside /mnt/home/landing /var/lib/heartbeat/landing
stat --format='%U %a' /var/lib/heartbeat/landing/*
rm -rf /var/lib/heartbeat-former
echo REMOVED
{find_block("systemctl disable")}
({LOOK}) > /tmp/after
diff /tmp/before /tmp/while > /tmp/installed && exit 3
cat /tmp/installed
diff /tmp/before /tmp/after
"""


def test_a_service_is_installed_upgraded_restored_and_removed_as_written(tmp_path: Path) -> None:
    """A backup is made by the service's own user, a restored home is his, and nothing of it all stays."""
    stand_ins = tmp_path / "stand-ins"
    stand_ins.mkdir()
    for name, text in STAND_INS.items():
        (stand_ins / name).write_text(f'#!/bin/sh\necho "{name} $*"\n{text}\n')
        (stand_ins / name).chmod(0o755)
    shutil.copytree(ROOT / ".deploy", tmp_path / "origin" / ".deploy")
    home = tmp_path / "home"
    open_writer(open_zone(str(home / "landing")), "a.b.c", "github", NOW).finish(NOW)
    (home / "people.key").write_text("k" * 64)

    done = subprocess.run(_confine(tmp_path), input=SCRIPT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    installed, upgraded, restored, removed = _split(done.stdout)
    assert "heartbeat-dashboard" in installed
    assert "1 landed" in upgraded and upgraded.rstrip().endswith("Later")
    assert upgraded.index("systemctl stop") < upgraded.index("make -C") < upgraded.index("systemctl start heartbeat")
    assert "heartbeat 700" in restored
    for told in ("> /etc/systemd/system/heartbeat.service", "> /usr/local/bin/heartbeat", "> /opt/heartbeat/.venv"):
        assert told in removed


def _split(printed: str) -> list[str]:
    parts = [printed]
    for word in ("LATER\n", "RESTORED\n", "REMOVED\n"):
        parts += parts.pop().split(word)
    return parts


def _confine(folder: Path) -> list[str]:
    """Returns the shell that sees copies of what it may change, and the stand-ins before what they stand in for."""
    changed = ("/etc", "/usr/local/bin")
    copies = [part for one in changed for part in ("--overlay-src", one, "--tmp-overlay", one)]
    places = ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", *copies]
    places += list_emptied(("/tmp", "/opt", "/var/lib", "/var/backups", "/mnt", str(Path.home())), CODE)  # noqa: S108
    places += ["--bind", str(folder / "origin"), "/mnt/origin", "--ro-bind", str(folder / "home"), "/mnt/home"]
    places += ["--ro-bind", str(folder / "stand-ins"), "/mnt/stand-ins"]
    environment = {
        "PATH": "/mnt/stand-ins:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "PYTHONPATH": str(ROOT),
        "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*",
        **{f"GIT_{who}_{what}": "test@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    }  # fmt: skip
    settings = [part for name, value in environment.items() for part in ("--setenv", name, value)]
    return ["bwrap", *places, "--clearenv", *settings, "--cap-add", "ALL", "--", "sh"]
