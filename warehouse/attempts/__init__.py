"""The ledger of attempts: what was tried, also if nothing of it reached the warehouse."""
