"""Receipts: what stands behind a published figure, and what its interval consists of."""
