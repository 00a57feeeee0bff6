"""Documents made from values: see README.md for the four lines of law."""
