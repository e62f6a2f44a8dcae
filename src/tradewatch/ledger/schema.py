"""The ledger's schema on SQLite: one append-only table of facts in one global order, and views for people with SQL."""

APPLICATION_ID = 0x54574C47
"""'TWLG' in the file's header: how a Tradewatch ledger is told from another application's database."""

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE facts (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,  -- the global order; a deleted highest one is never used again
        system   TEXT    NOT NULL,
        time     INTEGER NOT NULL,                   -- microseconds since 1970-01-01T00:00:00Z
        kind     TEXT    NOT NULL,
        id       TEXT    NOT NULL,
        body     TEXT    NOT NULL,                   -- the fact as JSON
        UNIQUE (system, id)
    );
    CREATE INDEX facts_by_time ON facts (system, time, sequence);
    CREATE INDEX amendments ON facts (system, kind) WHERE kind IN ('trade_corrected', 'trade_voided');

    CREATE TABLE ledger (identity TEXT NOT NULL);
    INSERT INTO ledger VALUES (lower(hex(randomblob(16))));

    CREATE TRIGGER facts_are_never_changed BEFORE UPDATE ON facts
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: append a correction'); END;
    CREATE TRIGGER facts_are_never_deleted BEFORE DELETE ON facts
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: append a correction'); END;

    CREATE VIEW trades AS
    WITH corrected AS (
        SELECT system, json_extract(body, '$.trade_id') AS trade_id, json_extract(body, '$.replacement') AS body,
               max(json_extract(body, '$.revision')) AS revision
        FROM facts WHERE kind = 'trade_corrected' GROUP BY 1, 2
    ), voided AS (
        SELECT DISTINCT system, json_extract(body, '$.trade_id') AS trade_id FROM facts WHERE kind = 'trade_voided'
    ), closed AS (
        SELECT system, time, json_extract(body, '$.trade_id') AS trade_id, body FROM facts WHERE kind = 'trade_closed'
    ), standing AS (
        SELECT closed.system, closed.time, closed.trade_id, coalesce(corrected.body, closed.body) AS body,
               coalesce(corrected.revision, 0) AS revision
        FROM closed LEFT JOIN corrected USING (system, trade_id) LEFT JOIN voided USING (system, trade_id)
        WHERE voided.trade_id IS NULL
    ), told AS (
        SELECT system, trade_id, revision, time,
               json_extract(body, '$.opened_at') AS opened_at,
               json_extract(body, '$.asset') AS asset,
               json_extract(body, '$.direction') AS direction,
               json_extract(body, '$.strategy') AS strategy,
               json_extract(body, '$.tag') AS tag,
               json_extract(body, '$.engine') AS engine,
               json_extract(body, '$.agent') AS agent,
               json_extract(body, '$.timeframe') AS timeframe,
               json_extract(body, '$.mode') AS mode,
               json_extract(body, '$.quantity') AS quantity,
               json_extract(body, '$.entry_price') AS entry_price,
               json_extract(body, '$.exit_price') AS exit_price,
               coalesce(json_extract(body, '$.contract_value'), 1.0) AS contract_value,
               coalesce(json_extract(body, '$.fees'), 0.0) AS fees,
               coalesce(json_extract(body, '$.funding'), 0.0) AS funding,
               json_extract(body, '$.pnl') AS pnl,
               json_extract(body, '$.exit_reason') AS exit_reason
        FROM standing
    ), recomputed AS (
        SELECT *, (exit_price - entry_price) * CASE direction WHEN 'BUY' THEN 1 WHEN 'SELL' THEN -1 END
                  * quantity * contract_value
                  - fees - funding AS recomputed_pnl
        FROM told
    )
    SELECT system, trade_id, asset, direction, strategy, tag, engine, agent, timeframe, mode, opened_at,
           strftime('%Y-%m-%dT%H:%M:%S', time / 1000000, 'unixepoch') || printf('.%06dZ', time % 1000000) AS closed_at,
           quantity, entry_price, exit_price, contract_value, fees, funding,
           coalesce(pnl, recomputed_pnl) AS pnl, pnl AS reported_pnl, recomputed_pnl, exit_reason, revision
    FROM recomputed;

    CREATE VIEW cash_flows AS
    SELECT system, time, date(time / 1000000, 'unixepoch') AS day,
           json_extract(body, '$.amount') AS amount, json_extract(body, '$.reason') AS reason
    FROM facts WHERE kind = 'cash_flowed';

    CREATE VIEW equity_marks AS
    SELECT system, sequence, time, date(time / 1000000, 'unixepoch') AS day,
           json_extract(body, '$.equity') AS equity, json_extract(body, '$.balance') AS balance
    FROM facts WHERE kind = 'equity_marked';

    -- one row a UTC day on which money moved or the account was marked; equity is the day's last mark, if there is one
    CREATE VIEW daily_equity AS
    WITH moves AS (
        SELECT system, substr(closed_at, 1, 10) AS day, pnl AS realised, 0.0 AS flow FROM trades
        WHERE mode IS NOT 'virtual'
        UNION ALL SELECT system, day, 0.0, amount FROM cash_flows
        UNION ALL SELECT system, day, 0.0, 0.0 FROM equity_marks
    ), days AS (
        SELECT system, day, sum(realised) AS realised_pnl, sum(flow) AS cash_flow FROM moves GROUP BY system, day
    ), marks AS (
        SELECT system, day, equity, max(time) AS time FROM equity_marks GROUP BY system, day
    ), starts AS (
        SELECT system, json_extract(body, '$.starting_equity') AS equity, min(sequence)
        FROM facts WHERE kind = 'run_started' AND json_extract(body, '$.starting_equity') IS NOT NULL GROUP BY system
    )
    SELECT days.system, days.day, realised_pnl, cash_flow,
           starts.equity + sum(realised_pnl + cash_flow) OVER (PARTITION BY days.system ORDER BY days.day) AS balance,
           marks.equity
    FROM days LEFT JOIN starts USING (system) LEFT JOIN marks USING (system, day);

    CREATE VIEW regime_history AS
    SELECT system, time, json_extract(body, '$.asset') AS asset, json_extract(body, '$.timeframe') AS timeframe,
           json_extract(body, '$.previous') AS previous, json_extract(body, '$.regime') AS regime
    FROM facts WHERE kind = 'regime_entered';

    CREATE VIEW votes AS
    SELECT facts.system, facts.time, json_extract(facts.body, '$.round_id') AS round_id,
           json_extract(facts.body, '$.asset') AS asset, json_extract(vote.value, '$.engine') AS engine,
           json_extract(vote.value, '$.stance') AS stance, json_extract(vote.value, '$.confidence') AS confidence,
           json_extract(facts.body, '$.decision') AS decision, json_extract(facts.body, '$.trade_id') AS trade_id
    FROM facts, json_each(facts.body, '$.votes') AS vote WHERE facts.kind = 'votes_cast';

    CREATE VIEW errors AS
    SELECT system, time, json_extract(body, '$.component') AS component, json_extract(body, '$.type') AS type,
           coalesce(json_extract(body, '$.severity'), 'medium') AS severity, json_extract(body, '$.message') AS message
    FROM facts WHERE kind = 'error_occurred';
    """,
    """
    CREATE TABLE kept (  -- what a system needs to go on from its newest fact; written in the same transaction as that
        system TEXT NOT NULL,
        name   TEXT NOT NULL,
        body   BLOB NOT NULL,
        PRIMARY KEY (system, name)
    ) WITHOUT ROWID;
    """,
)
"""SQL that makes version n + 1 of version n; ``PRAGMA user_version`` of a ledger is how many have been applied."""
