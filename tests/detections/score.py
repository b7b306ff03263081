#!/usr/bin/python3 -B
"""Scores the alerts of examples/detections against the truth of a corpus: score.py HASIM CORPUS DETECTIONS MINUTES

Each line that says that a member went out of service is one case. It is true when no recovery by the same process
came within so many minutes, as outages.jsonl and its labels say. Left out are lines of which the log cannot tell
(the log ends before the time is over; the process and the outage both ended before), and lines that belong to no
outage, such as those about a member that an operator exchanged. Exit code 1 when an alert's precision or recall is
not 1; of the alert by single events, only its precision.
"""
import collections
import pathlib
import sys

import rules
import truth


def score(name, alerts, verdicts, outages):
    said = {(row["host"], row["file"], row["line"]) for row in alerts}
    right = sum(verdict is True and key in said for key, verdict in verdicts.items())
    wrong = sum(verdict is False and key in said for key, verdict in verdicts.items())
    missed = sum(verdict is True and key not in said for key, verdict in verdicts.items())
    # What speaks of other lines than those that say so is wrong, too; what has no verdict is no case.
    elsewhere = sum(row["form"] not in truth.OUT_OF_SERVICE for row in alerts)
    lasting = {outages[key] for key, verdict in verdicts.items() if verdict is True}
    told = {outages[key] for key in said if key in outages}
    precision = right / (right + wrong + elsewhere) if right + wrong + elsewhere else 0.0
    recall = right / (right + missed) if right + missed else 0.0
    print(f"{name}: precision {precision:.4f} recall {recall:.4f} "
          f"({right} right, {wrong + elsewhere} wrong, {missed} missed; {len(lasting & told)} of {len(lasting)} outages)")
    return precision, recall


def told_by(rows, alerts):
    """The line for which each alert speaks, where that is a later one: the last that said so, of the same process,
    group and member."""
    last, told = {}, []
    numbers = {id(row) for row in alerts}
    for row in rows:
        key = (row["host"], row["pid"], row["group"], row["member"])
        if row["form"] in truth.OUT_OF_SERVICE:
            last[key] = row
        if id(row) in numbers and key in last:
            told.append(last[key])
    return told


def main(hasim, corpus, detections, minutes):
    limit = int(minutes) * 60
    folders = sorted(pathlib.Path(corpus).glob("ws-*"))
    detections = pathlib.Path(detections)
    rows = [row for folder in folders for row in truth.rows_of(hasim, folder)]
    verdicts, lengths, outages = {}, {}, {}
    for folder in folders:
        for all_of_them, of_one in zip((verdicts, lengths, outages), truth.Workstation(folder).judge(limit)):
            all_of_them.update(of_one)
    kinds = collections.Counter(verdicts.values())
    judged = [key for key, verdict in verdicts.items() if isinstance(verdict, bool)]
    never = sum(verdicts[key] is True and lengths[key] is None for key in judged)
    just_then = sum(lengths[key] == limit for key in judged)
    print(f"{len(rows)} rows, {len(judged)} cases: {kinds.pop(True, 0)} not recovered within {minutes} minutes, "
          f"of them {never} never; {kinds.pop(False, 0)} recovered, of them {just_then} just then. "
          f"Left out: {dict(kinds)}")
    sigma = detections / "sigma"
    failing = rules.sigma_alerts(sigma / "luna_ha_member_still_failing.yml", rows)
    scores = {"sigma": rules.sigma_alerts(sigma / "luna_ha_member_not_recovered.yml", rows),
              "splunk": rules.splunk_alerts(detections / "splunk", rows),
              "sigma, single events": told_by(rows, failing)}
    scores = {name: score(name, alerts, verdicts, outages) for name, alerts in scores.items()}
    # What can tell by a failed attempt alone must not speak too early; what it misses is its nature.
    missing = scores.pop("sigma, single events")
    return 0 if missing[0] == 1 and all(both == (1, 1) for both in scores.values()) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
