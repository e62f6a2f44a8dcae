"""The built-in viewer: the dashboards' own files, drawn in a browser without Grafana, on what Prometheus answers."""
