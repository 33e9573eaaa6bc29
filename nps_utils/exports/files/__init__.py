"""Bytes become a grid of texts: encodings, line ends, sheets, archives. Nothing here knows what a survey is."""
