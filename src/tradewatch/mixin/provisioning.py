"""How Grafana finds its data source and its dashboards."""

from tradewatch.mixin.yaml import yaml

DATASOURCE_UID = "prometheus"
STEP = "60s"
"""The shortest step that backfilled history has; it makes `$__rate_interval` four minutes."""
_HEAD = "# Made by `tradewatch gen`.\n"


def datasource_yaml() -> str:
    """Return where the data is: Prometheus on loopback."""
    return _HEAD + yaml(
        {
            "apiVersion": 1,
            "datasources": [
                {
                    "name": "Prometheus",
                    "uid": DATASOURCE_UID,
                    "type": "prometheus",
                    "access": "proxy",
                    "url": "http://127.0.0.1:9091",
                    "isDefault": True,
                    "editable": False,
                    "jsonData": {"timeInterval": STEP, "httpMethod": "POST"},
                }
            ],
        }
    )


def dashboards_yaml() -> str:
    """Return where the dashboards are; a new file appears within 30 seconds."""
    return _HEAD + yaml(
        {
            "apiVersion": 1,
            "providers": [
                {
                    "name": "tradewatch",
                    "orgId": 1,
                    "folder": "Tradewatch",
                    "type": "file",
                    "disableDeletion": False,
                    "allowUiUpdates": True,
                    "updateIntervalSeconds": 30,
                    "options": {"path": "/etc/grafana/dashboards", "foldersFromFilesStructure": False},
                }
            ],
        }
    )
