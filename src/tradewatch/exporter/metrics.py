"""What an exporter says about itself."""

from functools import partial

from tradewatch.catalog import Concept, Kind, Metric, Unit, concepts


def _about_itself(  # noqa: PLR0913 - a metric's own fields
    name: str, kind: Kind, unit: Unit, words: str, labels: tuple[str, ...] = (), *, only_scraped: bool
) -> Metric:
    concept = Concept(name=name.replace("_", " "), definition=words, only_scraped=only_scraped)
    return Metric(name=name, concept=concept, kind=kind, unit=unit, help=words, labels=labels)


_of_facts = partial(_about_itself, only_scraped=False)
_of_process = partial(_about_itself, only_scraped=True)

READY = _of_process("tradewatch_ready", Kind.GAUGE, Unit.STATE, "1 once the ledger's whole past has been folded")
SOURCE_UP = _of_process(
    "tradewatch_source_up", Kind.GAUGE, Unit.STATE, "1 while the ledger can be read, else 0", ("source",)
)
LAST_FACT = _of_facts(
    "tradewatch_source_last_fact_timestamp_seconds",
    Kind.GAUGE,
    Unit.SECONDS,
    "Event time of the newest fact",
    ("source",),
)
FACTS = _of_facts("tradewatch_facts_total", Kind.COUNTER, Unit.COUNT, "Facts folded, by kind", ("kind",))
REJECTED = _of_facts(
    "tradewatch_facts_rejected_total",
    Kind.COUNTER,
    Unit.COUNT,
    "Facts that were told but not valid, by kind and reason",
    ("kind", "reason"),
)
DROPPED = _of_facts(
    "tradewatch_facts_dropped_total",
    Kind.COUNTER,
    Unit.COUNT,
    "Facts lost before they reached the ledger, by kind and reason",
    ("kind", "reason"),
)
LATE = _of_process(
    "tradewatch_facts_late_total", Kind.COUNTER, Unit.COUNT, "Facts that came after newer ones had been folded"
)
SERIES_DROPPED = _of_facts(
    "tradewatch_series_dropped_total",
    Kind.COUNTER,
    Unit.COUNT,
    "Closings counted under the label value other, because a metric had too many label values",
    ("metric",),
)
REFOLDS = _of_process(
    "tradewatch_refolds_total",
    Kind.COUNTER,
    Unit.COUNT,
    "Folds again of what was folded already, which late or amending facts made necessary",
)
RECONCILIATION = Metric(
    name="tradewatch_reconciliation_error",
    concept=concepts.RECONCILIATION_ERROR,
    kind=Kind.GAUGE,
    unit=Unit.COUNT,
    help="By how much what must add up does not, in the account's currency or in trades; 0 when all is well",
    labels=("check",),
)
SCRAPE_SECONDS = _of_process(
    "tradewatch_scrape_duration_seconds",
    Kind.GAUGE,
    Unit.SECONDS,
    "Time this scrape took to read what is new and fold it",
)
BUILD = _of_process("tradewatch_build_info", Kind.GAUGE, Unit.COUNT, "The running version", ("version", "python"))
CPU_SECONDS = _of_process(
    "process_cpu_seconds_total", Kind.COUNTER, Unit.SECONDS, "Processor time of this process, user and system"
)
RESIDENT_BYTES = _of_process("process_resident_memory_bytes", Kind.GAUGE, Unit.COUNT, "Memory of this process")
START_SECONDS = _of_process(
    "process_start_time_seconds", Kind.GAUGE, Unit.SECONDS, "When this process started, Unix time"
)
OPEN_DESCRIPTORS = _of_process("process_open_fds", Kind.GAUGE, Unit.COUNT, "File descriptors this process has open")
THREADS = _of_process("process_threads", Kind.GAUGE, Unit.COUNT, "Threads of this process")

ALL = (
    READY,
    SOURCE_UP,
    LAST_FACT,
    FACTS,
    REJECTED,
    DROPPED,
    LATE,
    SERIES_DROPPED,
    REFOLDS,
    RECONCILIATION,
    SCRAPE_SECONDS,
    BUILD,
    CPU_SECONDS,
    RESIDENT_BYTES,
    START_SECONDS,
    OPEN_DESCRIPTORS,
    THREADS,
)
"""Every metric of an exporter about itself."""
