"""What a corpus knows of each line that says that a member went out of service: was it recovered within N minutes?"""
import datetime
import json
import re
import subprocess

OUT_OF_SERVICE = ("drop_member", "member_deactivated", "drop_unrecoverable", "login_failed")
# While one of these lasts, nothing recovers the member.
SOLID = ("cable out", "power off", "ntls stop")
UNITS = {"d": 86400, "h": 3600, "m": 60, "s": 1}


def seconds_of(stamp):
    """Whole seconds, as the log has them."""
    return int(datetime.datetime.fromisoformat(stamp.rstrip("Z")).replace(tzinfo=datetime.timezone.utc).timestamp())


def objects(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def rows_of(hasim, folder):
    """The records of a workstation's log, as hasim log parse tells them, in the order in which they were written."""
    out = subprocess.run([hasim, "log", "parse", "--json", folder], check=True, capture_output=True, text=True).stdout
    rows = [json.loads(line) for line in out.splitlines()]
    return [dict(row, host=folder.name, file=row["file"].rpartition("/")[2], _time=seconds_of(row["time"]))
            for row in rows if row["kind"] == "record"]


def ends_of_processes(folder):
    """When each process ended, by its id, from the scenarios: the log has no line for that."""
    ends = {}
    for path in sorted(folder.glob("scenario*.hasim")):
        text = path.read_text()
        start = seconds_of(re.search(r"^start +(\S+)$", text, re.M)[1])

        def after(length, start=start):
            return start + sum(int(number) * UNITS[unit] for number, unit in re.findall(r"(\d+)([dhms])(?!s)", length))

        running = dict(re.findall(r"^client +(\w+) pid (\d+)$", text, re.M))
        for at, client, pid in re.findall(r"^at (\S+) +client (\w+) +restart pid (\d+)$", text, re.M):
            ends[int(running[client])] = after(at)
            running[client] = pid
        for pid in running.values():
            ends[int(pid)] = after(re.search(r"^for +(\S+)$", text, re.M)[1])
    return ends


class Workstation:
    def __init__(self, folder):
        self.host = folder.name
        self.labels = objects(folder / "labels.jsonl")
        self.by_id = {label["id"]: label for label in self.labels}
        self.outages = objects(folder / "outages.jsonl")
        self.ends = ends_of_processes(folder)
        self.last = max(seconds_of(label["time"]) for label in self.labels if label["form"])

    def judge(self, limit):
        """For each line that says so, by file and line: True, not recovered within `limit` seconds; False,
        recovered; or a word: why it is left out. And how long each recovery took, and which outage each belongs to.
        """
        verdicts, lengths, outages = {}, {}, {}
        for line in self.labels:
            if line["form"] in OUT_OF_SERVICE and line["outage"] is None:
                verdicts[(self.host, line["file"], line["line"])] = "belongs to no outage"
        for outage in self.outages:
            lines = [self.by_id[number] for number in outage["lines"]]
            for place, line in enumerate(lines):
                if line["form"] in OUT_OF_SERVICE:
                    key = (self.host, line["file"], line["line"])
                    verdicts[key], lengths[key] = self.verdict(outage, line, lines[place + 1:], limit)
                    outages[key] = (self.host, outage["id"])
        return verdicts, lengths, outages

    def verdict(self, outage, line, later, limit):
        time = seconds_of(line["time"])
        same = ("pid", "group", "member")
        back = next((seconds_of(other["time"]) for other in later
                     if other["form"] == "recovered" and all(other[name] == line[name] for name in same)), None)
        length = None if back is None else back - time
        if time + limit >= self.last:
            return "the log ends before", length
        if length is not None and length <= limit:
            assert outage["kind"] not in SOLID or seconds_of(outage["end"]) <= time + length, (outage, line)
            return False, length
        over = outage["end"] is not None and seconds_of(outage["end"]) <= time + limit
        if over and self.ends[line["pid"]] <= time + limit:
            return "its process ended before, and so did the outage", length
        return True, length
