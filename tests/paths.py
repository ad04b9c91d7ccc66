"""Where things lie: the checkout, and the recordings beside it (a test that needs them is skipped if they are
absent)."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RECORDINGS = ROOT.parent / "shared" / "recordings"
