"""The emulator's hub lists, expands, redirects and limits as the real one does, seen through huggingface_hub itself."""

from collections.abc import Iterator

import httpx2
import pytest
from huggingface_hub import HfApi, set_client_factory
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.utils import _http

from tests.upstream import Upstream
from tests.upstream.examples import MODEL, get, upstream


@pytest.fixture
def up() -> Iterator[Upstream]:
    with upstream() as started:
        yield started


@pytest.fixture
def api(up: Upstream) -> Iterator[HfApi]:
    """The client with a plain transport; what another module has set is put back."""
    kept = _http._GLOBAL_CLIENT_FACTORY
    set_client_factory(lambda: httpx2.Client(timeout=10, follow_redirects=True))
    yield HfApi(endpoint=up.base("hub"), token=False)
    set_client_factory(kept)


def test_the_client_lists_all_models_of_an_organisation_page_by_page(up: Upstream, api: HfApi) -> None:
    """By cursor, each once."""
    names = {one.name for one in up.world.models() if one.is_visible}
    first = get(up, "hub", "/api/models?author=example&limit=3", "")
    assert 'rel="next"' in first.headers["link"] and "cursor=" in first.headers["link"]
    found, path = [], "/api/models?author=example&limit=3"
    while path:
        answer = get(up, "hub", path, "")
        found += [one["id"] for one in answer.json()]
        path = answer.links["next"]["url"].removeprefix(up.base("hub")) if "next" in answer.links else ""
    assert sorted(found) == sorted(names) and len(names) > 4
    assert {one.id for one in api.list_models(author="example", expand=["downloads", "gated"])} == names


def test_one_model_comes_with_what_was_asked_for_and_no_more(api: HfApi) -> None:
    """Names as the hub has them; derivatives by relation."""
    info = api.model_info(
        MODEL,
        expand=[
            "downloads",
            "downloadsAllTime",
            "likes",
            "gated",
            "safetensors",
            "createdAt",
            "childrenModelCount",
            "tags",
        ],
    )
    assert info.id == MODEL and info.sha is None
    assert info.downloads and info.downloads_all_time and info.downloads_all_time >= info.downloads
    assert info.safetensors and info.safetensors.total > 0 and info.created_at
    assert any(tag.startswith("license:") for tag in info.tags or [])


def test_lineage_is_given_for_a_single_model_only(up: Upstream) -> None:
    """The list refuses what it cannot expand."""
    for name in ("baseModels", "childrenModelCount", "usedStorage"):
        assert get(up, "hub", f"/api/models?author=example&expand={name}").status_code == 400
        assert get(up, "hub", f"/api/models/{MODEL}?expand={name}").status_code == 200
    assert get(up, "hub", f"/api/models/{MODEL}?expand=nonsense").status_code == 400
    derived = next(one for one in up.world.models() if one.base)
    base = get(up, "hub", f"/api/models/{derived.name}?expand=baseModels").json()["baseModels"]
    assert base["relation"] == derived.relation and base["models"][0]["id"] == derived.base


def test_children_of_a_model_are_found_by_filter(up: Upstream, api: HfApi) -> None:
    """There is no other list of dependents."""
    derived = next(one for one in up.world.models() if one.base)
    found = [one.id for one in api.list_models(filter=f"base_model:{derived.relation}:{derived.base}")]
    assert derived.name in found


def test_a_renamed_model_leads_on_and_keeps_its_own_id(up: Upstream, api: HfApi) -> None:
    """307; the name changes, `_id` does not."""
    before = get(up, "hub", f"/api/models/{MODEL}").json()
    up.world.model(MODEL).rename("example/Renamed")
    assert get(up, "hub", f"/api/models/{MODEL}").status_code == 307
    assert api.model_info(MODEL).id == "example/Renamed"
    after = get(up, "hub", "/api/models/example/Renamed").json()
    assert (after["_id"], after["downloads"]) == (before["_id"], before["downloads"])


