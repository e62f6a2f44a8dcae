"""A ledger's statistics as a report: data, and its table in the terminal."""

from tradewatch.report.read import read_report
from tradewatch.report.report import Part, Report, Statistic, report

__all__ = ["Part", "Report", "Statistic", "read_report", "report"]
