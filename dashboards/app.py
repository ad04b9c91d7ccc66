"""The dashboard's web application: Streamlit behind a guard that turns foreign requests away."""

from pathlib import Path

from starlette.middleware import Middleware
from starlette.routing import Route
from streamlit.starlette import App

from dashboards.feed import send_feed
from dashboards.request_guard import RequestGuard
from dashboards.vitals import answer_health
from warehouse.news.feed import NAME
from warehouse.settings import read_settings

app = App(
    Path(__file__).with_name("script.py"),
    routes=[
        Route(f"/{NAME}", send_feed),
        Route("/healthz", answer_health),
    ],
    middleware=[
        Middleware(RequestGuard, hosts=read_settings(env_file=None).dashboard_hosts),
    ],
)
