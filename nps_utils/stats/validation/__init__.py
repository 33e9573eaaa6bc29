"""Why believe the numbers: every method against counting, simulation and published values."""
