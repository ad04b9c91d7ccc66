"""The emulator of every upstream that Heartbeat collects from: one world behind real HTTP."""

from tests.upstream.emulator import NOW, Upstream

__all__ = ["NOW", "Upstream"]
