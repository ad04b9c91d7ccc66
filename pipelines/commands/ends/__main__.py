#!/usr/bin/env -S python3 -I
"""Runs the program from a checkout, without anything installed; for the action and the hook."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from pipelines.commands.ends.program import main

sys.exit(main())
