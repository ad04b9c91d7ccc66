"""A landing zone in an object store: its place, and its files as PyArrow reads them."""
