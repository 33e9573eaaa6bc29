"""What people write: masked, by language, theme, cluster, and what each theme does to the score."""
