"""Items of metrics, made anew from the conformed tables with pandas: none of the product's steps is used."""

from dataclasses import dataclass
from functools import cached_property

import duckdb
import numpy as np
import pandas as pd

PEOPLE = ["staff", "maintainer", "outsider", "unknown"]
WEEK_HOURS, MONTH_HOURS = 168.0, 720.0
KEYS = ["family_id", "channel_kind", "channel_role"]


def measure_hours(first: pd.Series, last: pd.Series) -> pd.Series:
    """The hours from one instant to another, by the microsecond; missing where either is."""
    micros = (last.astype("datetime64[us]") - first.astype("datetime64[us]")) / pd.Timedelta(microseconds=1)
    hours: pd.Series = micros / 3600e6
    return hours


def find_week(channel: pd.Series, opened: pd.Series) -> pd.Series:
    """The channel and ISO week."""
    week = opened.dt.isocalendar()
    names: pd.Series = channel + "/" + week.year.astype(str) + "-W" + week.week.astype(str).str.zfill(2)
    return names


@dataclass
class Staged:
    """The conformed tables of a warehouse, read once."""

    con: duckdb.DuckDBPyConnection

    def read(self, table: str) -> pd.DataFrame:
        """Reads a conformed table."""
        return self.con.sql(f"select * from staging.{table}").df()

    @cached_property
    def visits(self) -> pd.DataFrame:
        """Last good visit of each channel and thing, and how far back it was read."""
        rows = self.read("collections")
        rows["visited_at"] = rows.as_of_at.fillna(rows.last_run_at)
        visits: pd.DataFrame = rows[["channel_id", "thing", "visited_at", "reach_at", "first_run_at"]]
        return visits

    @cached_property
    def threads(self) -> pd.DataFrame:
        """Threads with their age, whether they are the family's own, and their first replies."""
        rows = self.read("threads").merge(self.visits, how="left", on=["channel_id", "thing"])
        seen = rows.groupby(["channel_id", "thing"]).observed_until_at.transform("max")
        rows["age_days"] = measure_hours(rows.opened_at, rows.visited_at.fillna(seen)) / 24
        owner = self.read("channels").set_index("channel_id").family_id
        rows["is_pooled"] = rows.channel_id.map(owner).eq(rows.family_id) & rows.family_id.notna()
        rows["is_before_reach"] = rows.opened_at.lt(rows.reach_at)
        rows["watched_hours"] = measure_hours(rows.opened_at, rows.observed_until_at)
        rows["is_whole"] = rows.has_all_replies.fillna(True).astype(bool)
        known = rows.replies_known_until_at.fillna(rows.opened_at)
        rows["known_until_at"] = known.where(~rows.is_whole)
        rows["known_hours"] = measure_hours(rows.opened_at, rows.known_until_at)
        rows["cluster"] = find_week(rows.channel_id, rows.opened_at)
        return self._add_replies(rows)

    def _add_replies(self, rows: pd.DataFrame) -> pd.DataFrame:
        turns = self.turns
        for name, chosen in (
            *((role, turns[turns.is_answer & turns.turn.eq(role)]) for role in PEOPLE),
            *((role, turns[turns.turn.eq(role)]) for role in ("agent", "bot")),
            ("anyone", turns[turns.is_answer]),
            ("person", turns[turns.turn.isin(PEOPLE)]),
        ):
            first = chosen.groupby("thread_id").replied_at.min()
            # Where nobody of a kind replied, a map gives floats, and cannot take instants.
            rows[f"{name}_at"] = rows.thread_id.map(first) if len(first) else pd.NaT
            rows[f"{name}_hours"] = measure_hours(rows.opened_at, rows[f"{name}_at"])
        return rows

    @cached_property
    def turns(self) -> pd.DataFrame:
        """Replies by whose turn they are: the asker is known by pseudonym, an unknown account beside one is nobody."""
        asked = self.read("threads")[["thread_id", "actor_id", "author_role"]]
        rows = self.read("replies").merge(asked, on="thread_id", suffixes=("", "_asked"))
        nobody = rows.author_role.eq("unknown") & (rows.actor_id_asked.isna() | rows.author_role_asked.eq("unknown"))
        rows = rows[~nobody].copy()
        is_asker = rows.actor_id.notna() & rows.actor_id.eq(rows.actor_id_asked)
        rows["turn"] = np.where(is_asker, "asker", rows.author_role)
        rows["is_answer"] = rows.turn.isin(PEOPLE) & ~rows.is_me_too.fillna(False).astype(bool)
        return rows

    @cached_property
    def requests(self) -> pd.DataFrame:
        """Requests for help: threads of one family, not opened by a bot, from the completely read period."""
        rows = self.threads
        asked: pd.DataFrame = rows[rows.family_id.notna() & rows.author_role.ne("bot") & ~rows.is_before_reach]
        return asked

    def list_open(self) -> pd.DataFrame:
        """Items of open_age_days."""
        rows = self.requests[self.requests.state.eq("open") & self.requests.channel_kind.eq("tracker")]
        return rows.assign(amount=rows.age_days)

    def list_staff(self) -> pd.DataFrame:
        """Items of staff_answer_share: first answers within a week."""
        rows = self.requests[self.requests.watched_hours.ge(WEEK_HOURS)]
        rows = rows.assign(
            is_yes=rows.staff_at.eq(rows.anyone_at),
            is_unseen=rows.known_hours.lt(WEEK_HOURS) & ~rows.anyone_hours.le(rows.known_hours),
        )
        is_told = rows.anyone_hours.le(WEEK_HOURS) | rows.known_hours.lt(WEEK_HOURS)
        return rows[is_told & ~rows.anyone_hours.lt(0) & ~(rows.unknown_at.eq(rows.anyone_at) & rows.anyone_at.notna())]

    def list_answers_by_staff(self) -> pd.DataFrame:
        """Items of staff_answer_share: all answers, in the window in which they were posted."""
        columns = ["thread_id", "opened_at", "age_days", "is_pooled", "cluster", *KEYS]
        answers = self.turns[self.turns.is_answer & self.turns.turn.ne("unknown")]
        rows = answers[["thread_id", "replied_at", "author_role"]].merge(self.requests[columns], on="thread_id")
        rows["age_days"] -= measure_hours(rows.opened_at, rows.replied_at) / 24
        return rows.assign(is_yes=rows.author_role.eq("staff"), is_unseen=False)

    def list_bots(self, statistic: str, role: str) -> pd.DataFrame:
        """Items of bot_share: threads, replies, or first responses within a week."""
        rows = self.threads[self.threads.family_id.notna() & ~self.threads.is_before_reach]
        if statistic == "threads":
            return rows.assign(is_yes=rows.author_role.eq(role), is_unseen=False)
        if statistic == "replies":
            replies = self.read("replies")[["thread_id", "author_role"]]
            joined = replies.merge(rows.drop(columns="author_role"), on="thread_id")
            return joined.assign(is_yes=joined.author_role.eq(role), is_unseen=False)
        rows = rows[rows.author_role.ne("bot") & rows.watched_hours.ge(WEEK_HOURS)]
        first = rows[["anyone_hours", "agent_hours", "bot_hours"]].min(axis=1)
        doer = np.where(first.eq(rows.bot_hours), "bot", np.where(first.eq(rows.agent_hours), "agent", "person"))
        unseen = rows.known_hours.lt(WEEK_HOURS) & ~first.le(rows.known_hours)
        is_told = first.le(WEEK_HOURS) | rows.known_hours.lt(WEEK_HOURS)
        return rows.assign(is_yes=doer == role, is_unseen=unseen)[is_told]

    def list_waits(self, segment: str) -> pd.DataFrame:
        """Waits for the first answer by anybody, staff or outsiders."""
        rows = self.requests
        until = rows[f"{segment}_at"]
        rows = rows.assign(
            is_event=until.notna(),
            duration_hours=measure_hours(rows.opened_at, until.fillna(rows.observed_until_at)),
            is_unseen=rows.known_until_at.notna() & ~until.le(rows.known_until_at),
        )
        return rows[rows.duration_hours.ge(0)]

    def list_gaps(self) -> pd.DataFrame:
        """Gaps between the releases of a line, the last one still open."""
        rows = self.read("releases")
        channels = self.read("channels").set_index("channel_id")
        rows = rows[rows.released_at.notna() & rows.family_id.notna()]
        rows = rows[
            rows.channel_id.map(channels.family_id).notna() & rows.channel_id.map(channels.family_id).ne("_shared")
        ]
        visits = self.visits[self.visits.thing.isin(["releases", "entries"])].groupby("channel_id").visited_at.max()
        rows = rows.assign(
            channel_kind=rows.channel_id.map(channels.channel_kind),
            segment=np.where(rows.is_prerelease.fillna(False).astype(bool), "pre-release", "stable"),
            seen_at=rows.channel_id.map(visits).fillna(rows.groupby("channel_id").released_at.transform("max")),
        ).sort_values(["released_at", "release_id"])
        after = rows.groupby(["channel_id", "segment"]).released_at.shift(-1)
        rows = rows.assign(
            is_event=after.notna(), duration_hours=measure_hours(rows.released_at, after.fillna(rows.seen_at)),
            age_days=measure_hours(rows.released_at, rows.seen_at) / 24, is_pooled=False, cluster=rows.release_id,
            is_unseen=False,
        )  # fmt: skip
        return rows[rows.duration_hours.ge(0)]
