from tests.upstream.emulator import NOW, Upstream

__all__ = ["NOW", "Upstream"]
