"""What the tests of hasim's definitions for other tools share. Each of them hands `run` a function that lets its
tool, or an engine of its tool's family, read a log with a definition; what it tells is compared with the rows of
hasim log parse, line by line and field by field, on corpora with every line form, both stamps and both message
sets. Lines of other programs and torn lines must be told as none of ours. HASIM names the program.
"""
import datetime
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HASIM = os.environ["HASIM"]
NOISE = "foreign=20,utf8=20,torn=10,day=20,code=20"
PROFILE = pathlib.Path(__file__).with_name("every-form.profile")
FIELDS = ("form", "message", "time", "pid", "group", "member", "attempt", "code", "code_name")


class Difference(Exception):
    """The tool and hasim do not agree."""


def said_by(*command, **options):
    """What a command writes; that it ends with 0 is its duty."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120, check=False, **options)
    if done.returncode != 0:
        raise Difference(f"{command[0]} ended with {done.returncode}: {done.stderr.decode(errors='replace')[-2000:]}")
    return done.stdout


def definition(tool):
    return said_by(HASIM, "log", "format", "--to", tool).decode()


def time_of(stamp):
    """A stamp of the log, by a strptime with the layout that the definitions have, as the rows have it."""
    return datetime.datetime.strptime(stamp, "%a %b %d %H:%M:%S %Y").isoformat()


def record(**fields):
    """A record in one spelling, whatever the tool: numbers without a base, None for what is not there."""
    row = {name: fields.get(name) or None for name in FIELDS}
    for name, base in (("pid", 10), ("attempt", 10), ("code", 16)):
        row[name] = int(row[name], base) if isinstance(row[name], str) else row[name]
    return row


def expected_of(log):
    """For each line of a log its record, or None where it is none, or more than one."""
    lines = [None] * log.read_bytes().count(b"\n")
    for row in map(json.loads, said_by(HASIM, "log", "parse", "--json", log).splitlines()):
        if row["kind"] == "record" and "glued" not in row:
            lines[row["line"] - 1] = record(**{name: row.get(name) for name in FIELDS})
    return lines


def corpora(folder):
    """A log for each stamp and each message set, all of its files in one."""
    for stamp in ("note", "ctime"):
        for messages in ("6.2.2", "all"):
            corpus = folder / f"{stamp}-{messages}"
            said_by(HASIM, "corpus", "--out", corpus, "--profile", PROFILE, "--seed", "2", "--lines", "2000",
                    "--groups", "2", "--stamp", stamp, "--messages", messages, "--noise", NOISE)
            log = corpus / "haErrorLog.txt"
            rotated = sorted((corpus / "ws-0001").glob("haErrorLog_*Z*.txt"))
            log.write_bytes(b"".join(part.read_bytes() for part in rotated + [corpus / "ws-0001/haErrorLog.txt"]))
            yield log


def compare(wanted, told, known, in_order):
    """`told` has a row or None for each line, or the records alone. `known` are the fields that the tool knows."""
    if None not in told:
        wanted = [row for row in wanted if row]
    wanted = [row and {name: row[name] for name in known} for row in wanted]
    told = [row and {name: row[name] for name in known} for row in told]
    if not in_order:
        wanted, told = sorted(wanted, key=str), sorted(told, key=str)
    for number, (want, have) in enumerate(zip(wanted, told), 1):
        if want != have:
            raise Difference(f"row {number}: hasim has {want}, the tool {have}")
    if len(wanted) != len(told):
        raise Difference(f"hasim has {len(wanted)} rows, the tool {len(told)}")


def run(tool, read, without=(), in_order=True):
    """The whole test: `read(text of the definition, log, folder)` on each corpus, and with a definition that is
    wrong."""
    text = definition(tool)
    known = [name for name in FIELDS if name not in without]
    forms, records, others = set(), 0, 0
    with tempfile.TemporaryDirectory(prefix="hasim-parsers-") as name:
        folder = pathlib.Path(name)
        try:
            for log in corpora(folder):
                wanted = expected_of(log)
                compare(wanted, read(text, log, folder), known, in_order)
                forms |= {row["form"] for row in wanted if row}
                records += sum(row is not None for row in wanted)
                others += wanted.count(None)
        except Difference as error:
            sys.exit(f"{tool}: {log.parent.name}: {error}")
        if len(forms) != 11 or not others:
            sys.exit(f"{tool}: the corpora have {len(forms)} forms and {others} other lines")
        try:
            compare(wanted, read(text.replace("recovery attempt ", "recovery try "), log, folder), known, in_order)
        except Difference:
            print(f"{tool}: {records} records of {len(forms)} forms agree, {others} other lines are told apart")
            return
        sys.exit(f"{tool}: a definition of other lines reads the same")


def by_expressions(expressions, matcher):
    """Rows by one regular expression for each form: `matcher(form, expression)` yields the number of each line that
    it matches, from 0, with its groups."""
    rows = {}
    for form, expression in expressions.items():
        for number, groups in matcher(form, expression):
            if number in rows:
                raise Difference(f"line {number + 1} is {form} and {rows[number]['form']}")
            groups["time"] = time_of(groups.pop("timestamp"))
            rows[number] = record(form=form, **groups)
    return rows


def in_lines(rows, log):
    return [rows.get(number) for number in range(log.read_bytes().count(b"\n"))]


def perl_or_ruby(command, script, log, expressions):
    """Lets an interpreter match each line: it is given the log and the expressions, and writes the number of the
    line, the form, and names and texts of groups, tab-separated."""
    told = said_by(*command, "-e", script, log, *(part for pair in expressions.items() for part in pair))
    found = {form: [] for form in expressions}
    for line in told.decode().splitlines():
        number, form, *groups = line.split("\t")
        found[form].append((int(number), dict(zip(groups[::2], groups[1::2]))))
    return in_lines(by_expressions(expressions, lambda form, _: found[form]), log)


RUBY = r"""
Encoding.default_external = "UTF-8"
log, *rest = ARGV
expressions = rest.each_slice(2).map { |form, text| [form, Regexp.new(text)] }
File.foreach(log, chomp: true).with_index do |line, number|
  expressions.each do |form, expression|
    match = expression.match(line.scrub) or next
    puts [number, form, *match.named_captures.to_a.flatten].join("\t")
  end
end
"""


def by_ruby(log, expressions):
    """Onigmo, as in Fluent Bit, and the child of the engine that Logstash has."""
    return perl_or_ruby(("ruby",), RUBY, log, expressions)


def named(pattern, text):
    """The expressions of a definition by form: `pattern` has the groups form and expression."""
    found = {match["form"].lower(): match["expression"] for match in re.finditer(pattern, text, re.M)}
    if len(found) != 11:
        raise Difference(f"the definition has {len(found)} expressions")
    return found
