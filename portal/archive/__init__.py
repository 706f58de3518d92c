"""Closed days of the ledger as Parquet files, each bound to the log; docs/ledger.md, "Archives"."""
