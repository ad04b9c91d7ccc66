"""The same queries on another engine: carried to Spark's SQL, and run over Spark Connect."""
