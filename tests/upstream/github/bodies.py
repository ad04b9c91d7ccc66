"""The bodies of GitHub's REST answers, complete enough for its published OpenAPI description."""

from typing import Any

from tests.upstream.github.ids import node_id
from tests.upstream.github.nodes import WEB
from tests.upstream.world.clock import iso, iso_or_none
from tests.upstream.world.people import Person
from tests.upstream.world.releases import Release
from tests.upstream.world.repositories import Repository
from tests.upstream.world.threads import Reply, Thread

Body = dict[str, Any]
GHOST = {"login": "ghost", "id": 10137, "node_id": "MDQ6VXNlcjEwMTM3"}
_USER_LINKS = {
    "followers_url": "followers", "following_url": "following{/other_user}", "gists_url": "gists{/gist_id}",
    "starred_url": "starred{/owner}{/repo}",
    "subscriptions_url": "subscriptions", "organizations_url": "orgs", "repos_url": "repos",
    "events_url": "events{/privacy}",
    "received_events_url": "received_events",
}  # fmt: skip
_REPOSITORY_LINKS = (
    "archive_url:{archive_format}{/ref} assignees_url:assignees{/user} blobs_url:git/blobs{/sha} "
    "branches_url:branches{/branch} "
    "collaborators_url:collaborators{/collaborator} comments_url:comments{/number} commits_url:commits{/sha} "
    "compare_url:compare/{base}...{head} contents_url:contents/{+path} contributors_url:contributors "
    "deployments_url:deployments "
    "downloads_url:downloads events_url:events "
    "forks_url:forks git_commits_url:git/commits{/sha} git_refs_url:git/refs{/sha} git_tags_url:git/tags{/sha} "
    "hooks_url:hooks "
    "issue_comment_url:issues/comments{/number} issue_events_url:issues/events{/number} issues_url:issues{/number} "
    "keys_url:keys{/key_id} "
    "labels_url:labels{/name} languages_url:languages merges_url:merges milestones_url:milestones{/number} "
    "notifications_url:notifications{?since,all,participating} pulls_url:pulls{/number} releases_url:releases{/id} "
    "stargazers_url:stargazers statuses_url:statuses/{sha} subscribers_url:subscribers subscription_url:subscription "
    "tags_url:tags teams_url:teams "
    "trees_url:git/trees{/sha}"
)


def account(base: str, login: str, number: int, kind: str, node: str) -> Body:
    """A user, bot or organisation."""
    url = f"{base}/users/{login}"
    links = {name: f"{url}/{rest}" for name, rest in _USER_LINKS.items()}
    plain = {
        "login": login,
        "id": number,
        "node_id": node,
        "avatar_url": f"https://avatars.example/u/{number}",
        "gravatar_id": "",
    }
    return {
        **plain,
        "url": url,
        "html_url": f"{WEB}/{login}",
        **links,
        "type": kind,
        "user_view_type": "public",
        "site_admin": False,
    }


def user(base: str, person: Person | None) -> Body:
    """Somebody; whose account is gone shows as `ghost`."""
    if person is None:
        return account(base, GHOST["login"], GHOST["id"], "User", GHOST["node_id"])  # type: ignore[arg-type]
    return account(base, person.rest_login, person.id, person.typename, node_id(person.typename, person.id))


def repository_body(base: str, repo: Repository, open_issues: int) -> Body:
    """A repository; open issues count pull requests too."""
    owner, _, name = repo.name.partition("/")
    url = f"{base}/repos/{repo.name}"
    links = {pair.partition(":")[0]: f"{url}/{pair.partition(':')[2]}" for pair in _REPOSITORY_LINKS.split()}
    web = f"{WEB}/{repo.name}"
    numbers = {
        "stargazers_count": repo.stars,
        "watchers_count": repo.stars,
        "forks_count": repo.forks,
        "open_issues_count": open_issues,
    }
    licence = {
        "key": "apache-2.0",
        "name": "Apache License 2.0",
        "spdx_id": "Apache-2.0",
        "url": f"{base}/licenses/apache-2.0",
        "node_id": "L_1",
    }
    owned = account(base, owner, 1_000_000 + repo.place, "Organization", f"O_{repo.place}")
    return {
        "id": repo.id, "node_id": node_id("Repository", repo.id), "name": name, "full_name": repo.name, "owner": owned,
        "html_url": web, "url": url,
        "description": None, "homepage": None, "language": "Python", "license": licence, "topics": [],
        "visibility": "public",
        "default_branch": "main",
        "mirror_url": None, "size": 1000, "allow_forking": True, "web_commit_signoff_required": False,
        "temp_clone_token": None,
        **links, **numbers, **_facts(repo, open_issues),
    }  # fmt: skip


