"""Trades from files of others: each kind of file is one source, and one place brings them into a ledger."""
