"""The words around a name: who is spoken to, who signs, what only people do, and what only products have."""

from __future__ import annotations

import re

from nps_utils.comments.text import word_set

BEFORE = word_set(
    # by, with, to, from, for, thanks, dear, hello, and, said, helped, ask, our titles of people
    "by with from thanks thank thx dear hi hello hey cheers and especially contacted met called named ask asked meet"
    " via av med från fra til till hos hej hei kära kjære kære tack takk tak och og även af af ved heter hedder kallas"
    " säljaren säljare selger selgeren sælger sælgeren handläggare handläggaren kollega kollegan kollegaen konsulent"
    " konsulenten kontakt kontaktperson kontaktpersonen rådgiver rådgivare agent rep manager colleague technician"
    " engineer advisor adviser consultant assistant mechanic driver chauffør chaufför sjåfør tekniker teknikern"
    " montör montør montøren teknikeren chef chefen sjef leder lederen met van door aan bij voor dank bedankt beste"
    " hallo"
    " hoi heet heten naam collega medewerker medewerkster adviseur monteur verkoper vertegenwoordiger contactpersoon"
    " accountmanager complimenten groetjes groeten groet hilsen hälsningar mvh regards name is namn är navn er"
    " ringde ringte ringede belde særlig især särskilt speciellt spesielt vooral inclusief to for på om über"
)
# Two words before that leave no doubt, whatever the name.
SPOKE = re.compile(
    r"(?:\b(?:spoke|spoken|speak|speaking|talked|talking|chatted|dealt|dealing|helped|served|assisted|handled|solved|thanks|"
    r"thank you|pratade|pratat|talade|snakket|snakka|talte|snakkede|gesproken|sprak|contact|kontakt|hjelp|hjälp|hjælp|"
    r"hjulpet|hjulpen|hjälpt|geholpen|hulp|tack|takk|tak|dank|bedankt|complimenten|ros|credit|kudos|shout-?out|support|"
    r"bemött|betjent|bediend)\b\s(?:\w+\s)?(?:to|with|by|from|med|av|af|fra|från|til|till|met|van|door|aan)\s"
    r"|\b(?:my|our|mijn|onze|min|vår|vores|account|sales|project) (?:account |sales |project |key )?(?:manager|contact|"
    r"rep|agent|colleague|kollega|kontaktperson|kontakt|säljare|selger|sælger|rådgiver|handläggare|collega|adviseur|"
    r"contactpersoon|accountmanager)\s"
    r"|\b(?:my name is|i am called|jag heter|mitt namn är|jeg heter|jeg hedder|mitt navn er|mit navn er|mijn naam"
    r" is|ik heet)\s"
    r"|\b(?:mr|mrs|ms|miss|mister|herr|fru|fröken|hr|frk|frøken|dhr|mevr|mevrouw|meneer|mw|dr|prof)\b\.?\s)$",
    re.IGNORECASE,
)
TITLE = re.compile(
    r"(?:^|\W)(?:(?:[Mm]r|[Mm]rs|[Mm]s|[Hh]r|[Ff]rk|[Dd]hr|[Mm]evr|[Mm]w|Dr|Prof)\.?|Miss|Mister|[Hh]err|[Ff]ru|[Ff]röken|[Ff]røken|"
    r"[Mm]evrouw|[Mm]eneer)\s$"
)
# What only people do; a sentence may begin with the name.
DOES = re.compile(
    r"(?:'s|’s)?\s(?:(?:har|heeft|has|had|hade|hadde|havde|också|also|alltid|altid|always)\s)?"
    r"(?:helped|helps|said|told|called|explained|answered|replied|solved|fixed|rang|phoned|emailed|promised|came|knew|"
    r"sorted|listened|apologised|hjälpte|hjälpt|sa|sade|svarade|ringde|löste|fixade|förklarade|lovade|kom|visste|"
    r"hjalp|hjelper|hjælper|svarte|svarede|ringte|ringede|løste|fikset|forklarte|forklarede|lovte|lovede|fortalte|"
    r"hielp|geholpen|belde|gebeld|zei|loste|legde|beloofde|beantwoordde|wist)\b|"
    r"(?:'s|’s)?\s"
    r"(?:(?:on|from|in|at|på|i|fra|från|hos|van|bij|op) (?:the |de |your |jullie |er |deres |jeres )?"
    r"(?:support|sales|billing|customer|service|help|reception|accounts|kund|kunde|klant|sälj|salg|salgs|ekonomi|verkoop|"
    r"helpdesk|fakt|lager|butik|kasse|kassa|afdeling|avdel|team|onboarding))",
    re.IGNORECASE,
)
ARTICLES = word_set(
    "the a an ett den det et this these our your new vår våra vores vår dit jullie onze deze dit denna denne"
)
PRODUCT_BEFORE = word_set(
    "model modell modellen product produkt produkten paket paketet pakke pakken plan version versjon versie brand märke"
    " märket merk serie series type typ modul module app appen saint st st. san santa sankt sint hotel hotell café"
    " restaurant butik shop release hurricane storm orkan stormen systemet system tool verktyget"
)
PRODUCT_AFTER = word_set(
    "ab as asa aps bv nv ltd inc gmbh llc plc group gruppen paket paketet pakke pakken modul module app appen model"
    " bokhylla bookcase lamp lampa lampe lampan stol stolen chair desk sofa soffa bank kast tafel bord bordet browser"
    " nettleser webbläsare hylla hylle reol street road gate bakery bageri café hotel hotell foundation stiftelse"
    " academy"
    " edition serie series collection pro plus max mini sko shoes jeans software system"
)
BRANDS = word_set(
    "albert_heijn stella_artois alfa_romeo jack_daniels jack_daniel johnnie_walker harley_davidson aston_martin"
    " calvin_klein tommy_hilfiger hugo_boss jack_jones marie_claire victoria_secret karl_johan eva_solo"
    " georg_jensen arne_jacobsen louis_vuitton ralph_lauren michael_kors marc_jacobs ted_baker paul_smith"
    " john_deere thomas_cook jamie_oliver nina_ricci marco_polo ben_jerry uncle_ben peter_pan saint_laurent"
    " yves_rocher yves_laurent kate_spade martin_luther tim_hortons john_lewis oscar_mayer sara_lee betty_crocker"
    " papa_johns max_burgers fred_olsen karen_millen helly_hansen peter_larsen jan_linders dirk_den otto_versand"
    " klarna_ab jensens_bøfhus bang_olufsen lloyds_bank william_hill alice_springs elizabeth_line harry_potter"
    " king_charles tom_tom ella_edition"
)
EVERYDAY = word_set(
    "monday tuesday wednesday thursday friday saturday sunday måndag tisdag onsdag torsdag fredag lördag söndag mandag"
    " tirsdag lørdag søndag maandag dinsdag woensdag donderdag vrijdag zaterdag zondag jag jeg ik i we vi wij support"
    " sales service team customer och og en and or eller of van på"
)
# Of places and months too: "to Sydney", "from April".
TO_PLACES = word_set("via to from for on in på för for om til till fra från van aan voor bij and och og is är er")
MONTHS = word_set("april may june july august juni juli june maj mars mai mei jan")
DATED = re.compile(
    r"(?:\d(?:st|nd|rd|th|\.|e|:e)?|\b(?:in|mid|until|till|since|early|late|end of|by|of|sinds|eind|begin|medio|"
    r"sedan|siden|i))\s$",
    re.IGNORECASE,
)
TITLES = word_set("mr mrs ms miss mister herr fru fröken hr frk frøken dhr mevr mevrouw meneer mw dr prof")
