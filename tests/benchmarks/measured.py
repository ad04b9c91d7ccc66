"""`python -m tests.benchmarks.measured FILE COMMAND…` runs a command, and writes what it took into a file as JSON.

It is small and imports nothing of ours, since the system counts the memory of whoever starts a process as that one's.
"""

import json
import os
import subprocess
import sys
import time

if __name__ == "__main__":
    began = time.monotonic()
    process = subprocess.Popen(sys.argv[2:])
    _, state, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(state)
    took = {
        "seconds": time.monotonic() - began, "cpu": used.ru_utime + used.ru_stime, "memory": used.ru_maxrss / 1024
    }  # fmt: skip
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        json.dump(took, file)
    sys.exit(process.returncode)