def test_missing_private_and_gated_models_answer_each_in_their_way(up: Upstream) -> None:
    """To the nameless what is missing is 401, as what is private; a gated model's facts are for all."""
    hidden = "example/Example-70B"
    assert get(up, "hub", "/api/models/example/none", "").status_code == 401
    assert get(up, "hub", "/api/models/example/none").status_code == 404
    up.world.model(hidden).is_private = True
    assert get(up, "hub", f"/api/models/{hidden}", "").status_code == 401
    up.world.model(MODEL).life.gated = "manual"
    assert get(up, "hub", f"/api/models/{MODEL}?expand=gated", "").json()["gated"] == "manual"
    up.world.model(MODEL).gone = 403
    assert get(up, "hub", f"/api/models/{MODEL}").status_code == 403
    assert get(up, "hub", f"/api/models/{MODEL}", "expired").status_code == 401


def test_the_nameless_have_five_hundred_requests_in_five_minutes(up: Upstream, api: HfApi) -> None:
    """429 with what remains and when it begins anew, in the hub's own headers."""
    up.hub_quota.nameless_limit = 3
    for left in (2, 1, 0):
        answer = get(up, "hub", f"/api/models/{MODEL}", "")
        assert answer.headers["ratelimit"].startswith(f'"api";r={left};t=')
    assert answer.headers["ratelimit-policy"] == '"fixed window";"api";q=3;w=300'
    with pytest.raises(HfHubHTTPError) as raised:
        api.model_info(MODEL)
    assert raised.value.response is not None and raised.value.response.status_code == 429
    assert get(up, "hub", f"/api/models/{MODEL}").status_code == 200
    up.world.advance(0.1)
    assert api.model_info(MODEL).id == MODEL


def test_all_time_downloads_grow_day_by_day_by_what_the_thirty_day_figure_holds(up: Upstream) -> None:
    """So a flow taken from differences can be checked against the rolling figure."""
    model = up.world.model(MODEL)
    totals = [model.downloads_all_time]
    for _ in range(30):
        up.world.advance(24)
        totals.append(model.downloads_all_time)
    assert totals == sorted(totals) and totals[-1] > totals[0]
    assert totals[-1] - totals[0] == model.downloads


def test_a_correction_lowers_the_all_time_count_and_only_from_then_on(up: Upstream) -> None:
    """The one way it is not monotone."""
    model = up.world.model(MODEL)
    before = model.downloads_all_time
    model.correct(0.9)
    assert model.downloads_all_time == int(before * 0.9)
    lowered = model.downloads_all_time
    up.world.advance(48)
    assert model.downloads_all_time > lowered


def test_discussions_are_listed_by_page_and_told_with_their_events(up: Upstream, api: HfApi) -> None:
    """As the client reads them, which drops the number of comments and whether the owner takes part."""
    board = up.world.model(MODEL).board
    board.page = 3
    talks = [board.open("A question", "Some `text`", who=1) for _ in range(4)]
    board.comment(talks[0].num, 2)
    board.act(talks[0].num, 1, "closed")
    found = list(api.get_repo_discussions(MODEL))
    assert [one.num for one in found] == sorted((talk.num for talk in board.talks()), reverse=True)
    told = api.get_discussion_details(MODEL, talks[0].num)
    assert (told.status, [event.type for event in told.events]) == ("closed", ["comment", "comment", "status-change"])
    first = get(up, "hub", f"/api/models/{MODEL}/discussions?p=1").json()
    assert (first["start"], first["count"]) == (3, len(board.talks()))
    assert first["discussions"][0].keys() >= {"numComments", "repoOwner", "topReactions", "pinned"}


def test_discussions_switched_off_missing_or_asked_for_wrongly_are_refused_each_in_their_way(up: Upstream) -> None:
    """And unchanged ones are 304."""
    board = up.world.model(MODEL).board
    path = f"/api/models/{MODEL}/discussions"
    etag = get(up, "hub", path).headers["etag"]
    assert get(up, "hub", path, if_none_match=etag).status_code == 304
    board.open()
    assert get(up, "hub", path, if_none_match=etag).status_code == 200
    assert get(up, "hub", f"{path}/99999").status_code == 404
    assert get(up, "hub", f"{path}?type=nonsense").status_code == 400
    board.refusal = 403
    assert [get(up, "hub", one).status_code for one in (path, f"{path}/1")] == [403, 403]
