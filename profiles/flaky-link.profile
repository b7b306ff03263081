profile 1
about     a bad link to one appliance after the other: many short drops, and some that flap for hours

span      30d
boot      30d
load      60/h
interval  60s
attempts  500

outage every 8h  long 20s..5m   cable out for D
outage every 2d  long 30m..6h   flap cable period 7m duty 60% for D
outage every 12h                reset
outage every 1d  long 1m..40m   silence out for D
outage every 1d  long 1m..40m   corrupt for D
outage every 2d  long 10m..2h   delay 25s for D
