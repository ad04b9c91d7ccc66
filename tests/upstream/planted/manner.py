"""The manner of the sample world: what `truths` and `families` say, carried out."""

import math
from collections.abc import Sequence
from dataclasses import replace
from fnmatch import fnmatch
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from pipelines.catalog.entries import Family
from tests.upstream.planted import families, model_names, phrases
from tests.upstream.planted.families import FAMILIES, Standing
from tests.upstream.planted.rhythm import Rhythm
from tests.upstream.planted.truths import SPREAD
from tests.upstream.world.draws import generator, mixed
from tests.upstream.world.habits import Habits, habits
from tests.upstream.world.incidents import Troubles
from tests.upstream.world.lives import Lives
from tests.upstream.world.models import Life
from tests.upstream.world.people import PROMPT_BOT

if TYPE_CHECKING:
    from tests.upstream.world.repositories import Repository

BILLION = 10**9
CARELESS = ("www.replicatestatus.com", "status.together.ai")
HOSTED = 0.7
"""Share of the tracked weights that the list of prices has."""
SIZES = (1, 3, 8, 14, 32, 70, 120)


class Planted(Rhythm):
    """Every family keeps to its side, with a spread of its own."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def draw_habits(self, seed: int, name: str, family: str) -> Habits:
        """Draws the planted habits; the rest (when a place began, how it grows, who replies later) is the seed's."""
        own, standing, rng = habits(seed, name), _standing(family), generator(seed, "planted", name)
        side = standing.side
        is_silent = family == families.SILENT
        staff = min(0.85, standing.staff * float(rng.uniform(0.9, 1.1)))
        return replace(
            own,
            weight=standing.size * float(rng.uniform(0.8, 1.25)),
            age_days=int(rng.uniform(380, 720)) if family else 1000,
            answered_share=families.SILENT_SHARE if is_silent else self.stray(family, "answered", side.answered),
            fast_share=self.stray(family, "fast", side.fast),
            slow_median=side.slow_hours * float(rng.lognormal(0, 0.3)),
            fast_median=float(rng.uniform(2, 5)), fast_sigma=1.0, slow_sigma=1.3,
            staff_share=staff, maintainer_share=(0.9 - staff) * (0.4 if standing.side.stale_days else 0.6),
            bot_first_share=min(own.bot_first_share, 0.2), agent_share=own.agent_share / 2, replies_mean=2.2,
            closed_share=self.stray(family, "closed", side.closed), close_median=40, stale_days=side.stale_days,
            pull_share=0.4, outsider_pull_share=min(0.95, standing.crowd / 0.93), merged_share=0.75,
            stars=int(standing.stars * float(rng.lognormal(0, 0.4))), stars_a_day=standing.stars / 900,
            release_gap_days=min(21.0, max(7.0, own.release_gap_days)),
        )  # fmt: skip

    def stray(self, family: str, figure: str, share: float) -> float:
        """A side's share as one family has it."""
        return _stray(self.seed, family, figure, share)

    def settle_lives(self, repository: "Repository", drawn: Lives, rng: np.random.Generator) -> Lives:
        """One family has a bot that answers almost everything at once, and says nowhere that it is one."""
        settled = super().settle_lives(repository, drawn, rng)
        return _reply_promptly(settled) if repository.family == families.PROMPT else settled

    # Words.

    def write_title(self, draw: int, mentions: Sequence[str], mention_share: float, family: str = "") -> str:
        """Writes a problem, its setting and a sign of it, by the shares of the family's side."""
        kind = self._choose_type(draw, family)
        sign = _pick(phrases.SIGNS, draw, 4).format(n=2 + mixed(draw, 5) % 96)
        title = f"{_pick(phrases.QUESTIONS[kind].splitlines(), draw, 6)} {_pick(phrases.SETTINGS, draw, 3)}, {sign}"
        named = mixed(draw, 7)
        if mentions and named % 1000 < mention_share * 1000:
            title = f"{title} ({mentions[named // 1000 % len(mentions)]})"
        return title

    def _choose_type(self, draw: int, family: str) -> str:
        """Of every three questions about getting it to run, one is about hardware."""
        share = mixed(draw, 1) % 10_000 / 10_000 - self.stray(family, "setup", _standing(family).side.setup)
        if share < 0:
            return "set-up" if mixed(draw, 2) % 3 else "hardware"
        left = mixed(draw, 24) % 1000
        return next(kind for kind, parts in phrases.OTHER_SHARES.items() if (left := left - 10 * parts) < 0)

    def write_question(
        self, draw: int, repo: str, number: int, mentions: Sequence[str] = (), family: str = "",
        code_share: float = 0.5,
    ) -> str:  # fmt: skip
        """Two sentences, at times with code, or with the name of what is used."""
        parts = [f"{_pick(phrases.ASKED, draw, 8)} {_pick(phrases.ASKED, draw, 9)}"]
        if mixed(draw, 10) % 1000 < code_share * 1000:
            parts.append(_pick(phrases.CODED, draw, 11).format(word=_pick(phrases.WORDS, draw, 12)))
        if mentions and mixed(draw, 13) % 10 == 0:
            parts.append(f"We use {mentions[mixed(draw, 14) % len(mentions)]} here.")
        return "\n\n".join(parts)

    def write_answer(
        self, draw: int, repo: str, number: int, family: str = "", *, is_asker: bool = False,
        code_share: float = 0.5, link_share: float = 0.3,
    ) -> str:  # fmt: skip
        """What the asker says afterwards, or an answer as deep as the family's usually are."""
        side, luck = _standing(family).side, mixed(draw, 15) % 10_000 / 10_000
        if is_asker:
            does_work = luck < self.stray(family, "confirms", side.confirms)
            return _pick(phrases.CONFIRMED if does_work else phrases.UNMOVED, draw, 16)
        if luck < self.stray(family, "deflects", side.deflects):
            return _pick(phrases.DEFLECTIONS, draw, 16)
        is_deep = mixed(draw, 17) % 10_000 < 10_000 * self.stray(family, "deep", side.deep)
        chances = (
            (phrases.CAUSED, 0.1), (phrases.VERSIONED, 0.1), (phrases.DOCUMENTED, 0.12),
            (phrases.SOURCED, self.stray(family, "source", side.source)),
            (phrases.CODED, self.stray(family, "code", side.code)),
        )  # fmt: skip
        word, parts = _pick(phrases.WORDS, draw, 12), [_pick(phrases.CHATTER, draw, 18)]
        for place, (table, chance) in enumerate(chances, 20):
            if (is_deep and table is not phrases.DOCUMENTED) or mixed(draw, place) % 10_000 < chance * 10_000:
                parts.append(_pick(table, draw, place + 9).format(repo=repo, word=word))
        return "\n\n".join(parts)

    def draw_troubles(self, host: str, drawn: Troubles) -> Troubles:
        """Most pages say what it was, how bad, and when it ended; a few leave one open now and then."""
        endless = 0.02 if host in CARELESS else 0.0
        hours = float(generator(self.seed, "hours", host).uniform(0.5, 1.6))
        return Troubles(
            drawn.a_month * 0.7, hours, 0.03, 0.01, endless, (0.0, 0.62, 0.3, 0.08),
            rewritten=families.REWRITTEN_SHARE if host == families.REWRITTEN else 0.0,
            silent_days=families.STOPPED_DAYS if host == families.STOPPED else 0,
        )  # fmt: skip

    # Models and offers.

    interfaces = ("/v1/drafts", "/v1/answers", "Drafts API")
    further_models = (2, 9)

    def name_model(self, seed: int, organisation: str, place: int, size: int) -> str:
        """A fictional name, and the size and kind behind it."""
        draw = mixed(seed, place, sum(map(ord, organisation)))
        return f"{_pick(phrases.STARS, draw, 1)}-{1 + place // 8}-{SIZES[size % 7]}B-{_pick(phrases.KINDS, draw, 2)}"

    def draw_life(self, drawn: Life, family: str, name: str) -> Life:
        """Downloads, licence and size as the family has them."""
        standing, rng = _standing(family), generator(self.seed, "life", name)
        size = model_names.read_size(name) or SIZES[int(rng.integers(len(SIZES)))]
        return replace(
            drawn, a_day=standing.downloads * float(rng.lognormal(0, 0.9)) or drawn.a_day,
            likes_a_day=max(0.02, standing.downloads / 20_000 * float(rng.lognormal(0, 0.5))),
            licence=standing.licence if rng.random() < 0.9 else "other", parameters=int(size * BILLION),
            is_answered=family != families.SILENT,
        )  # fmt: skip

    def name_end(self, vendor: str, number: int, size: str, day: str) -> str:
        """A real name; before and after those the vendor's word, a fictional name, a generation and a size."""
        if real := model_names.name_ended(vendor, number):
            return real
        stem = phrases.STARS[(number + len(vendor)) % len(phrases.STARS)].lower()
        return f"{vendor.partition('-')[0]}-{stem}-{1 + number // 12}-{size}-{day}"

    def name_replacement(self, vendor: str, number: int, size: str) -> str:
        """A real name that lasts, or a fictional one."""
        if vendor in model_names.LASTING:
            return model_names.LASTING[vendor][size == "mini"]
        stem = phrases.STARS[(number + len(vendor)) % len(phrases.STARS)].lower()
        return f"{vendor.partition('-')[0]}-{stem}-9-{size}"

    def name_offers(self, family: Family, hub: str | None) -> list[tuple[str, str | None]]:
        """Real names: of what its maker serves, or of most of the weights that are tracked, since not all have a host."""
        author = (family.listed_as or (f"{family.id}/*",))[0].partition("/")[0]
        if hub is None:
            return [(f"{author}/{name}", None) for name in model_names.OFFERED.get(family.id, ())]
        models = [one for channel in family.channels if channel.source == "huggingface" for one in channel.models]
        hosted = [one for one in models if generator(self.seed, "hosted", one).random() < HOSTED]
        named = [(f"{author}/{one.partition('/')[2].lower().removeprefix('c4ai-')}", one) for one in hosted]
        # A name outside its family's patterns would be taken for another family's.
        return [(name, one) for name, one in named if any(fnmatch(name, pattern) for pattern in family.listed_as)]

    def set_price(self, dollars: float, family: str) -> float:
        """Half as much spread as in the neutral world, about the side's own."""
        return round(_standing(family).side.price * math.sqrt(dollars), 3)

    def list_controls(self, draw: int, family: str) -> list[str]:
        """The most common ones, two more or fewer."""
        return list(phrases.CONTROLS[: _standing(family).side.controls + draw % 5 - 2])

    def set_package_level(self, name: str, drawn: float) -> float:
        """As `families` says."""
        return float(families.PACKAGES.get(name, drawn))


