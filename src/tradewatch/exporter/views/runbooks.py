"""What to do when the monitoring itself fails."""

from tradewatch.catalog.rule import Runbook

TARGET = Runbook(
    meaning="Prometheus asks a program that answered within the last week, and gets no answer.",
    impact="Nothing of that system is watched: its other alerts keep still, or stay as they were.",
    diagnosis=(
        "Does the process run? `tradewatch status` shows what `up` started and where its log is.",
        "Does it answer? `curl -s http://ADDRESS/metrics | head`, with the alert's instance as the address.",
    ),
    questions={"up": "0 for each target that does not answer", "scrape_duration_seconds": "10: it is too slow"},
    mend=(
        "`make up` starts what is missing; what runs goes on.",
        "If you took it away on purpose, take it out of `monitoring/prometheus/prometheus.yml` and reload.",
        "What `tradewatch up` is told to leave out raises no alarm.",
    ),
)
GONE = Runbook(
    meaning="A job that was scraped within the last week is no longer in Prometheus' configuration.",
    impact="Nothing of that system is watched any more, and nothing else would say so.",
    diagnosis=("Did somebody edit `monitoring/prometheus/prometheus.yml`?",),
    questions={"group by (job) (up)": "what is scraped now"},
    mend=(
        "Put the job back and reload: `curl -X POST http://localhost:9091/-/reload`.",
        "If that was on purpose, silence the alert for a week.",
    ),
)
SLOW = Runbook(
    meaning="A scrape takes longer than five seconds; after ten it is given up and counts as a failure.",
    impact="Numbers will be missing soon.",
    diagnosis=("Is the machine busy, or the disk?", "Are there very many series?"),
    questions={
        "scrape_samples_scraped": "how many samples a scrape brings",
        "tradewatch_scrape_duration_seconds": "how long the exporter itself needs to read and fold",
    },
    mend=("Free the machine.", "If a label has too many values, tell fewer of them."),
)
NOT_READY = Runbook(
    meaning="An exporter has not folded its ledger's whole past within ten minutes of its start.",
    impact="It publishes no numbers until it has.",
    diagnosis=("Does its log say what it reads?", "Is the ledger very large, or on a slow disk?"),
    questions={
        "increase(tradewatch_facts_total[5m])": "0: it does not go on; else wait",
        "tradewatch_source_up": "0: the ledger cannot be read at all",
    },
    mend=("If facts increase, wait: the next start has a checkpoint.", "Else `tradewatch verify --ledger LEDGER`."),
)
SOURCE = Runbook(
    meaning="The exporter runs, but its ledger cannot be read.",
    impact="Facts about the past stay on the page; readings of now have disappeared.",
    diagnosis=("Is the file there, and readable for the exporter's user?", "Is the disk full?"),
    questions={"time() - tradewatch_source_last_fact_timestamp_seconds": "how old the newest fact is"},
    mend=(
        "Put the file back, or start the exporter with the right `--ledger`; it tries again by itself.",
        "`tradewatch verify --ledger LEDGER` says whether the file is damaged; a damaged one needs its backup.",
    ),
)
REFUSED = Runbook(
    meaning="A bot told facts that cannot be true, such as a price below zero or a trade that was never opened.",
    impact="They do not count, so the numbers may lack trades.",
    diagnosis=("Which kind, and why? The reason is a label.",),
    questions={"tradewatch_facts_rejected_total": "how many, of which kind, for which reason"},
    mend=("Mend the bot, or the file that was imported.", "`tradewatch verify --ledger LEDGER` shows each of them."),
)
LOST = Runbook(
    meaning="The recorder could not keep facts: its queue was full, or the disk refused them for too long.",
    impact="Marks and heartbeats go first, trades never before them. What is lost is missing for good.",
    diagnosis=("Is the disk full or slow?", "Which kinds were lost?"),
    questions={"tradewatch_facts_dropped_total": "how many, of which kind, for which reason"},
    mend=("Free the disk.", "If trades were lost, import them from the broker's history."),
)
DROPPED = Runbook(
    meaning="A label has more values than a metric keeps series for.",
    impact="Further values count together under `other`; sums are still right.",
    diagnosis=("Which metric, and which of its labels?",),
    questions={"tradewatch_series_dropped_total": "which metric"},
    mend=("Tell fewer values: a tag should be a kind of trade, not its number.",),
)
RECONCILIATION = Runbook(
    meaning="What must add up does not: the parts of the P&L, the balance, or the number of trades.",
    impact="The numbers of that system cannot be trusted until it is found.",
    diagnosis=("Which check is it, and since when?", "What was told just before?"),
    questions={"tradewatch_reconciliation_error": "by how much, for which check"},
    mend=(
        "`tradewatch verify --ledger LEDGER` names the facts that disagree.",
        "Correct them in the ledger, as facts. If it says nothing, this is our mistake: please report it.",
    ),
)
RULES = Runbook(
    meaning="Prometheus could not evaluate a rule, so that its alert cannot fire.",
    impact="An alert may be missing without anybody knowing.",
    diagnosis=("Which rule? <http://localhost:9091/rules> shows the error beside it.",),
    questions={"increase(prometheus_rule_evaluation_failures_total[1h])": "which group"},
    mend=(
        "If it is a rule of your own in `rules/custom/`, mend it; `promtool check rules FILE` helps.",
        "If two exporters publish one system, a join may be ambiguous: give them different jobs.",
    ),
)
CONFIGURATION = Runbook(
    meaning="An edited configuration or rule file was refused at the last reload.",
    impact="The old one is what runs.",
    diagnosis=("What does `promtool check config monitoring/prometheus/prometheus.yml` say?",),
    questions={"prometheus_config_last_reload_successful": "1 after a good reload"},
    mend=("Mend the file and reload.", "`tradewatch gen --force` brings generated files back as they were."),
)
NOTIFICATIONS = Runbook(
    meaning="Prometheus cannot hand alerts to Alertmanager.",
    impact="Nobody is told of anything. You read this because you looked.",
    diagnosis=("Does Alertmanager run? `curl http://localhost:9093/-/ready`",),
    questions={"increase(prometheus_notifications_errors_total[5m])": "which Alertmanager does not answer"},
    mend=("Start it: `make up`.", "Then `tradewatch status` should show that it answers."),
)
WATCHDOG = Runbook(
    meaning="Nothing is wrong. This alert always fires, all the way to its receiver.",
    impact="If it stops arriving, alerting is broken somewhere on the way.",
    diagnosis=("When it is missing: does Prometheus run? Does Alertmanager? Is there a network?",),
    questions={"up": "what answers"},
    mend=("Let a dead man's switch expect it, and call you when it stays away.",),
)
