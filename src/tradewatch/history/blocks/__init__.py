"""Blocks of Prometheus' database: a stretch of time with all its series, which a running Prometheus takes up."""

from tradewatch.history.blocks.block import Block

__all__ = ["Block"]
