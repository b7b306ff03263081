#!/usr/bin/python3 -B
"""Whether the rules of examples/detections have the form that their tools want, and name what hasim's definitions
have: shape.py HASIM DETECTIONS

For Sigma: what the published specification of rules (2.0) and of correlations (2.1) says of the attributes that are
used, as a JSON Schema. For Splunk: the keys of savedsearches.conf that are used, and that props.conf makes every
field.
"""
import pathlib
import re
import subprocess
import sys

import jsonschema
import yaml

import rules

TEXT = {"type": "string", "minLength": 2}
NAMES = {"type": "array", "items": TEXT, "minItems": 1, "uniqueItems": True}
HEAD = {
    "title": {"type": "string", "minLength": 2, "maxLength": 256},
    "id": {"type": "string", "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"},
    "name": {"type": "string", "pattern": "^[a-z0-9_]{1,256}$"},
    "status": {"enum": ["stable", "test", "experimental", "deprecated", "unsupported"]},
    "description": {"type": "string", "maxLength": 65535},
    "author": TEXT,
    "date": {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"},
    "falsepositives": NAMES,
    "level": {"enum": ["informational", "low", "medium", "high", "critical"]},
}
RULE = {
    "type": "object",
    "required": ["title", "id", "status", "logsource", "detection", "level"],
    "additionalProperties": False,
    "properties": {
        **HEAD,
        "logsource": {"type": "object", "minProperties": 1, "additionalProperties": False,
                      "properties": {name: TEXT for name in ("category", "product", "service", "definition")}},
        "detection": {"type": "object", "required": ["condition"], "minProperties": 2,
                      "properties": {"condition": TEXT}, "additionalProperties": {"type": ["object", "array"]}},
    },
}
CORRELATION = {
    "type": "object",
    "required": ["title", "id", "status", "correlation", "level"],
    "additionalProperties": False,
    "properties": {
        **HEAD,
        "correlation": {
            "type": "object",
            "required": ["type", "rules", "group-by", "timespan"],
            "additionalProperties": False,
            "properties": {
                "type": {"enum": ["event_count", "value_count", "temporal", "temporal_ordered"]},
                "rules": NAMES,
                "group-by": NAMES,
                "timespan": {"type": "string", "pattern": "^[1-9][0-9]{0,8}[smhd]$"},
            },
        },
    },
}
ALERT = {"description", "search", "dispatch.earliest_time", "dispatch.latest_time", "enableSched", "cron_schedule",
         "counttype", "relation", "quantity", "alert.severity", "alert.track", "alert.digest_mode", "alert.suppress",
         "alert.suppress.fields", "alert.suppress.period"}
FIELDS = {"host", "time", "pid", "group", "member", "message", "form", "attempt", "code", "code_name"}


def must(holds, text):
    if not holds:
        sys.exit(text)


def check_sigma(path, forms):
    """The documents of a file: each is what the specification says, and a correlation's rules stand beside it."""
    must(re.fullmatch(r"[a-z0-9_]{10,70}\.yml", path.name), f"{path.name} is no name for a Sigma rule")
    documents = list(yaml.load_all(path.read_text(), yaml.BaseLoader))
    names = {document["name"] for document in documents if "name" in document}
    for document in documents:
        try:
            jsonschema.Draft202012Validator(CORRELATION if "correlation" in document else RULE).validate(document)
        except jsonschema.ValidationError as error:
            sys.exit(f"{path.name}: {error.json_path}: {error.message}")
        for field, value in document.get("detection", {}).get("selection", {}).items():
            must(field in FIELDS, f"{path.name}: no definition has a field {field}")
            unknown = set(value if isinstance(value, list) else [value]) - forms if field == "form" else None
            must(not unknown, f"{path.name}: no such form: {unknown}")
        correlation = document.get("correlation", {})
        must(set(correlation.get("rules", [])) <= names, f"{path.name}: a rule of the correlation is not there")
        must(set(correlation.get("group-by", [])) <= FIELDS, f"{path.name}: no definition has all of {correlation}")
    return [document["id"] for document in documents]


def check_splunk(folder, props, forms):
    saved = rules.configuration(folder / "savedsearches.conf")
    (name,) = saved.sections()
    must(set(saved[name]) <= ALERT, f"savedsearches.conf: unknown {set(saved[name]) - ALERT}")
    search = saved[name]["search"]
    must("[luna:halog]" in props and 'sourcetype="luna:halog"' in search, "the search has another sourcetype")
    made = set(re.findall(r"\?<(\w+)>", props)) | set(re.findall(r"^EVAL-(\w+)", props, re.M)) | {"host", "_time"}
    made |= set(re.findall(r"\b(\w+) = ", search)) | set(re.findall(r" AS (\w+) ", search))
    words = {"sourcetype", "IN", "eval", "if", "null", "streamstats", "current", "f", "last", "AS", "BY", "where",
             "AND", "OR", "now", "isnull", "strftime", "table", "luna_ha_minutes"} | forms
    unknown = set(re.findall(r"\b[A-Za-z_]\w*", re.sub(r'"[^"]*"', "", search))) - made - words
    must(not unknown, f"savedsearches.conf: nothing makes {unknown}")
    must(set(saved[name]["alert.suppress.fields"].split(",")) <= set(search.rpartition("| table ")[2].split()),
         "savedsearches.conf: what suppresses is not in the table")
    rules.configuration(folder / "macros.conf")["luna_ha_minutes"].getint("definition")


def main(hasim, detections):
    def definition(tool):
        return subprocess.run([hasim, "log", "format", "--to", tool], check=True, capture_output=True, text=True).stdout

    detections = pathlib.Path(detections)
    forms = {line.split("\t")[0] for line in definition("regex").splitlines()} - {"any"}
    ids = [one for path in sorted((detections / "sigma").glob("*")) for one in check_sigma(path, forms)]
    must(len(ids) == len(set(ids)) == 4, f"ids: {ids}")
    check_splunk(detections / "splunk", definition("splunk"), forms)


if __name__ == "__main__":
    main(*sys.argv[1:])
