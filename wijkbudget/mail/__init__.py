"""Letters posted in the transaction of the deed and sent after it."""
