"""The windows over which families are compared in like cases."""

from dashboards.frame.view import View

WINDOWS = ("365d", "all")


def compared_window(page: View) -> str:
    """Returns the window that was compared: the chosen one, or the last 12 months if that was not compared."""
    return page.window if page.window in WINDOWS else WINDOWS[0]
