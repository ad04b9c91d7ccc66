"""The dashboard for hosts that run one Streamlit script, such as Streamlit Community Cloud. Its only setting is
HEARTBEAT_SNAPSHOT. Such a host names the page and frames it, so the guard of `heartbeat dashboard` is not in front."""

import streamlit as st

from dashboards import script
from pipelines.snapshots.following import follow_published
from warehouse.database import WarehouseError
from warehouse.settings import SNAPSHOT, SettingsError, read_settings


@st.cache_resource(show_spinner="Fetching the snapshot …")
def follow_once() -> None:
    """Opens the snapshot for all readers, and looks for newer ones as long as the server runs."""
    settings = read_settings(env_file=None)
    if not settings.snapshot:
        raise SettingsError(f"{SNAPSHOT} is not set: write the address of a published snapshot into the app's secrets")
    follow_published(settings, settings.snapshot, print)


try:
    follow_once()
except (SettingsError, WarehouseError) as error:
    st.error(str(error))
else:
    script.main()
