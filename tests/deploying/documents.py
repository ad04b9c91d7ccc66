"""The blocks of commands in the documents, for tests that run them as written."""

import re

from tests.paths import ROOT

GUIDE = "pipelines/commands/ends/README.md"
MANUALS = ("README.md", "OPERATIONS.md", GUIDE)
"""Documents with commands to copy."""
BLOCKS: list[str] = [
    block for name in MANUALS for block in re.findall(r"```sh\n(.*?)```", (ROOT / name).read_text("utf-8"), re.DOTALL)
]
COMMANDS = [
    command
    for block in BLOCKS
    if all(line.startswith("heartbeat ") for line in block.splitlines())
    for command in re.findall(r"^heartbeat (.*?)(?: +#.*)?$", block, re.MULTILINE)
]
"""What can be run by itself, in any order, without the name of the program."""
SCRIPTS = {
    "make up\n": "tests/architecture/test_documents.py",
    "make test\n": ".ci/run",
    ".venv/bin/heartbeat backup": "tests/deploying/test_upgrade.py",
    "git checkout --quiet ORIG_HEAD": "tests/deploying/test_upgrade.py",
    "make clean": "tests/deploying/test_checkout.py",
    "make -C": "tests/deploying/test_service.py",
    "heartbeat backup /var/backups": "tests/deploying/test_service.py",
    "systemctl stop": "tests/deploying/test_service.py",
    "systemctl disable": "tests/deploying/test_service.py",
    "prefect work-pool create": "tests/deploying/test_work_pools.py",
    "mkdir -p backups": "tests/deploying/test_containers.py",
    "docker build": "tests/deploying/test_containers.py",
    "docker compose exec": "tests/deploying/test_containers.py",
    "kubectl -n heartbeat exec": "tests/deploying/test_containers.py",
    "docker compose down": "tests/deploying/test_containers.py",
    "kubectl delete": "tests/deploying/test_containers.py",
}
"""How each other block begins, and what runs it as a whole."""


def find_block(start: str) -> str:
    """Returns the block of commands that begins so; each beginning is that of one."""
    [block] = [block for block in BLOCKS if block.startswith(start)]
    return block
