"""What a notebook takes from a study, one module per notebook, and `Page`, which shows and saves what it made."""
