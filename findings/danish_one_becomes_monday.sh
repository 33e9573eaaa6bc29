#!/usr/bin/env bash
# spacy 3.8.18: the tokenizers of Danish, Norwegian, Swedish and Dutch at the end of a sentence.
# Guess: "Det gør man." is four tokens, the last a full stop; the norm of "man" (one, people) is man.
# Seen: three tokens. "man." is held for the abbreviation of mandag: the norm is mandag, and counts of words by norm
# find Mondays. As no full stop is left, the sentencizer does not end the sentence there. Danish "it.", "rest.", "red.",
# "tv." and some 700 others go the same way, Norwegian "min.", "to.", "et.", "el.", Swedish "max.", "min.", Dutch "top.",
# "best.", "vol.".
# Way out: remove those rules from nlp.tokenizer.rules.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check spacy==3.8.18
OMP_NUM_THREADS=1 env/bin/python -W ignore - <<'PY'
import spacy

danish = spacy.blank("da")
tokens = [(token.text, token.norm_) for token in danish("Det gør man.")]
print(tokens)
assert tokens == [("Det", "det"), ("gør", "gør"), ("man.", "mandag")]
danish.add_pipe("sentencizer")
sentences = [s.text for s in danish("Svaret kom hurtigt. Det venter man. Prisen er for høj.").sents]
print(sentences)
assert len(sentences) == 2, "the sentence that ends in man. runs into the next"
for language, comment, last in (
    ("nb", "Appen er min.", "min."), ("nb", "Vi er to.", "to."), ("sv", "Felet var min.", "min."),
    ("nl", "Service is top.", "top."), ("nl", "Die is best.", "best."), ("nl", "De mailbox is vol.", "vol."),
):
    words = [token.text for token in spacy.blank(language)(comment)]
    print(language, words)
    assert words[-1] == last
assert [token.text for token in danish("Prisen er god.")][-1] == "."
PY
