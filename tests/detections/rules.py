"""What the two alerts say, read from their files: only what they use is understood, and anything else is refused."""
import collections
import configparser
import re

import yaml

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def matches(detection, row):
    """Whether a row is in a detection of one selection: each field has the value, or one of the values, of the
    rule."""
    assert set(detection) == {"selection", "condition"} and detection["condition"] == "selection", detection
    wanted = {field: value if isinstance(value, list) else [value] for field, value in detection["selection"].items()}
    return all(row.get(field) in values for field, values in wanted.items())


def sigma_alerts(path, rows):
    """The rows of which the Sigma rules tell. One rule: its matches. With a correlation: the matches of its first
    rule that begin no match of it, once its timespan is over; the file's first comment says so."""
    documents = list(yaml.safe_load_all(path.read_text()))
    rules = {document["name"]: document["detection"] for document in documents if "name" in document}
    correlations = [document["correlation"] for document in documents if "correlation" in document]
    if not correlations:
        return [row for row in rows if matches(documents[0]["detection"], row)]
    (correlation,) = correlations
    assert correlation["type"] == "temporal_ordered", correlation["type"]
    first, *later = (rules[name] for name in correlation["rules"])
    timespan = int(correlation["timespan"][:-1]) * UNITS[correlation["timespan"][-1]]
    groups = collections.defaultdict(list)
    for row in rows:
        groups[tuple(row[field] for field in correlation["group-by"])].append(row)
    ends = {row["host"]: row["_time"] for row in rows}
    alerts = []
    for group in groups.values():
        for place, row in enumerate(group):
            if matches(first, row) and row["_time"] + timespan < ends[row["host"]]:
                if not in_order(later, group[place + 1:], row["_time"] + timespan):
                    alerts.append(row)
    return alerts


def in_order(detections, rows, until):
    """Whether the rows have a match of each detection, one after the other, until then. Without any they have
    none."""
    left = list(detections)
    for row in rows:
        if left and row["_time"] <= until and matches(left[0], row):
            left.pop(0)
    return bool(detections) and not left


def configuration(path):
    """A .conf of Splunk: a backslash at the end of a line goes on with the next."""
    parser = configparser.RawConfigParser(delimiters=("=",), comment_prefixes=("#",), strict=True)
    parser.optionxform = str
    parser.read_string(re.sub(r"\\\n", " ", path.read_text()))
    return parser


def python_of(expression):
    """A condition of SPL as one of Python: the few words that the alert uses."""
    for pattern, text in ((r"\bAND\b", "and"), (r"\bOR\b", "or"), (r"(?<![<>!=])=(?!=)", "=="), (r"\bnull\(\)", "None"),
                          (r"\bif\(", "choose(")):
        expression = re.sub(pattern, text, expression)
    assert re.fullmatch(r'[\w\s+*()<>!=,"]+', expression), expression
    return compile(expression.strip(), "SPL", "eval")


def value_of(code, row, now):
    names = {"isnull": lambda value: value is None, "choose": lambda yes, one, other: one if yes else other,
             "now": lambda: now}
    # In SPL a field that is not there is null, and what is compared to null does not hold.
    try:
        return eval(code, {"__builtins__": {}}, collections.defaultdict(lambda: None, {**row, **names}))
    except TypeError:
        return None


def splunk_alerts(folder, rows):
    """The rows that the saved search finds: its commands one after the other, over each host's log, newest row
    first."""
    saved = configuration(folder / "savedsearches.conf")
    (name,) = saved.sections()
    search = saved[name]["search"]
    for macro, body in configuration(folder / "macros.conf").items():
        search = search.replace(f"`{macro}`", body.get("definition", ""))
    assert "`" not in search, "a macro without a definition"
    ends = {row["host"]: row["_time"] for row in rows}
    found = [dict(row, halog_form=row["form"], row=row) for row in reversed(rows)]
    base, *commands = (command.strip() for command in search.split("|"))
    # Two lines on one have a halog_form, and no member.
    forms = re.fullmatch(r'sourcetype="luna:halog" member=\* halog_form IN \(([\w, ]+)\)', base)[1].split(", ")
    found = [row for row in found if row["halog_form"] in forms]
    for command in commands:
        word, rest = command.split(" ", 1)
        if word == "eval" and not rest.startswith("dropped_at"):
            field, expression = rest.split(" = ", 1)
            code = python_of(expression)
            for row in found:
                row[field] = value_of(code, row, ends[row["host"]])
        elif word == "where":
            code = python_of(rest)
            found = [row for row in found if value_of(code, row, ends[row["host"]])]
        elif word == "streamstats":
            source, field, keys = re.fullmatch(r"current=f last\((\w+)\) AS (\w+) BY ([\w, ]+)", rest).groups()
            last = {}
            for row in found:
                key = tuple(row[name] for name in keys.split(", "))
                row[field] = last.get(key)
                last[key] = row[source] if row[source] is not None else last.get(key)
        else:
            assert word in ("eval", "table"), command
    return [row["row"] for row in found]
