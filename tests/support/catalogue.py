"""Every metric that a dashboard or rule may ask for, recorded ones included."""

from tradewatch.catalog import Concept, Kind, Metric, Unit, servers
from tradewatch.catalog.rule import Recording
from tradewatch.cli.views import VIEWS
from tradewatch.exporter.metrics import ALL
from tradewatch.systems import SYSTEMS


def recorded(recording: Recording) -> Metric:
    concept = Concept(name=recording.name, definition=recording.query.text)
    return Metric(name=recording.name, concept=concept, kind=Kind.GAUGE, unit=Unit.TIMES, help=recording.name)


RECORDED = [recorded(each) for views in VIEWS for file in views.rules for each in file.recordings]
CATALOGUE: dict[str, Metric] = {
    metric.name: metric
    for metric in (*ALL, *servers.ALL, *RECORDED, *(each for system in SYSTEMS for each in system.metrics))
}
