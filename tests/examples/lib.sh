# What the tests of examples share. Each of them sets $example, sources this file, defines `holds` and `can_fail`, and ends
# with `begin`. HASIM names the program; what a test writes is in $folder, which it leaves behind when it fails. With
# HASIM_EXAMPLE_HOLDS=yes it leaves out how the example fails.
#
# An example of a test must hold with hasim as it is, and must fail with a hasim that does something else: it gets
# $folder/bin/hasim, which hands over to the program, with the options of $MORE for `run` from the $FROM-th start on.

# shellcheck shell=bash disable=SC2034,SC2154 # what the tests use and set

set -uo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
export PYTHONDONTWRITEBYTECODE=1
export PYTHON=/usr/bin/python3 # Debian's, which has the modules of Debian's packages

fail() {
  echo "$example: $*" >&2
  exit 1
}

# must COMMAND...: it ends with 0, or the test is over and shows what it said. Commands have a shell of their own: a function
# that ends with exec becomes the program, which signals reach then.
must() {
  ("$@") >"$folder/said" 2>&1 || fail "'$*' ended with $?: $(tail -n 40 "$folder/said")"
}

# must_fail TEXT COMMAND...: it ends with something else than 0, and says why.
must_fail() {
  local text=$1
  shift
  if ("$@") >"$folder/said" 2>&1; then fail "'$*' ended with 0: $(tail -n 40 "$folder/said")"; fi
  said "$text"
}

# said TEXT: the last command said so.
said() { grep -qF -- "$1" "$folder/said" || fail "nobody says '$1': $(tail -n 40 "$folder/said")"; }

# none_left: every hasim that was started has ended. One that is about to has a second.
none_left() {
  local pid tries=50
  [ -s "$folder/pids" ] || fail "no hasim was started"
  while read -r pid; do
    while kill -0 "$pid" 2>/dev/null; do
      tries=$((tries - 1))
      if [ $tries -le 0 ]; then fail "hasim $pid is left running"; fi
      sleep 0.02
    done
  done <"$folder/pids"
  rm "$folder/pids"
}

# A hasim whose application calls nothing: nobody notices an outage. And one that drops a member at once, and another when
# a test has begun: both without being told to.
idle='--load none'
flaky() {
  printf 'hasim 1\nfor 30m\n\nat 3s   hsm1  reset\nat 20s  hsm2  reset\n' >"$folder/flaky.hasim"
  echo "--scenario $folder/flaky.hasim"
}

# interrupted COMMAND...: a SIGTERM while its hasim runs ends both.
interrupted() {
  local tries=500
  ("$@") >"$folder/said" 2>&1 &
  local pid=$!
  until [ -s "$folder/pids" ]; do
    kill -0 $pid 2>/dev/null || fail "'$*' ended before it could be interrupted: $(tail -n 40 "$folder/said")"
    tries=$((tries - 1))
    [ $tries -gt 0 ] || fail "'$*' starts no hasim"
    sleep 0.05
  done
  sleep 0.3
  kill $pid
  if wait $pid; then fail "'$*' ended with 0 though it was interrupted"; fi
  none_left
}

# begin: the whole test.
begin() {
  : "${HASIM:?is to name the program hasim}"
  folder=$(mktemp -d "${TMPDIR:-/tmp}/hasim-example-XXXXXX")
  mkdir "$folder/bin"
  cat >"$folder/bin/hasim" <<WRAPPER
#!/bin/sh
case \$1 in
  run | exec)
    echo \$\$ >>"$folder/pids"
    if [ \$(wc -l <"$folder/pids") -ge \${FROM:-1} ]; then exec "$HASIM" "\$@" \${MORE:-}; fi ;;
esac
exec "$HASIM" "\$@"
WRAPPER
  chmod +x "$folder/bin/hasim"
  HASIM=$folder/bin/hasim
  export HASIM
  holds
  [ -n "${HASIM_EXAMPLE_HOLDS:-}" ] || can_fail
  rm -r "$folder"
}
