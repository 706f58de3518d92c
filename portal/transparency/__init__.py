"""The log that makes rewriting visible: hashes, proofs, notes, entries. See docs/ledger.md.

The modules here that other parts build on are pure: no database, no web, no settings.
"""
