#!/bin/sh
# A corpus of many workstations, one shard for each job of GNU parallel.
# usage: parallel.sh OUT SHARDS [OPTION OF hasim corpus...]
out=$1
shards=$2
shift 2
seq "$shards" | parallel hasim corpus --out "$out" -j 1 --shard "{}/$shards" "$@" &&
  hasim corpus verify "$out"
