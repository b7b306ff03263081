profile 1
about     every kind of outage and operation, close together: for parsers that must have seen all of it

span      30d
boot      10d
load      60/h
interval  60s
attempts  60

outage every 8h   long 1m..30m   cable out for D
outage every 16h  long 1m..30m   refuse for D
outage every 16h                 reset
outage every 16h                 fin
outage every 1d   long 1m..30m   silence in for D
outage every 1d   long 1m..30m   silence out for D
outage every 1d   long 1m..30m   accept then silence for D
outage every 1d   long 1m..30m   corrupt for D
outage every 1d   long 1m..30m   truncate for D
outage every 1d   long 10m..1h   flap ntls period 5m duty 50% for D
outage every 1d   long 10m..3h   power off for D
  during restart
  after 1m..20m recover
outage every 1d   long 2m..8m    reboot D
outage every 1d   long 5s..60s   ntls restart D
outage every 1d   long 10m..1h   ntls stop for D
  during restart
outage every 2d   long 10m..1h   certificate expired for D
  during restart
outage every 2d   long 10m..1h   connection limit 0 for D
  during restart
outage every 1d   long 10m..1h   deactivate for D
  after 1m..20m recover
outage every 2d   long 10m..2h   revoke for D
  during restart
  after 1m..20m recover
outage every 2d   long 10m..2h   lock pin for D
  during restart
  after 1m..20m recover
outage every 2d   long 10m..2h   pin forgotten for D
  during restart
  after 1m..20m restart
outage every 2d   long 10m..1h   busy 30s for D
outage every 3d   long 30m..3h  reach half  power off for D
  after 1m..20m recover
outage every 4d   long 10m..1h  reach all  cable out for D
outage every 3d   long 2m..6m   reach turn  reboot D
operation every 1d  restart
operation every 2d  recover
operation every 2d  long 10m..2h  exchange
