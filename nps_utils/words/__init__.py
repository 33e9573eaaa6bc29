"""How results are said: in the reader's language, as text that stays text, and what is said where nothing can be."""
