"""The dashboard's web application: Streamlit behind a guard that turns foreign requests away."""

from pathlib import Path

from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Route
from streamlit.starlette import App

from dashboards.feed import send_feed
from dashboards.menu import OLD_ADDRESSES
from dashboards.request_guard import RequestGuard
from dashboards.vitals import answer_health, answer_metrics
from warehouse.news.feed import NAME
from warehouse.settings import read_settings


def redirect_old_address(request: Request) -> RedirectResponse:
    """Redirects the address of a former page to the page that has its figures now, with the same filters."""
    query = f"?{request.url.query}" if request.url.query else ""
    # Relative, because a proxy may serve the dashboard below a path.
    return RedirectResponse(OLD_ADDRESSES[request.url.path.rpartition("/")[2]] + query, 301)


app = App(
    Path(__file__).with_name("script.py"),
    routes=[
        Route(f"/{NAME}", send_feed),
        *(Route(f"/{old}", redirect_old_address) for old in OLD_ADDRESSES),
        Route("/healthz", answer_health),
        Route("/metrics", answer_metrics),
    ],
    middleware=[
        Middleware(RequestGuard, hosts=read_settings(env_file=None).dashboard_hosts),
        # Streamlit sends its scripts as they are: three times as many bytes for a first visit.
        Middleware(GZipMiddleware, compresslevel=5),
    ],
)
