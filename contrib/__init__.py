"""From a note that somebody types to the Word document of 16 h 30."""
