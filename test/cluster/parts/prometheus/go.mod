module paas.internal/cluster/prometheus

go 1.26.0
