"""What changed definitions restated: the log with its reasons, as readers and exports take it."""
