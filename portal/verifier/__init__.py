"""The verifier: one file that strangers may take along; ``portal.ledger`` feeds it the database."""
