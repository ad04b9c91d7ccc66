"""Prices as OpenRouter lists them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pipelines.catalog.entries import Family
from pipelines.catalog.reader import Catalog
from tests.upstream.messages import Request, Response, conditional, json_answer
from tests.upstream.world.clock import Clock, iso
from tests.upstream.world.draws import DAY, generator, mixed, number
from tests.upstream.world.manner import NEUTRAL, Manner

LIST = "/api/v1/models"
MOST, USUAL = 1000, 500


@dataclass(frozen=True, slots=True)
class Offer:
    """A model and what becomes of it: listed from one instant to another, its price cut at a third."""

    id: str
    hub_id: str | None
    listed: int
    gone: int
    cut: int
    dollars: float
    """For a million tokens read, before the cut; written ones cost four times as much."""
    draw: int
    family: str

    def prompt(self, now: int) -> str:
        """USD per token, in words."""
        return f"{self.dollars * (0.5 if now >= self.cut else 1) / 1e6:.10f}".rstrip("0").rstrip(".")

    def completion(self, now: int) -> str:
        """The same for tokens written."""
        return f"{float(self.prompt(now)) * 4:.10f}".rstrip("0").rstrip(".")


class Prices:
    """The list of a world's offers."""

    def __init__(self, seed: int, catalog: Catalog, clock: Clock, manner: Manner = NEUTRAL) -> None:
        self._clock, self._manner = clock, manner
        start = clock.now
        self.offers = [
            offer
            for family in catalog.families
            if family.side != "host"
            for offer in _offers(seed, family, start, manner)
        ]

    def answer(self, request: Request) -> Response:
        """Answers a GET."""
        if request.path == LIST:
            return self._list(request)
        return json_answer({"error": {"message": "Not Found", "code": 404}}, 404)

    def listed(self) -> list[Offer]:
        """What is listed now, the newest first."""
        found = [offer for offer in self.offers if offer.listed <= self._clock.now < offer.gone]
        return sorted(found, key=lambda offer: (-offer.listed, offer.id))

    def _list(self, request: Request) -> Response:
        try:
            limit, start = min(int(request.query.get("limit", USUAL)), MOST), int(request.query.get("offset", 0))
        except ValueError:
            return json_answer({"error": {"message": "Invalid limit or offset", "code": 400}}, 400)
        items = [*(self._item(offer) for offer in self.listed()), _make_router()]
        onward = f"{LIST}?offset={start + limit}&limit={limit}" if start + limit < len(items) else None
        response = json_answer(
            {"data": items[start : start + limit], "total_count": len(items), "links": {"next": onward}}
        )
        return conditional(request, response, f"{number(response.body):032x}")

    def _item(self, offer: Offer) -> dict[str, Any]:
        now, context = self._clock.now, 2 ** (15 + offer.draw % 6)
        return {
            "id": offer.id, "canonical_slug": f"{offer.id}-{iso(offer.listed)[:10].replace('-', '')}",
            "hugging_face_id": offer.hub_id or "", "name": offer.id, "created": offer.listed, "context_length": context,
            "architecture": {"input_modalities": ["text"], "output_modalities": ["text"]},
            "pricing": {"prompt": offer.prompt(now), "completion": offer.completion(now), "request": "0", "image": "0"},
            "top_provider": {"context_length": context, "max_completion_tokens": context // 4, "is_moderated": offer.draw % 3 == 0},
            "supported_parameters": self._manner.list_controls(offer.draw, offer.family),
            "expiration_date": iso(offer.gone)[:10] if offer.gone < now + 60 * DAY else None,
        }  # fmt: skip


def _make_router() -> dict[str, Any]:
    """The entry whose price depends on what it chooses."""
    pricing = {"prompt": "-1", "completion": "-1"}
    return {"id": "openrouter/auto", "canonical_slug": "openrouter/auto", "hugging_face_id": None, "name": "Auto", "created": 1699401600,
            "context_length": 2000000, "architecture": {}, "pricing": pricing, "top_provider": {"is_moderated": False},
            "supported_parameters": [], "expiration_date": None}  # fmt: skip


def _offers(seed: int, family: Family, start: int, manner: Manner) -> Iterator[Offer]:
    """The family's models under its own patterns, and one that somebody else has built on an open one."""
    hub = next((channel.target for channel in family.channels if channel.source == "huggingface"), None)
    for name, hub_id in manner.name_offers(family, hub if family.side == "open" else None):
        yield _offer(seed, name, hub_id, start, manner, family.id)
    if family.side == "open":
        own = f"hermes-{family.id}"
        yield _offer(seed, f"nousresearch/{own}", f"NousResearch/Hermes-{family.id}", start, manner, family.id)


def _offer(seed: int, name: str, hub_id: str | None, start: int, manner: Manner, family: str) -> Offer:
    rng, draw = generator(seed, "offer", name), mixed(number(seed, name))
    listed = start + int(rng.uniform(-700, 40) * DAY)
    gone = start + int(rng.uniform(-20, 60) * DAY) if rng.random() < 0.2 else start + 4000 * DAY
    return Offer(
        name,
        hub_id,
        listed,
        gone,
        start + int(rng.uniform(-300, 120) * DAY),
        manner.set_price(float(rng.lognormal(0, 1.2)), family),
        draw,
        family,
    )
