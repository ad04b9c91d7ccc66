"""A landing zone in an object store: its place, its files as PyArrow reads them, and the leases of its workers."""
