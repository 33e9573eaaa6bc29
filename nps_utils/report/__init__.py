"""`nps new` and `nps report`: a folder for a study, all notebooks run on it, the summary and the site."""
