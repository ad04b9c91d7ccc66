"""What a visit may contact: the hosts of its channel, under which name, and whether their terms are accepted."""

import pipelines
from pipelines import sources
from pipelines.catalog.entries import Channel
from pipelines.collecting.queues import find_host
from warehouse.settings import Settings


def list_hosts(channel: Channel) -> frozenset[str]:
    """Returns the hosts that a visit may contact, without ports; some sources need a second one, such as for tokens."""
    module, own = sources.load_source(channel.source), find_host(channel).partition(":")[0]
    further = () if channel.base_url else getattr(module, "HOSTS", ())
    return frozenset({own, *further, *getattr(module, "SISTER_HOSTS", {}).get(own, ())})


def user_agent_for(channel: Channel, settings: Settings) -> str:
    """Returns the User-Agent for a channel, in the source's own form if its upstream requires one."""
    user_agent: str = getattr(sources.load_source(channel.source), "user_agent", pipelines.user_agent)(settings.contact)
    return user_agent


def find_terms(channel: Channel) -> str:
    """Returns the URL of the terms to accept before visiting a channel: its own, else its source's; empty for none."""
    return channel.terms or str(getattr(sources.load_source(channel.source), "TERMS", ""))


def find_refusal(channel: Channel, settings: Settings) -> str:
    """Returns why a channel must be skipped, namely terms not yet accepted; empty if it may be visited."""
    names = {channel.source, channel.target.lower()}
    terms = find_terms(channel)
    if not terms or names & settings.accepted_terms:
        return ""
    name = channel.target.lower() if channel.terms else channel.source
    return f"terms not accepted: read {terms} and, to accept them, add {name} to HEARTBEAT_TERMS"
