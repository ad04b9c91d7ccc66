"""Stub being written."""
