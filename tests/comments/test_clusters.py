"""Clusters: all languages in each, the same on every run, named without overlaps, decided by the analyst."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from nps_utils.checks import BadValue
from nps_utils.comments import assign_themes, clusters, groups_for
from nps_utils.comments.cluster_names import names_of
from nps_utils.comments.cluster_rows import MIXED
from nps_utils.comments.cluster_terms import Terms, count_terms
from nps_utils.comments.space.kinds import NOUN, OTHER, kind_of
from nps_utils.comments.space.words import LANGUAGES, word_space

# What one says of each of these, by language: a subject, and words that go with it. Trades that no corpus of ours has.
SUBJECTS = {
    "parking": {
        "en": ("the parking", "the car park", "a parking space"),
        "sv": ("parkeringen", "bilparkeringen", "en parkeringsplats"),
        "nb": ("parkeringen", "bilparkeringen", "en parkeringsplass"),
        "da": ("parkeringen", "bilparkeringen", "en parkeringsplads"),
        "nl": ("het parkeren", "de parkeerplaats", "een parkeerplek"),
    },
    "teacher": {
        "en": ("the teacher", "our teachers", "the lessons"), "sv": ("läraren", "våra lärare", "lektionerna"),
        "nb": ("læreren", "våre lærere", "undervisningen"), "da": ("læreren", "vores lærere", "undervisningen"),
        "nl": ("de leraar", "onze leraren", "de lessen"),
    },
    "food": {
        "en": ("the food", "the breakfast", "the dinner"), "sv": ("maten", "frukosten", "middagen"),
        "nb": ("maten", "frokosten", "middagen"), "da": ("maden", "morgenmaden", "middagen"),
        "nl": ("het eten", "het ontbijt", "het diner"),
    },
    "delivery": {
        "en": ("the delivery", "the parcel", "the shipment"), "sv": ("leveransen", "paketet", "försändelsen"),
        "nb": ("leveringen", "pakken", "sendingen"), "da": ("leveringen", "pakken", "forsendelsen"),
        "nl": ("de levering", "het pakket", "de zending"),
    },
}  # fmt: skip
SAID = {
    "en": ("{} was really disappointing this time", "I must say that {} is very good", "{} could have been better",
           "we are pleased with {} every week", "what about {} on Mondays"),
    "sv": ("{} var riktigt tråkigt den här gången", "måste säga att {} är mycket bra", "{} kunde ha varit bättre",
           "vi är nöjda med {} varje vecka", "hur är det med {} på måndagar"),
    "nb": ("{} var virkelig skuffende denne gangen", "må si at {} er veldig bra", "{} kunne ha vært bedre",
           "vi er fornøyde med {} hver uke", "hva med {} på mandager"),
    "da": ("{} var virkelig skuffende denne gang", "jeg må sige at {} er meget godt", "{} kunne have været bedre",
           "vi er tilfredse med {} hver uge", "hvad med {} om mandagen"),
    "nl": ("{} viel deze keer echt tegen", "ik moet zeggen dat {} heel goed is", "{} had beter kunnen zijn",
           "wij zijn elke week tevreden over {}", "hoe zit het met {} op maandag"),
}  # fmt: skip


def _corpus() -> pd.DataFrame:
    """Three hundred distinct comments: four subjects in five languages, in a mixed order."""
    rows = [
        (subject, code, said.format(thing).capitalize())
        for subject, by_language in SUBJECTS.items()
        for code in LANGUAGES
        for thing, said in itertools.product(by_language[code], SAID[code])
    ]
    table = pd.DataFrame(rows, columns=["subject", "language", "text"])
    return table.sample(frac=1, random_state=3).reset_index(drop=True)


def _labels(found: pd.DataFrame, n: int) -> np.ndarray:
    labels = np.full(n, -1)
    for number, rows in enumerate(found["rows"]):
        labels[rows] = number
    return labels


def test_subjects_are_found_over_five_languages() -> None:
    """No cluster is a language, every one holds all five, and the subjects are what tells them apart."""
    table = _corpus()
    found = clusters(table["text"], language=table["language"], groups=4)
    labels = _labels(found, len(table))
    assert normalized_mutual_info_score(table["language"], labels) < 0.05
    assert normalized_mutual_info_score(table["subject"], labels) > 0.5
    named = found[found["cluster"] != MIXED]
    assert all(set(languages) == set(LANGUAGES) for languages in named["languages"])
    assert found["n"].sum() == len(table)
    assert sorted(itertools.chain.from_iterable(found["rows"])) == list(range(len(table)))
    assert found["share"].sum() == pytest.approx(1)


def test_names_are_in_the_readers_language_and_share_no_word() -> None:
    """One to three words each; the words of the other languages stand beside."""
    table = _corpus()
    found = clusters(table["text"], language=table["language"], groups=4, names_in="sv")
    named = found[found["cluster"] != MIXED]
    words = [word for name in named["name"] for word in name.replace(",", "").split()]
    assert len(words) == len(set(words))
    assert all(1 <= len(name.replace(",", "").split()) <= 3 for name in named["name"])
    swedish = " ".join(table.loc[table["language"] == "sv", "text"]).casefold()
    assert np.mean([word in swedish for word in words]) > 0.7
    assert all(len(terms) >= 3 for terms in named["terms_by_language"])


def test_the_same_seed_gives_the_same_table_whatever_stands_beside() -> None:
    """Twice the same bytes; a generator works like a seed; other seeds give much the same clusters."""
    table = _corpus()
    first = clusters(table["text"], language=table["language"], rng=5)
    again = clusters(table["text"], language=table["language"], rng=np.random.default_rng(5))
    assert first.to_csv(index=False) == again.to_csv(index=False)
    other = clusters(table["text"], language=table["language"], rng=6)
    assert adjusted_rand_score(_labels(first, len(table)), _labels(other, len(table))) > 0.4


def test_compounds_lie_beside_their_parts() -> None:
    """Words that no list has are known by their longest known beginning and end."""
    space = word_space()
    for compound, part, other in (
        ("leveransförseningarna", "leverans", "frukost"), ("fakturaexporten", "faktura", "parkering"),
        ("kundetjenestemedarbeideren", "kundetjeneste", "middag"), ("parkeringspladsproblemet", "parkering", "faktura"),
        ("bezorgvertraging", "vertraging", "leraar"),
    ):  # fmt: skip
        whole, near, far = (space.vector(word) for word in (compound, part, other))
        assert whole is not None
        assert near is not None
        assert far is not None
        assert whole @ near > whole @ far + 0.2, compound
    assert space.vector("qqqqqqqq") is None


@pytest.mark.parametrize("n", [0, 1, 5, 29])
def test_a_few_comments_are_no_clusters(n: int) -> None:
    """A person reads them faster; a thousand copies are one comment."""
    assert clusters(_corpus()["text"].head(n), language="en").empty
    assert clusters(["the very same comment"] * 1000 + ["-", None, "ok"], language="en").empty


def test_thirty_comments_are_three_clusters_or_mixed() -> None:
    """What can be said of few is little: every comment is counted, and what does not hold is mixed."""
    table = _corpus().head(30)
    found = clusters(table["text"], language=table["language"])
    assert found["n"].sum() == 30
    assert (found["cluster"] != MIXED).sum() <= 3


def test_the_number_follows_the_comments() -> None:
    """About 8 at 300, 12 at 1,000, 20 at 10,000, and never 2."""
    assert [groups_for(n) for n in (30, 300, 1_000, 10_000)] == [3, 8, 12, 20]
    table = _corpus()
    found = clusters(table["text"], language=table["language"])
    assert 4 <= (found["cluster"] != MIXED).sum() <= 8


def test_what_no_theme_explains_comes_first() -> None:
    """Themes of the comments are told for each cluster; a cluster half of which has one is explained."""
    table = _corpus()
    themes = assign_themes(table["text"], language=table["language"])
    themes[:] = themes.assign(**{name: 0.0 for name in themes.columns if name not in ("main_theme", "language")})
    themes.loc[table["subject"] == "delivery", "delivery"] = 1.0
    found = clusters(table["text"], themes=themes, groups=4)
    known = (found.loc[found["cluster"] != MIXED, "explained"] != "").tolist()
    assert known.count(True) >= 1
    assert known == sorted(known)
    assert set(found.loc[found["explained"] != "", "explained"]) == {"delivery"}


def test_the_analyst_decides() -> None:
    """Name, merge, split and drop; nothing is lost, and a re-run gives the same bytes."""
    table = _corpus()
    plain = clusters(table["text"], language=table["language"], groups=5)
    one, two, three, *_ = plain.loc[plain["cluster"] != MIXED, "name"]
    decisions = [
        {"found": one, "name": "Ours", "merge": [two]},
        {"found": three, "split": 2},
    ]
    found = clusters(table["text"], language=table["language"], groups=5, decisions=decisions)
    ours = found[found["name"] == "Ours"].iloc[0]
    assert ours["found"] == f"{one} + {two}"
    assert ours["n"] == plain.loc[plain["name"].isin([one, two]), "n"].sum()
    parts = found[found["found"] == three]
    assert len(parts) == 2
    assert parts["n"].sum() == plain.loc[plain["name"] == three, "n"].sum()
    assert found["n"].sum() == len(table)
    again = clusters(table["text"], language=table["language"], groups=5, decisions=decisions)
    assert found.to_csv(index=False) == again.to_csv(index=False)
    dropped = clusters(table["text"], language=table["language"], groups=5, decisions=[{"found": one, "drop": True}])
    assert one not in set(dropped["name"])
    assert dropped["n"].sum() == len(table)


@pytest.mark.parametrize(
    ("decision", "says"),
    [
        ({"found": "unicorns", "drop": True}, '"unicorns": no cluster is found under this name any more'),
        ({"found": "unicorns"}, "add what to do"),
        ({"name": "x"}, "needs found"),
        ({"found": "x", "split": 2, "drop": True}, "only one of merge, split and drop"),
        ({"found": "x", "split": 1}, "split = 1 is not a whole number from 2 to 9"),
        ({"found": "x", "nam": "y"}, 'unknown key "nam"'),
    ],
)
def test_a_decision_that_cannot_be_followed_is_refused(decision: dict[str, object], says: str) -> None:
    """By the name of the cluster, with those there are."""
    table = _corpus()
    with pytest.raises(BadValue, match=says):
        clusters(table["text"], language=table["language"], decisions=[decision])


def test_quotes_are_masked_and_allowed() -> None:
    """Only what may be quoted is, an address in it is masked, another text goes to the cluster it lies nearest to."""
    table = _corpus()
    quotable = pd.Series([None] * len(table), dtype=object)
    first = table.index[table["subject"] == "parking"][0]
    quotable[first] = table["text"][first]
    quotable[5] = "The breakfast and the dinner were the best food I had, write to a1@firm.example"
    found = clusters(table["text"], language=table["language"], groups=4, quotable=quotable)
    quotes = [(quote, row) for listed, rows in zip(found["quotes"], found["quoted"], strict=True)
              for quote, row in zip(listed, rows, strict=True)]  # fmt: skip
    assert sorted(row for _, row in quotes) == sorted([5, first])
    assert all("@" not in quote for quote, _ in quotes)
    food = next(rows for rows, quoted in zip(found["rows"], found["quoted"], strict=True) if 5 in quoted)
    assert (table["subject"][food] == "food").mean() > 0.5


def test_an_embedding_takes_the_place_of_the_table() -> None:
    """Groups that only the embedding knows; another shape is refused."""
    table = _corpus()
    hidden = np.arange(len(table)) % 3
    place = dict(zip(table["text"], hidden, strict=True))

    def embed(asked: list[str]) -> np.ndarray:
        return np.array([[*np.eye(3)[place[text]], 0.001 * len(text)] for text in asked])

    found = clusters(table["text"], language="en", groups=3, embed=embed)
    assert adjusted_rand_score(hidden, _labels(found, len(table))) > 0.9
    with pytest.raises(BadValue, match="embed returned shape"):
        clusters(table["text"], language="en", embed=lambda texts: np.zeros(len(texts)))


def test_wrong_tables_are_refused() -> None:
    """Themes and quotable texts of other comments."""
    with pytest.raises(BadValue, match="must be the same"):
        clusters(["a"], themes=assign_themes(["a", "b"]))
    with pytest.raises(BadValue, match="must be the same"):
        clusters(_corpus()["text"], language="en", quotable=["a"])


def test_clusters_of_a_language_without_words_are_named_by_its_own() -> None:
    """No word of grammar, and none that is only spelled like an English one: attente is no tent."""
    said = [
        ["personnel", "aimable", "compétent", "serviable", "vendeuses", "accueillant"],
        ["prix", "élevés", "excessifs", "tarifs", "promotions", "coûteux"],
        ["attente", "caisse", "longue", "minutes", "file", "caisses"],
    ]
    between = ["il y a", "c est", "trop de", "je trouve que le", "et pas assez de", "pour moi les"]
    rng = np.random.default_rng(1)
    texts = []
    for first, *others in said:
        for _ in range(30):
            (a, b), (one, two, three) = rng.choice(between, 2), rng.choice(others, 3, replace=False)
            texts.append(f"{a} {first} {one} {b} {two} et {three}")
    found = clusters(texts, language=["fr"] * len(texts))
    words = set(" ".join(found["name"]).replace(",", " ").split())
    assert {"personnel", "prix", "attente"} <= words
    assert words <= {word for topic in said for word in topic}


def _counted(said: dict[str, list[list[str]]]) -> tuple[dict[str, Terms], dict[int, np.ndarray]]:
    """Count the terms of comments by language and cluster; no centre, so that every word fits alike."""
    rows = [(text, code, at) for code, groups in said.items() for at, group in enumerate(groups) for text in group]
    texts, codes, labels = (list(column) for column in zip(*rows, strict=True))
    n = max(labels) + 1
    return count_terms(texts, codes, labels), {at: np.zeros(256, dtype=np.float32) for at in range(n)}


def test_names_are_of_the_subject_and_not_of_how_it_is_found() -> None:
    """Praise, time and telling name nothing where there is another word; alone they are better than no name."""
    praise = ["great export every month", "great export again", "the export is great today"] * 4
    other = ["brilliant", "brilliant people", "so brilliant"] * 4
    counted, centres = _counted({"en": [praise, other]})
    assert [name.text for name in names_of(counted, [0, 1], "en", centres)] == ["export", "brilliant"]


def test_a_french_article_is_no_part_of_a_word() -> None:
    queues = ["trop d'attente aux caisses", "l'attente est longue", "beaucoup d'attente"] * 4
    counted, centres = _counted({"fr": [queues, ["les prix sont élevés", "prix trop élevés", "le prix"] * 4]})
    assert names_of(counted, [0, 1], "fr", centres)[0].text.split(", ")[0] == "attente"


def test_where_nobody_writes_in_the_readers_language_names_are_as_said() -> None:
    """The nearest Swedish word of "bill" is spelled alike and is a car."""
    counted, centres = _counted({"en": [["the bill is wrong", "my bill", "bill again"] * 4, ["slow broadband"] * 12]})
    assert names_of(counted, [0, 1], "sv", centres)[0].text == "bill"


def test_what_holds_together_with_nothing_is_called_so_in_the_readers_language() -> None:
    texts = [f"{word} {word}" for word in ("xqzt", "wvkp", "jjfd", "zzqx", "kkwq")] + [
        f"the {subject} is {how}" for subject in ("invoice", "price", "support", "export") for how in "abcdefghij"
    ]
    found = clusters(texts, language="en", names_in="nl")
    assert set(found.loc[found["cluster"] == MIXED, "name"]) <= {"gemengd"}


def test_a_verb_names_no_cluster_where_a_theme_explains_it() -> None:
    """What "saves us a day" is about is told by the theme; that "search" is a noun, by the words before it."""
    saves = [f"It saves us {n} hours every week, quickly done" for n in range(40)]
    search = [f"The search finds nothing, the search box forgets {n}" for n in range(40)]
    counted, centres = _counted({"en": [saves, search]})
    names = names_of(counted, [0, 1], "en", centres, labels={0: "Usefulness and time saved"})
    assert names[0].text == "Usefulness"
    assert "search" in names[1].text.split(", ")[0]
    assert np.isnan(names[0].said)
    assert names[1].said > 0.9


def test_forms_of_one_word_are_not_two_words_of_a_name() -> None:
    """One room is "rum, rummet, rummen", and "export" is in "fakturaexport"."""
    rooms = [f"rummet var fint och rummen var stora, ett rum {n}" for n in range(30)]
    exports = [f"fakturaexporten och exporten gick fel {n}" for n in range(30)]
    counted, centres = _counted({"sv": [rooms, exports]})
    names = [name.text for name in names_of(counted, [0, 1], "sv", centres)]
    assert sum(name.count("rum") for name in names) == 1
    assert sum(name.count("export") for name in names) == 1


def test_a_word_is_a_noun_by_the_table_and_by_what_stands_before_it() -> None:
    """Also of compounds that the table does not have."""
    assert kind_of("portal", "en") == NOUN
    assert kind_of("helpful", "en") == OTHER
    assert kind_of("fakturaexporten", "sv") == NOUN
    counted, _ = _counted({"en": [["they stole it", "the support is good", "our support"] * 5]})
    assert counted["en"].noun_like("stole") < 0.5 < counted["en"].noun_like("support")
