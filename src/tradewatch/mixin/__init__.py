"""Makes dashboards, rules, runbooks and reference pages of what the catalogue declares; knows no system by name."""
