"""How the pages of a report run: each in a process forked from a warm one, or in a kernel where that is not safe."""
