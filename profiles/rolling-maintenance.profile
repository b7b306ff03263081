profile 1
about     appliances are patched in turn, every week; members are exchanged now and then

span      180d
boot      30d
load      12/h
interval  60s
attempts  120

outage every 7d   long 3m..12m  reach turn  reboot D
outage every 14d  long 5s..40s  reach turn  ntls restart D
outage every 30d  long 10m..4h  deactivate for D
  after 1m..20m recover
operation every 20d  restart
operation every 30d  long 10m..3h  exchange
