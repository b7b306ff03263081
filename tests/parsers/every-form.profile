profile 1
about     every form of line within some thousands of them: for tools that must have read each

span      30d
boot      10d
load      60/h
interval  60s
attempts  12

outage every 8h   long 1m..20m   cable out for D
outage every 12h  long 5m..40m   deactivate for D
  after 1m..10m recover
outage every 12h  long 10m..40m  revoke for D
  after 1m..10m recover
outage every 12h  long 10m..40m  lock pin for D
  during restart
  after 1m..10m recover
outage every 12h  long 10m..40m  ntls stop for D
  during restart
operation every 12h  long 10m..1h  exchange
operation every 2h   recover
