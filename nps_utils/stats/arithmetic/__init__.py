"""The arithmetic below the statistics: arrays in, arrays out; no tables, no messages about studies."""
