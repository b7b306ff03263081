#!/usr/bin/env python3
"""What a build from scratch costs: processor seconds and wall time, in folders that are made and removed.

The build of tools/run, and what tools/test --quick builds beyond it; beside them, unless --without-peer is given, the
same program with no files joined and no headers precompiled. ccache is left out. The cores that there are are used.
usage: bench/build_cost.py [--without-peer]
"""
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = ["hasim", "hasim_module", "hasim_package_files"]  # as tools/run builds
APART = ["-DHASIM_JOIN=OFF", "-DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON"]


def quietly(command):
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{done.stdout[-4000:]}\nbuild_cost.py: that failed")


def configure(folder, *options):
    quietly(["cmake", "--preset", "release", "-B", folder, "-DCMAKE_CXX_COMPILER_LAUNCHER=", *options])


def cost_of(folder, targets):
    """Builds, and returns processor and wall seconds."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    quietly(["ninja", "-C", folder, *targets])
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return processor, time.monotonic() - began


def show(what, cost, base):
    print(f"{what:<52} {cost[0]:6.0f} s of processor {cost[1]:6.0f} s   {cost[0] / base[0]:5.2f}", flush=True)


def main():
    if sys.argv[1:] not in ([], ["--without-peer"]):
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory(prefix="hasim-build-") as folder:
        configure(folder, "-DHASIM_TESTS=OFF")
        program = cost_of(folder, PROGRAM)
        show("what tools/run builds", program, program)
        configure(folder, "-DHASIM_TESTS=ON")
        show("what tools/test --quick builds beyond that", cost_of(folder, []), program)
    if len(sys.argv) == 1:
        with tempfile.TemporaryDirectory(prefix="hasim-build-") as folder:
            configure(folder, "-DHASIM_TESTS=OFF", *APART)
            show("the same program, file by file", cost_of(folder, PROGRAM), program)


main()
