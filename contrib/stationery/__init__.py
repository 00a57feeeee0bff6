"""The organiser's own Word file: tried, chosen, left aside."""
