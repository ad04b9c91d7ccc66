"""The ledger of attempts: what was tried, also where nothing of it reached the warehouse."""
