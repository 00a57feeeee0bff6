"""A copy elsewhere: the whole installation in one file, every few minutes."""
