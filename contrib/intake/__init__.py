"""What comes in by file: CSV, and what a browser saved when its server was out of reach."""