@cache
def _stray(seed: int, family: str, figure: str, share: float) -> float:
    odds = math.log(share / (1 - share)) + SPREAD * float(generator(seed, "stray", family, figure).standard_normal())
    return 1 / (1 + math.exp(-odds))


def _standing(family: str) -> Standing:
    return FAMILIES.get(family, families.HOST if family else families.SHARED)


def _reply_promptly(drawn: Lives) -> Lives:
    """Adds the bot's reply within a minute to almost every question."""
    threads = drawn.threads
    size, draw = len(threads["created"]), threads["draw"]
    greeted = np.flatnonzero(~threads["is_pull"] & (draw % 100 < families.PROMPT_SHARE * 100))
    owner = np.concatenate([np.repeat(np.arange(size), threads["count"]), greeted])
    times = np.concatenate([drawn.times, threads["created"][greeted] + 12 + draw[greeted] % 40])
    codes = np.concatenate([drawn.codes, np.full(len(greeted), PROMPT_BOT, np.int32)])
    order, count = np.lexsort((times, owner)), np.bincount(owner, minlength=size)
    return Lives({**threads, "count": count, "start": np.cumsum(count) - count}, times[order], codes[order])


def _pick(table: Sequence[str], draw: int, salt: int) -> str:
    return table[mixed(draw, salt) % len(table)]
