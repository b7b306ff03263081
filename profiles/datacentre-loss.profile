profile 1
about     half of the appliances, or all of them, are gone for hours; now and then longer than attempts last

span      90d
boot      30d
load      12/h
interval  60s
attempts  240

outage every 6d   long 20m..8h   reach half  power off for D
  after 1m..30m recover
outage every 12d  long 10m..3h   reach all  cable out for D
  after 1m..30m recover
outage every 20d  long 10m..5h   reach all  power off for D
  during restart
  after 1m..20m recover
outage every 5d   long 1m..15m   refuse for D
