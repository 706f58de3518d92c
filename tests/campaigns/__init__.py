"""Long runs with a seed; the suite runs a small sample of each."""
