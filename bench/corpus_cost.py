#!/usr/bin/python3
"""What a terabyte of corpus costs, measured on a gigabyte: making it, holding it, keeping it.

usage: corpus_cost.py HASIM [DIRECTORY [PROFILE...]]

Makes a gigabyte in a folder of DIRECTORY (/var/tmp) for each PROFILE (flaky-link, datacentre-loss), and prints
processor time, wall time and peak memory of it, of `corpus verify`, and of compressors. The limit beside it, in the same
run: the same bytes written to the same disk by `cp`. Every time includes what the disk needs (sync). The least of
HASIM_ROUNDS (3) counts, for processor and wall time each: the machine may have other work. Nothing stays."""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time

GIGABYTE = 10**9
ROUNDS = int(os.environ.get("HASIM_ROUNDS", "3"))


class Cost:
    """Of one command and its children: seconds of processors and of the wall, kilobytes of the largest process."""

    def __init__(self, processor, wall, peak):
        self.processor, self.wall, self.peak = processor, wall, peak


def measured(command, folder):
    """Runs a command in a process of its own, which waits for the disk, and tells what both took."""
    receiver, sender = os.pipe()
    start = time.monotonic()
    pid = os.fork()
    if pid == 0:
        status = subprocess.run(command, shell=isinstance(command, str), stdout=subprocess.DEVNULL).returncode
        subprocess.run(["sync", "-f", folder])
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        os.write(sender, f"{status} {used.ru_utime + used.ru_stime} {used.ru_maxrss}".encode())
        os._exit(0)
    os.waitpid(pid, 0)
    wall = time.monotonic() - start
    status, processor, peak = os.read(receiver, 200).split()
    os.close(receiver)
    os.close(sender)
    if int(status) != 0:
        sys.exit(f"{command} ended with {int(status)}")
    return Cost(float(processor), wall, int(peak))


def least(command, folder, before=lambda: None):
    """The least of several runs."""
    costs = []
    for _ in range(ROUNDS):
        before()
        costs.append(measured(command, folder))
    return Cost(min(one.processor for one in costs), min(one.wall for one in costs), max(one.peak for one in costs))


def files_of(folder):
    return [os.path.join(path, name) for path, _, names in os.walk(folder) for name in names]


def bytes_of(files):
    return sum(os.path.getsize(name) for name in files)


def hours(seconds):
    return f"{seconds / 3600:.1f} h" if seconds >= 360 else f"{seconds / 60:.1f} min"


def row(name, cost, size, note=""):
    """One line of the table: what the corpus at hand took, and what a terabyte of it would."""
    scale = 10**12 / size
    print(f"  {name:22} {cost.processor:8.2f} {cost.wall:8.2f} {cost.peak / 1024:8.0f}"
          f"   {hours(cost.processor * scale):>9} {hours(cost.wall * scale):>9}   {note}")


def measure(hasim, folder, profile):
    made, copied = os.path.join(folder, "corpus"), os.path.join(folder, "copy")
    # A workstation of 4 MB of logs is 17 to 20 MB with what stands beside them.
    make = [hasim, "corpus", "-q", "--out", made, "--profile", profile, "--bytes", "4M", "--workstations", "54"]
    making = least(make, folder, lambda: shutil.rmtree(made, ignore_errors=True))
    files = files_of(made)
    size = bytes_of(files)
    logs = bytes_of([name for name in files if name.endswith(".txt")])
    copying = least(["cp", "-r", made, copied], folder, lambda: shutil.rmtree(copied, ignore_errors=True))
    shutil.rmtree(copied)
    holding = least([hasim, "corpus", "verify", "-q", made], folder)

    print(f"\n{profile}: {size / GIGABYTE:.2f} GB in {len(files)} files, {100 * logs / size:.0f} % of it logs")
    print(f"  {'':22} {'cpu s':>8} {'wall s':>8} {'MB':>8}   {'cpu/TB':>9} {'wall/TB':>9}   this machine")
    row(f"corpus -j {os.cpu_count()}", making, size, f"{making.wall / copying.wall:.1f} times the wall time of cp")
    row("cp -r (the limit)", copying, size)
    row("corpus verify", holding, size)
    for name, command in (("gzip -6", "gzip -6"), ("zstd -3", "zstd -3 -q")):
        if shutil.which(name.split()[0]) is None:
            print(f"  {name:22} not there")
            continue
        packed = os.path.join(folder, "packed")
        cost = measured(f"tar -c -C '{folder}' corpus | {command} >'{packed}'", folder)
        row(f"tar, {name}", cost, size, f"{100 * os.path.getsize(packed) / size:.1f} % of the size")
        os.remove(packed)
    print(f"  a terabyte on 16 processors: {hours(making.processor * 10**12 / size / 16)}, if the disks take "
          f"{size / making.processor * 16 / 10**6:.0f} MB/s; {len(files) * 10**12 / size / 10**6:.1f} million files")


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    parent = sys.argv[2] if len(sys.argv) > 2 else "/var/tmp"
    folder = tempfile.mkdtemp(prefix="hasim-cost-", dir=parent)
    try:
        print(f"{os.cpu_count()} processors; the least of {ROUNDS} runs")
        for profile in sys.argv[3:] or ["flaky-link", "datacentre-loss"]:
            measure(os.path.abspath(sys.argv[1]), folder, profile)
            shutil.rmtree(os.path.join(folder, "corpus"))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


main()
