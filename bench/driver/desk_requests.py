"""The requests that are measured, made from what the desk at hand holds: its teams, people, services, categories, and
the cursors of its queues."""

import random
import urllib.parse

from .load import post

API = "/api/v1"
PAGE = 50
# What a queue shows of each incident: its head, without texts and offers.
QUEUE_FIELDS = ("number,title,state,stage,priority,team,assignee,requester,service,flags,hold_reason,created_at,"
                "updated_at,version")
BODIES = 200
TEXT_BYTES = 1000
PEOPLE_MAX = 200
READ_NUMBERS = 1000
WORDS = ("the printer on floor three prints nothing since this morning and shows a red light after every restart users "
         "cannot reach the shared folder laptop loses its wireless connection during calls monitor stays black when "
         "docked mail arrives late or not at all password was changed yesterday and now the account is locked").split()


def _keys(server, token, what, keep=lambda item: True):
    items = server.get(f"{API}/{what}?limit=200", token)["items"]
    return [item["key"] for item in items if item["active"] and keep(item)]


def creates(server, token, seed):
    """Logging as an agent does it at the phone: 1 kB of text, caller, service, category, impact, urgency, team."""
    chance = random.Random(seed)
    people = _keys(server, token, "users", lambda user: user["roles"] == ["requester"])[:PEOPLE_MAX]
    teams, services = _keys(server, token, "teams"), _keys(server, token, "services")
    categories = _keys(server, token, "categories", lambda category: not category["restricted"])
    out = []
    for n in range(BODIES):
        text = ""
        while len(text) < TEXT_BYTES:
            text += chance.choice(WORDS) + " "
        out.append(post(f"{API}/incidents", {
            "title": f"Measured {n}: {' '.join(chance.choices(WORDS, k=5))}", "description": text[:TEXT_BYTES],
            "channel": "phone", "impact": chance.randint(1, 3), "urgency": chance.randint(1, 3),
            "requester": people[n % len(people)], "service": chance.choice(services),
            "category": chance.choice(categories), "team": teams[n % len(teams)]}))
    return out


def reads(server, token, seed):
    """One incident after the other, from all over the desk; numbers may have gaps."""
    newest = int(server.get(f"{API}/incidents?limit=1&sort=-created_at&fields=number", token)["items"][0]["number"][4:])
    numbers = list(range(1, newest + 1))
    chosen = random.Random(seed).sample(numbers, min(READ_NUMBERS, newest))
    paths = [f"{API}/incidents/INC-{number}" for number in chosen]
    return [f"GET {path}" for path in paths if server.has(path, token)]


def _deepest(server, token, path, pages_max):
    """The page of a queue that stands `pages_max` pages deep, or its last whole one."""
    cursor = None
    for _ in range(pages_max):
        following = server.get(path + (f"&after={urllib.parse.quote(cursor)}" if cursor else ""), token)["next"]
        if following is None:
            break
        cursor = following
    return path + (f"&after={urllib.parse.quote(cursor)}" if cursor else "")


def queues(server, token, fields=QUEUE_FIELDS):
    """Name to request: pages of 50 by priority, then due, then age, each first and deep."""
    me = server.get(f"{API}/me", token)
    teams = [team["key"] for team in me["teams"]] or _keys(server, token, "teams")
    more = teams + [key for key in _keys(server, token, "teams") if key not in teams]
    shown = f"&fields={fields}" if fields else ""
    page = f"{API}/incidents?state=open&sort=priority&limit={PAGE}{shown}"
    out = {}
    for name, condition, deep in (("one team", f"&team={teams[0]}", 8),
                                  ("five teams", "".join(f"&team={key}" for key in more[:5]), 40),
                                  ("mine", "&assignee=me", 2), ("all", "", 200)):
        out[f"{name}, first"] = f"GET {page}{condition}"
        out[f"{name}, deep"] = f"GET {_deepest(server, token, page + condition, deep)}"
    return out
