"""Prometheus' files: what it scrapes, what it records, what it warns of."""
