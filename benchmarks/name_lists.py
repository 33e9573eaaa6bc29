"""Make `nps_utils/comments/names.txt`: given names and surnames, and which of them are ordinary words too.

The names are those of Faker (MIT licence, https://github.com/joke2k/faker), whose lists for these countries come from
their statistics offices, and the few added below. A name is uncertain where a Hunspell dictionary of Swedish,
Norwegian, Danish, Dutch or English has it in small letters; the dictionaries themselves are not copied.

    pip install faker spylls
    python benchmarks/name_lists.py FOLDER_OF_HUNSPELL_DICTIONARIES
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path

TARGET = Path(__file__).parents[1] / "nps_utils" / "comments" / "names.txt"
OURS = ("sv_SE", "no_NO", "da_DK", "nl_NL", "nl_BE", "en_GB", "en_IE", "en_US")
OTHERS = ("de_DE", "fr_FR", "fi_FI", "pl_PL", "tr_TR", "es_ES", "it_IT", "pt_PT", "hr_HR", "en_IN", "en_PK", "et_EE")
DICTIONARIES = ("sv_SE", "nb_NO", "da_DK", "nl", "en_GB")
WORD = re.compile(r"[a-zà-öø-ÿšžčćłńśźżęąğışőű]{2,}(?:-[a-zà-öø-ÿ]{2,})?")

# Common in Norway or in our countries by migration, and not in Faker's short lists.
ADDED = """
aksel amalie anita anniken arild arve asbjørn aslaug atle audun bendik birger birgit bjarne bjørg bjørnar borghild
brage
brit britt dagfinn dagny eirik eivind elin ellen endre erlend espen eskil finn frode fredrikke geir gerd gisle grete
gunn gunnar
guro haakon håkon halvard halvor harald haldis hedda hege heidi helge hilde håvard idar inger ingvild ingunn ivar
jarle
jens jo joar jon jorunn jostein jørn jørgen kai karianne ketil kjartan kjell kjersti kjetil kjellaug kristin
kristoffer
lasse lars leif lillian linda lise live mads magne magnhild marit mari marte marianne mathias mette mona morten nils
odd oddvar oddbjørn ola olaug olav ole oda oddny ottar petter pål ragnar ragnhild randi rannveig reidar reidun roar
roald rolf
ronny rune runar sigrid sigurd sigve silje sindre sissel sivert snorre solveig stein steinar stian stig stine sturla
svein sverre synne synnøve sølvi terje thea thor thorbjørn tiril tobias tom tomas tone tonje tor tora torbjørn tore
torgeir torhild torill toril torunn torstein trine trond truls trude trygve tuva turid unni vebjørn vegard vetle
vibeke
vidar vigdis wenche yngve øistein ørjan øystein øyvind åge åse åshild åsmund arnt bård frøydis gry solfrid sveinung
tormod lauge
ahmed aisha amina ali amir abdullah abdi dimitri fatima fatma hamza hassan hussein ibrahim imran ismail khadija khalid
leila mahmoud maryam mehmet mohamed mohammad mohammed muhammad mustafa nadia nasir omar osman priyanka deepak sunil
anil vikram sanjeev amit pooja chen hiroshi kwame tariq emre merve ayşe yonas tesfay
parisa shirin arash layla hodan małgorzata kasia ania mihai ioana oksana priya rahul raj rania samir
sanjay sara yasmin youssef yusuf zainab zahra wei ming nguyen olga irina katarzyna agnieszka piotr tomasz krzysztof
hope will art pat ruud wil annemiek marjolein sjors gerben jorrit eelco arjan hennie sietske roelof willeke margriet
poppy alfie archie reggie freddie finley siobhan niamh aoife saoirse eoin callum hamish fiona isla angus ewan rhys
gareth dylan carys megan catriona
joost sjoerd femke nienke thijs daan bram jelle wouter marieke lotte anouk roos floor fleur maud sietse wiebe hidde
wybe tjeerd gijs guus joep sjaak truus riet toos mieke aafke hanneke janneke annelies liesbeth els ilse inge greetje
birgitte bente bent lone dorte dorthe jytte kirsten lisbeth preben flemming torben jeppe rasmus kasper mikkel troels
gro liv storm bo ulf siv ylva ture ove åke göran gunilla birgitta kerstin maj-britt ann-marie ingvar
"""
# A dictionary has them in small letters, but a sentence hardly begins with that word.
CERTAIN = """
abel abigail agnes agnete albert albin alf alfons amanda amir andre andres angelica anita anke arild ariel arne arve
barbro bert bertram bjørn boel brad bridget britt brett børge carina carmen carol carolina charlotte chris colleen
corrie
daphne darren derrick dieter dirk donna dorte eddy edel egon ella els erica erin erling ernst espen ethan eva eve
evert fanny fred freja geert geir gerd gilles gina gisle gitte glen gorm graham halvor hanne hannes
hazel heather hector helga helge helle helmer hendrik henry hilda hilde holly inge inger irene isa iver jade janet
jarl
jasper jeppe jerry joel jolene jon jonathan joey josh judith jules julia kaj karsten kasper kelly kelvin kirk klaus
knut
koen kyle kåre laura lauren laurens lea lene leon lewis lilly lina lisbeth lise lotta lotte lucia luis luka luke lynda
lynne lærke madeleine mads magnus malene malte marc marcel marguerite mary maura mette mia mick mik mike molly morris
murat nana nancy nelly noel norman olle omar osman owe palle pascal patty pedro peggy pelle perry petter phoebe pia
pim
pippa preben priscilla rachel randi randy raf regina riet rikke ritt robbe roger rolf ron roy rudi runar rune russell
sander sanne sara selena serge sharon sheila signe silas silje silke sindre siv sjaak snorre sondre spencer stan
steven stian stien stein sven svein sverre søren tammy tara terry tess tommy torsten trine trude tuva tuur uffe ulla
valter verner veronica veronika victor viktor viktoria vilde warren willy wilma wim wout wouter åke åse
john jack peter tom harry jenny jimmy johnny charlie joe timothy nick susan alice kate emma ben sam andy bob
dan tim joseph james david george simon thomas martin robin rebecca anna maria lisa karin lena nina tina erik johan
henrik mats lars nils anders björn jan kees piet karel klaas willem jean marie johanna andrea sally louise louis
philip
ellen helen catherine harriet hugo otto julian adrian benjamin christian kristian jeroen maarten karl carl fritz
erika linda petra katja sofia sofie kaja karen jens jesper casper jonas ida oliver amina daan bram femke joost
"""
# Months, places, brands, products, and what stands with a capital inside a sentence: a name only after a cue.
UNCERTAIN = """
april may june august autumn summer juni juli june maj mars mai mei paris london florence chelsea madison dakota
austin
sidney sydney india asia kenya jordan israel georgia virginia carolina savannah brooklyn alexa siri cortana mercedes
nova
aurora luna stella billy max maxim pro art alba astra clio leon skye tesla ford siemens alma delta mega saga iris linn
viola nordea telia saxo tele visma lego ikea alfa omega verona lorraine malaga cordoba roma milan lyon nancy vienna
denver
houston dallas phoenix boston lincoln cleveland jackson windsor kent chester preston bergen lund halden hamar troy
christiansen hansen jensen microsoft oracle sage penny diesel sunny bella dolce amazon java ruby jasmine perl julia
angular claude gemini asana monday trello jira odin freja thor loke norton mac mini santa noel easter christmas
svea valborg sverige norge danmark nederland ny no so do an in on at is it her his van von den der del las los el al
bin
storm victoria diamond crystal destiny constant constance hope faith love joy guy prince king duke earl mission baron
ebony raven amber jade sierra sienna india china america europa eden angel jesus kris tor dag lance mason carter
hunter
parker chase grant ward dean colt bill will mark rob pat sue gene ray art chip june drew jet reed wade cliff mina dina
vi min din sin vide ser se ask embla lo du my mare sen sep jo ken om one dell lenovo apple
ole rita kit una mira ion ties tia sol dot dee bee neo ria lex leia rik zak thi xi bo gro inga floor brit frans
sanna hans vega logan aston line my siv ess klart ann
"""


def names(locale: str, kind: str) -> Iterator[str]:
    """Yield the names of one locale in small letters."""
    provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
    for attribute in sorted(vars(provider)):
        if attribute.startswith(f"{kind}_names"):
            for name in getattr(provider, attribute):
                lowered = name.casefold()
                if WORD.fullmatch(lowered):
                    yield lowered


def ordinary(words: set[str], folder: Path) -> set[str]:
    """Return those that a dictionary has in small letters, with its endings but without compounds."""
    from spylls.hunspell import Dictionary
    from spylls.hunspell.algo.capitalization import Type

    found: set[str] = set()
    for name in DICTIONARIES:
        lookup = Dictionary.from_files(str(folder / name)).lookuper
        found |= {word for word in words - found if any(True for _ in lookup.affix_forms(word, captype=Type.NO))}
        print(name, len(found))
    return found


def main(folder: Path) -> None:
    """Write the lists, one section each, in alphabetical order."""
    ours = {name for locale in OURS for name in names(locale, "first")} | set(ADDED.split())
    others = {name for locale in OTHERS for name in names(locale, "first")} - ours
    last = {name for locale in OURS for name in names(locale, "last")}
    words = ordinary(ours | last | others, folder)
    cued = set(UNCERTAIN.split())
    doubtful = (words - set(CERTAIN.split())) | cued
    sections = {
        "given": ours - doubtful,
        "given, also words": (ours & doubtful) - cued,
        "given, also months and brands": ours & cued,
        "given elsewhere": others - words - cued,
        "words that end like an owner": ordinary({name + "s" for name in ours}, folder),
        "surnames": last - words - ours,
        "surnames, also words": last & words - ours,
    }
    lines = ["# " + line for line in (__doc__ or "").strip().splitlines()[:6]]
    for title, found in sections.items():
        lines += ["", f"[{title}]", *sorted(found)]
        print(title, len(found))
    TARGET.write_text("\n".join(line.rstrip() for line in lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