def _facts(repo: Repository, open_issues: int) -> Body:
    """Short names of the counts, instants, flags and addresses to clone from."""
    web = f"{WEB}/{repo.name}"
    short = {
        "forks": repo.forks,
        "watchers": repo.stars,
        "open_issues": open_issues,
        "subscribers_count": repo.stars // 40,
        "network_count": repo.forks,
    }
    times = {
        "created_at": iso(repo.created),
        "updated_at": iso(repo.clock.now),
        "pushed_at": iso(repo.clock.now - 3600),
    }
    flags = {
        "private": False,
        "fork": False,
        "archived": repo.is_archived,
        "disabled": False,
        "has_issues": repo.has_issues,
        "is_template": False,
    }
    has = {
        "has_projects": False,
        "has_downloads": True,
        "has_wiki": False,
        "has_pages": False,
        "has_discussions": repo.has_discussions,
    }
    clone = {
        "git_url": f"git://github.com/{repo.name}.git",
        "ssh_url": f"git@github.com:{repo.name}.git",
        "clone_url": f"{web}.git",
        "svn_url": web,
    }
    return {**short, **times, **flags, **has, **clone}


def issue_body(base: str, thread: Thread) -> Body:
    """An issue; a pull request too, which has the key `pull_request`."""
    repo, web = thread.repository, f"{WEB}/{thread.repository.name}"
    url = f"{base}/repos/{repo.name}/issues/{thread.number}"
    reason, author = thread.reason, thread.author
    links = {
        "labels_url": f"{url}/labels{{/name}}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "timeline_url": f"{url}/timeline",
    }
    # A deleted account comes as `ghost` or as null, both seen in the wild.
    body: Body = {
        "id": thread.id, "node_id": node_id("PullRequest" if thread.is_pull else "Issue", repo.id, thread.number),
        "url": url, **links,
        "repository_url": f"{base}/repos/{repo.name}",
        "html_url": f"{web}/{'pull' if thread.is_pull else 'issues'}/{thread.number}",
        "number": thread.number, "title": thread.title,
        "user": None if author is None and thread.number % 2 else user(base, author),
        "labels": [_label(base, repo, name) for name in thread.labels], "state": "open" if thread.is_open else "closed",
        "state_reason": None if reason is None or thread.is_pull else reason.lower(), "locked": thread.is_locked,
        "active_lock_reason": None,
        "assignee": None, "assignees": [], "milestone": None, "comments": thread.comments_count,
        "created_at": iso(thread.created),
        "updated_at": iso(thread.updated), "closed_at": iso_or_none(thread.closed),
        "author_association": thread.association,
        "body": thread.body, "performed_via_github_app": None, "reactions": _reactions(url), "type": None,
    }  # fmt: skip
    if thread.is_pull:
        page = f"{web}/pull/{thread.number}"
        pull = {
            "url": f"{base}/repos/{repo.name}/pulls/{thread.number}",
            "html_url": page,
            "diff_url": f"{page}.diff",
            "patch_url": f"{page}.patch",
        }
        body["pull_request"] = {**pull, "merged_at": iso_or_none(thread.merged)}
        body["draft"] = thread.is_draft
    return body


def comment_body(base: str, reply: Reply) -> Body:
    """A comment; its thread is told by `issue_url`."""
    repo, thread = reply.repository, reply.thread
    url = f"{base}/repos/{repo.name}/issues/comments/{reply.id}"
    page = f"{WEB}/{repo.name}/{'pull' if thread.is_pull else 'issues'}/{thread.number}#issuecomment-{reply.id}"
    return {
        "id": reply.id, "node_id": node_id("IssueComment", repo.id, reply.id), "url": url, "html_url": page,
        "issue_url": f"{base}/repos/{repo.name}/issues/{thread.number}", "user": user(base, reply.author),
        "created_at": iso(reply.created),
        "updated_at": iso(reply.updated), "author_association": reply.association, "body": reply.body,
        "performed_via_github_app": None,
        "reactions": _reactions(url),
    }  # fmt: skip


def release_body(base: str, repo: Repository, release: Release) -> Body:
    """A release."""
    url, web = f"{base}/repos/{repo.name}/releases/{release.draw % 2**31}", f"{WEB}/{repo.name}/releases"
    author = repo.people.person(int(repo.cast.staff[0]))
    return {
        "id": release.draw % 2**31, "node_id": f"RE_{release.draw:x}", "url": url,
        "html_url": f"{web}/tag/{release.tag}",
        "assets_url": f"{url}/assets",
        "upload_url": f"{base}/uploads/{release.draw % 2**31}/assets{{?name,label}}",
        "tarball_url": f"{base}/repos/{repo.name}/tarball/{release.tag}",
        "zipball_url": f"{base}/repos/{repo.name}/zipball/{release.tag}", "tag_name": release.tag,
        "target_commitish": "main",
        "name": release.tag,
        "body": "\n".join(line for lines in release.sections().values() for line in lines), "draft": False,
        "prerelease": release.is_prerelease,
        "immutable": False, "created_at": iso(release.at - 60), "published_at": iso(release.at),
        "updated_at": iso(release.at),
        "author": user(base, author), "assets": [],
    }  # fmt: skip


def _label(base: str, repo: Repository, name: str) -> Body:
    url = f"{base}/repos/{repo.name}/labels/{name.replace(' ', '%20')}"
    return {
        "id": 70_000 + len(name),
        "node_id": f"LA_{len(name)}",
        "url": url,
        "name": name,
        "description": None,
        "color": "ededed",
        "default": False,
    }


def _reactions(url: str) -> Body:
    words = ("+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes")
    return {"url": f"{url}/reactions", "total_count": 0, **dict.fromkeys(words, 0)}
