#!/bin/sh
# Signs through the HA group while the cable of hsm2 is out, and fails when a signature is lost, or when the outage did not
# happen.
# usage: run.sh      the program is $HASIM, or hasim on PATH; OUTAGE=FILE is another scenario
set -eu

here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# 0 s is the program's C_Initialize. At 10 simulated seconds in a real one, its 8 s are 80 s here.
cat >"$folder/outage.hasim" <<'SCENARIO'
hasim 1

at 10s    hsm2  cable out
at 40s    hsm2  cable in

expect DROPMEMBER member 1234924189183
expect RECOVERED member 1234924189183
expect ops lost 0
SCENARIO

"${HASIM:-hasim}" exec --conf "$here/../../config/Chrystoki.conf" --scenario "${OUTAGE:-$folder/outage.hasim}" \
  --speed 10 --log-dir "$folder/log" -- "${PYTHON:-python3}" "$here/sign.py"
