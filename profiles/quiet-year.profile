profile 1
about     a year in which little happens: a short outage every few weeks

span      365d
boot      90d
load      12/h
interval  60s
attempts  120

outage every 40d  long 1m..20m   cable out for D
outage every 60d  long 2m..8m    reboot D
outage every 60d  long 5s..60s   ntls restart D
outage every 200d long 10m..90m  power off for D
operation every 60d  restart
operation every 180d long 10m..2h  exchange
