profile 1
about     drops that recover at once, late, on the minute, or not at all; members that flap; processes that restart

span      20d
boot      6d
load      60/h
interval  60s
attempts  30
loglen    16384

outage every 5h   long 10s..20m  cable out for D
outage every 8h                  reset
outage every 12h  long 10m..1h   flap ntls period 5m duty 50% for D
outage every 1d   long 5m..2h    power off for D
  during restart
  after 1m..30m recover
outage every 2d   long 20m..2h   reach half  ntls stop for D
  after 1m..30m recover
outage every 2d   long 10m..1h   deactivate for D
outage every 2d   long 30m..2h   lock pin for D
  during restart
  after 1m..20m recover
operation every 1d  restart
operation every 3d  long 10m..2h  exchange
