#!/usr/bin/env python3
"""Computes the overview report that an import of the ServiceNow event log must give, straight from its rows.

    expected_overview.py INCIDENT_EVENT_LOG.csv > expected_overview.json

Independent of the program: a small state machine over the rows of docs/import.md, Python's standard library alone. The
program's report of the same file must be equal to the object printed here, figure by figure.
"""
import csv
import datetime
import json
import sys
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

WORDS = {
    "New": "new",
    "Active": "in_progress",
    "Awaiting User Info": "on_hold.awaiting_requester",
    "Awaiting Vendor": "on_hold.awaiting_vendor",
    "Awaiting Problem": "on_hold.awaiting_problem",
    "Awaiting Evidence": "on_hold.awaiting_evidence",
    "Resolved": "resolved",
    "Closed": "closed",
}
CHANNELS = {"Phone": "phone", "IVR": "phone", "Self service": "portal", "Email": "email", "Direct opening": "api"}
CHANNEL_ORDER = ["portal", "email", "phone", "monitoring", "api", "chat", "walk_in"]


def minutes(text):
    at = datetime.datetime.strptime(text, "%d/%m/%Y %H:%M")
    return int((at - datetime.datetime(1970, 1, 1)).total_seconds()) // 60


def rounded(numerator, denominator):
    if denominator == 0:
        return None
    exact = Decimal(numerator) / Decimal(denominator)
    return float(exact.quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP))


def median_hours(spans):
    spans = sorted(spans)
    if not spans:
        return {"n": 0, "median": None}
    middle = len(spans) // 2
    double = 2 * spans[middle] if len(spans) % 2 else spans[middle - 1] + spans[middle]
    return {"n": len(spans), "median": rounded(double, 120)}


class Figures:
    """Reassignments, reopens and hours of one side of the report, recorded or derived."""

    def __init__(self):
        self.moves, self.reopens, self.spans = [], [], []

    def add(self, moves, reopens, span, priority):
        self.moves.append(moves)
        self.reopens.append(reopens)
        if span is not None:
            self.spans.append((priority, span))

    def object(self):
        counts = Counter(self.moves)
        hours = {"all": median_hours([span for _, span in self.spans])}
        for name in ("P1", "P2", "P3", "P4", "P5"):
            mine = [span for priority, span in self.spans if priority == name]
            if mine:
                hours[name] = median_hours(mine)
        came_back = sum(1 for n in self.reopens if n > 0)
        return {
            "reassignments": {
                "incidents_by_count": {str(n): counts[n] for n in sorted(counts)},
                "mean": rounded(sum(self.moves), len(self.moves)),
                "max": max(self.moves, default=0),
            },
            "reopens": {"incidents": came_back, "share": rounded(came_back, len(self.reopens)), "sum": sum(self.reopens)},
            "hours_to_resolve": hours,
        }


def derive(rows):
    """Team changes, returns and the minute of the resolution that stands, by the product's own rules."""
    state, team, moves, reopens, resolved = "new", None, 0, 0, None
    now = minutes(rows[0]["opened_at"])
    for row in rows:
        now = max(now, minutes(row["sys_updated_at"]))
        wanted = WORDS.get(row["incident_state"], state)
        if (state == "resolved" and wanted not in ("resolved", "closed")) or (state == "closed" and wanted != "closed"):
            reopens += 1
            resolved = None
            state = "returned"
        group = row["assignment_group"]
        if group != "?" and group != team:
            moves += team is not None
            team = group
        if wanted == "closed" and state not in ("resolved", "closed"):
            resolved = now
        if wanted == "resolved" and state != "resolved":
            resolved = now
        state = wanted
    return moves, reopens, resolved


def overview(path):
    incidents = {}
    total = not_understood = 0
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            total += 1
            not_understood += row["incident_state"] not in WORDS
            incidents.setdefault(row["number"], []).append(row)

    recorded, derived = Figures(), Figures()
    state, priority, ever, sla = Counter(), Counter(), Counter(), Counter()
    contact, channel, last_problems, all_problems = Counter(), Counter(), Counter(), set()
    for rows in incidents.values():
        last = rows[-1]
        opened = minutes(last["opened_at"])
        words = [WORDS[row["incident_state"]] for row in rows if row["incident_state"] in WORDS]
        state[words[-1].split(".")[0]] += 1
        ever.update(set(words))
        name = "P" + last["priority"][0]
        priority[name] += 1
        sla[last["made_sla"]] += 1
        contact[last["contact_type"]] += 1
        channel[CHANNELS[last["contact_type"]]] += 1
        all_problems.update(row["problem_id"] for row in rows if row["problem_id"] != "?")
        if last["problem_id"] != "?":
            last_problems[last["problem_id"]] += 1
        span = None if last["resolved_at"] == "?" else minutes(last["resolved_at"]) - opened
        recorded.add(int(last["reassignment_count"]), int(last["reopen_count"]), span, name)
        moves, reopens, resolved = derive(rows)
        derived.add(moves, reopens, None if resolved is None else resolved - opened, name)

    figures = recorded.object()
    return {
        "import": {"rows": total, "rows_not_understood": not_understood},
        "recorded": {
            "events": total,
            "incidents": len(incidents),
            "state": dict(state),
            "priority": {name: priority[name] for name in ("P1", "P2", "P3", "P4", "P5")},
            "ever_in_state": {word: ever[word] for word in WORDS.values() if ever[word]},
            "reassignments": figures["reassignments"],
            "reopens": figures["reopens"],
            "made_sla": {
                "true": sla["true"],
                "false": sla["false"],
                "share": rounded(sla["true"], sla["true"] + sla["false"]),
            },
            "hours_to_resolve": figures["hours_to_resolve"],
            "contact_type": dict(sorted(contact.items(), key=lambda item: (-item[1], item[0]))),
            "channel": {name: channel[name] for name in CHANNEL_ORDER if channel[name]},
            "problems": {
                "incidents": sum(last_problems.values()),
                "distinct": len(last_problems),
                "distinct_ever": len(all_problems),
            },
        },
        "derived": derived.object(),
    }


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    print(json.dumps(overview(sys.argv[1]), indent=2))
