"""Attacks on the whole product that concern no single module; SECURITY.md names the test of every threat."""
