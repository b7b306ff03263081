profile 1
about     partitions whose PIN is locked or changed, seen when an application starts or a member recovers

span      90d
boot      30d
load      12/h
interval  60s
attempts  20

outage every 3d   long 30m..6h  lock pin for D
  during restart
  after 1m..20m recover
outage every 5d   long 30m..6h  pin forgotten for D
  during restart
  after 1m..20m restart
outage every 6d   long 1h..8h   revoke for D
  during restart
  after 1m..20m recover
outage every 2d   long 1m..20m  ntls stop for D
