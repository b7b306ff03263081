# What the tests of clients share. Each of them sets $client, sources this file, defines its steps as functions, and ends
# with `begin main "$@"`. HASIM names the program; what a test writes is in a folder of its own, which it leaves behind
# when it fails.
#
# A step runs in a lab of its own (`in_lab SCENARIO STEP`): hasim exec starts this very file again with the step's name.
# Keys stay from lab to lab, the HA log of each lab is apart.

# shellcheck shell=bash disable=SC2034,SC2154 # what the tests use and set

set -uo pipefail

group=11234840370164
first=1234840370164   # the member on hsm1
second=1234924189183  # the member on hsm2
pin=userpin
speed=20

fail() {
  echo "$client: $*" >&2
  exit 1
}

# must COMMAND...: it ends with 0, or the test is over and shows what it said.
must() {
  "$@" >"$folder/said" 2>&1 || fail "'$*' ended with $?: $(tail -n 20 "$folder/said")"
}

# must_not COMMAND...: it ends with something else than 0.
must_not() {
  if "$@" >"$folder/said" 2>&1; then fail "'$*' ended with 0"; fi
}

# until_so SECONDS COMMAND...: tries it again and again until it ends with 0.
until_so() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    if [ $SECONDS -ge $end ]; then fail "waited in vain for: $*"; fi
    sleep 0.02
  done
}

# Whether the log of this lab has such a line. As a client would: the log is all that tells of the outage.
logged() { grep -qs "$1" "$log"; }

dropped="has dropped member: $first"
unreachable="unable to reach member: $first. Manual Recover or Auto Recovery will be able to recover this member"
second_dropped="has dropped member: $second"
recovered="recovery attempt 1 succeeded for member: $first"

# log_is LINE...: the HA log of the last lab is these messages, in this order and nothing else, and none of them is where
# it cannot be. A line is what stands behind "HA group: SERIAL ".
log_is() {
  local found wanted
  found=$(sed -E "s/^.* : \[[0-9]+\] HA group: $group //" "$log" 2>/dev/null)
  wanted=$(printf '%s\n' "$@")
  if [ "$found" != "$wanted" ]; then
    fail "the HA log should be:"$'\n'"$wanted"$'\n'"but it is:"$'\n'"$found"
  fi
  must "$HASIM" log check "$log"
}

# in_lab SCENARIO STEP: the step, with the appliances of the configuration around it and a file of faults. Keys are made at
# `speed=1`: the time that a token needs for a long one is real, and at a speed it counts for ReceiveTimeout.
in_lab() {
  lab=$((lab + 1))
  log=$folder/halog-$lab/haErrorLog.txt
  printf 'hasim 1\n%s\n' "$1" >"$folder/lab-$lab.hasim"
  export log folder
  if ! "$HASIM" exec -q --conf "$folder/Chrystoki.conf" --scenario "$folder/lab-$lab.hasim" --speed $speed \
      --lab "$folder/lab" --log-dir "$folder/halog-$lab" --scorecard "$folder/card-$lab.json" -- \
      bash "$0" "$2" >"$folder/lab-$lab.out" 2>&1; then
    cat "$folder/lab-$lab.out" >&2
    fail "the step $2 failed; what it left is in $folder"
  fi
}

# moved_on: in the last lab a call went on to another member after its own had failed.
moved_on() {
  grep -q '"retried":[1-9]' "$folder/card-$lab.json" || fail "no call moved on to another member"
}

# The outage that most tests have, for a client that lasts. It begins with the fifth C_Sign and ends once the client knows
# of it: so the client cannot miss it, however fast or slow it is. Once the member is back, the other one is taken away:
# what works then is done by the member that recovered.
outage="on nth sign 5  hsm1  cable out
on log DROPMEMBER member $first  hsm1  cable in
on log RECOVERED member $first  hsm2  ntls stop
expect DROPMEMBER member $first
expect RECOVERED member $first attempt 1
expect DROPMEMBER member $second
expect ops lost 0"

# through_outage COMMAND...: does it again and again, always with success, from before that outage to after it.
through_outage() {
  local end=$((SECONDS + 40)) left=5
  while [ $left -gt 0 ]; do
    must "$@"
    if logged "$second_dropped"; then left=$((left - 1)); fi
    [ $SECONDS -lt $end ] || fail "the outage does not begin, or does not end: $(cat "$log" 2>/dev/null)"
  done
}

# The log of that outage. How often the client tried to get the other member back is a matter of how long it went on.
outage_is_logged() {
  sed -i -E "/recovery attempt [0-9]+ failed for member: $second\./d" "$log"
  log_is "$dropped" "$recovered" "$second_dropped"
  moved_on
}

# begin MAIN [STEP]: the step when there is one, else the whole test.
begin() {
  if [ $# -gt 1 ]; then
    module=$HASIM_PKCS11_MODULE
    "$2"
    exit
  fi
  : "${HASIM:?is to name the program hasim}"
  lab=0
  folder=$(mktemp -d "${TMPDIR:-/tmp}/hasim-client-XXXXXX")
  cat >"$folder/Chrystoki.conf" <<CONF
LunaSA Client = {
    ReceiveTimeout = 20000;
}
VirtualToken = {
    VirtualToken00Label = haGroup1;
    VirtualToken00SN = $group;
    VirtualToken00Members = $first, $second;
    VirtualTokenActiveRecovery = activeEnhanced;
}
HASynchronize = {
    haGroup1 = 1;
}
HAConfiguration = {
    HAOnly = 1;
    haLogStatus = enabled;
    reconnAtt = -1;
    AutoReconnectInterval = 60;
}
CONF
  "$1"
  rm -r "$folder"
}
