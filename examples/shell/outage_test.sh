#!/bin/sh
# An outage as a test in plain sh: starts hasim, breaks a member, waits for the line of the HA log, heals; all of it with
# `hasim ctl`.
# usage: outage_test.sh      the program is $HASIM, or hasim on PATH
set -u

hasim=${HASIM:-hasim}
conf=$(dirname "$0")/../../config/Chrystoki.conf
second=1234924189183 # the member on hsm2

folder=$(mktemp -d "${TMPDIR:-/tmp}/outage-test-XXXXXX") || exit 1
# A runtime folder of its own: `hasim ctl` finds the hasim of this test here, and no other.
export XDG_RUNTIME_DIR="$folder"
pid=

fail() {
  echo "FAILED: $*" >&2
  echo "the HA log:" >&2
  cat "$folder/log/haErrorLog.txt" >&2 2>/dev/null
  echo "what hasim said:" >&2
  cat "$folder/said" >&2
  exit 1
}

start() {
  # Simulated time runs at 10 times real time: ReceiveTimeout is 2 s, and members are tried again every 6 s. 30 minutes of
  # it are 3: hasim ends by itself, even if this script is killed before.
  : >"$folder/said"
  "$hasim" run --conf "$conf" --log-dir "$folder/log" --speed 10 --for 30m >/dev/null 2>"$folder/said" &
  pid=$!
  tries=300
  until grep -q '^hasim: info: ready: ' "$folder/said"; do
    kill -0 "$pid" 2>/dev/null || fail "hasim did not start; put it on PATH, or name it in \$HASIM"
    tries=$((tries - 1))
    [ $tries -gt 0 ] || fail "hasim was not ready within 30 s"
    sleep 0.1
  done
}

stop() {
  if [ -n "$pid" ]; then
    kill "$pid" 2>/dev/null
    wait "$pid"
  fi
  pid=
  rm -rf "$folder/log"
}

end() {
  stop
  rm -rf "$folder"
}
trap end EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# breaks LINE: does something to the run, in the words of `hasim faults`; heals too.
breaks() {
  answer=$("$hasim" ctl "$@" 2>&1) || fail "hasim refuses '$*': $answer"
}

# waits_for LINE: until such a line is in the HA log, counted from the last thing that was done.
waits_for() {
  answer=$("$hasim" ctl --timeout 15s wait "$@" 2>&1) || fail "no line '$*': $answer"
}

# never LINE: such a line does not come, for 30 s of simulated time. Exit code 1 alone says so: 2 is a wrong pattern, 3 a
# hasim that has ended.
never() {
  answer=$("$hasim" ctl --timeout 3s wait "$@" 2>&1)
  code=$?
  [ $code -eq 1 ] || fail "exit code $code, and not 1, from waiting for '$*': $answer"
}

# value NAME: of a metric, as of the last `look`; its labels as a pattern of sed.
look() { "$hasim" ctl metrics >"$folder/metrics"; }
value() { sed -n "s/^hasim_$1 //p" "$folder/metrics"; }

start
breaks hsm2 cable out
waits_for DROPMEMBER member $second
look
[ "$(value 'member_up{.*member="'$second'"}')" = 0 ] || fail "the member still serves"
breaks hsm2 cable in
waits_for RECOVERED member $second
look
[ "$(value 'member_up{.*member="'$second'"}')" = 1 ] || fail "the member does not serve"
[ "$(value calls_retried_total)" -gt 0 ] || fail "no call met the outage"
[ "$(value 'calls_total{result="failed"}')" = 0 ] || fail "a call failed, though a member was left"
stop
echo "ok: a member drops and recovers, and no call is lost"

start
breaks hsm2 cable out for 2s
never DROPMEMBER
look
[ "$(value 'call_duration_seconds_bucket{le="1"}')" -lt "$(value call_duration_seconds_count)" ] || fail "no call met it"
[ "$(value 'calls_total{result="failed"}')" = 0 ] || fail "a call failed"
stop
echo "ok: a silence shorter than ReceiveTimeout drops nobody"

start
never DROPMEMBER
[ ! -s "$folder/log/haErrorLog.txt" ] || fail "something is written though nothing broke"
stop
echo "ok: nothing is written while nothing breaks"
