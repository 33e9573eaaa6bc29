"""The field's words in the languages exports come in: en, sv, nb, da, nl, de, fr, pt, es (and some fi, it)."""

from __future__ import annotations

import re
from typing import Final

from nps_utils.exports.tools.tool import key

# The question itself: how likely to recommend.
RECOMMEND: Final = re.compile(
    r"recommend|rekommender|anbefal|aanbev|aan te bevelen|aanra(?:d|ad)|\bra(?:ad|adt|den)\b.*\baan\b|empfehl|empfiehl"
    r"|recommand|recomi?end|conseilleri|conseillez|suosittel|consiglier|raccomand",
    re.IGNORECASE,
)
# LTR is what larger tools call the likelihood to recommend.
NPS: Final = re.compile(
    r"(?<![a-z])(?:e?nps(?:(?![a-z])|(?=score|rating|value|answer))|ltr(?![a-z]))|net.?promoter", re.IGNORECASE
)
OUT_OF_TEN: Final = re.compile(
    r"\b0\s*(?:-|–|—|to|til|till|tot|bis|à|a|al|ate|até|/|\.\.\.?)\s*10\b"
    r"|\b(?:zero|noll|null|nul|nulla|zéro|cero)\s+\w+\s+(?:ten|tio|ti|tien|zehn|dix|diez|dez)\b",
    re.IGNORECASE,
)
# Questions of another measure: satisfaction, effort.
OTHER_MEASURE: Final = re.compile(
    r"satisf|nöjd|tilfreds|fornøyd|tevreden|zufrieden|tyytyv|soddisf|csat|\bces\b|effort|\beasy\b|\bease\b|enkelt|lätt\b"
    r"|\blet\b|gemakkelijk|einfach|facile|facil\b|fácil|intention|intent",
    re.IGNORECASE,
)
# Recommended as a place to work: employees answer that, about another thing than customers do. A colleague at one's
# workplace is somebody to whom anything may be recommended.
_PLACE: Final = (
    r"(?:employer|workplace|arbetsgivare|arbetsplats|arbeidsgiver|arbeidsplass|arbeidssted|arbejdsgiver|arbejdsplads"
    r"|arbejdssted|werkgever|werkplek|arbeitgeber|arbeitsplatz|employeur|lieu de travail|empleador|lugar de trabajo"
    r"|empregador|local de trabalho|datore di lavoro|posto di lavoro|luogo di lavoro|työnantaja|työpaikka)"
)
_TO_WHOM: Final = r"(?:to|at|till|til|på|hos|i|in|aan|bij|op|an|bei|à|chez|au|a|en|em|presso)"
EMPLOYER: Final = re.compile(
    r"(?<![^\W_])enps(?![^\W_])|(?:place|company|organi[sz]ation) to work|to work (?:for|at)\b|plek om te werken"
    rf"|\b(?:as|som|als|comme|como|come)\s+(?:\S+\s+){{0,2}}{_PLACE}"
    r"|(?:recommend|rekommender|anbefal|empfehl|recommand|recomi?end|conseill|suosittel|consigl|raccomand)[\w-]*"
    rf"(?:\s+(?!{_TO_WHOM}\b)\S+){{0,4}}?\s+{_PLACE}"
    rf"|\b(?!{_TO_WHOM}\b)\S+\s+\S+\s+{_PLACE}\w*(?:\s+\S+){{0,2}}?\s+(?:weiter\w*|aan\s?(?:te\s)?bev\w*|empf\w+)",
    re.IGNORECASE,
)
# In the name of a survey: its answers are of another measure, unless it says NPS as well.
OTHER_SURVEY: Final = r"(?i)(?:^|[^a-zA-Z])(?:csat|ces)(?:[^a-zA-Z]|$)|customer.effort|effort.score"
SAYS_NPS: Final = r"(?i)nps|promoter"
SCORE: Final = frozenset(
    {"score", "scores", "answerscore", "poäng", "poeng", "karakter", "betyg", "nota", "puntuación"}
)
# Names of a score that are names of much else: only over answers of which many differ, some above 5.
ANSWER: Final = frozenset({"answer"})

WHY: Final = re.compile(
    r"\bwhy\b|\breasons?\b|varför|hvorfor|waarom|warum|weshalb|wieso|pourquoi|por ?qu[eêé]|porqu[eêé]|anledning"
    r"|årsa[gk]"
    r"|\bgrunn(?:en)?\b|\bgrund(?:en)?\b|\breden(?:en)?\b|begr[uü]nd|begrunn|perustel|\buddyb|\butdyp|motiver|motivati|toelicht|explica|explique|expliquez|\bexplain|raison|razón|razão|orsak|miksi"
    r"|perch[eé]",
    re.IGNORECASE,
)
COMMENT: Final = re.compile(
    r"comment|feedback|verbatim|kommentar|opmerking|anmerkung|bemerkung|remarque|coment[aá]rio|respuesta abierta"
    r"|bemærkning|bemerkning|anmärkning|synpunkt|tilbagemelding"
    r"|\btell us (?:more |a bit |a little )?(?:about|why|what)\b"
    r"|reactie|open.?ended|free.?text|fritext|fritekst|\btext\b|\btekst\b|avis\b|tilbakemelding|återkoppling|rückmeldung|follow.?up"
    r"|suggestion|förslag|forslag|kommentti|palaute",
    re.IGNORECASE,
)
# Names of a comment that are names of much else: only over open text.
RESPONSE: Final = frozenset(
    {"review", "response", "responses", "answer", "svar", "respons", "antwoord", "antwort", "réponse", "reponse",
     "respuesta", "resposta", "besvarelse"}
)  # fmt: skip
# What did promoters get asked, what the others: two questions of which each person saw one.
RECOMMEND_FOR: Final = re.compile(
    r"(?:recommend|rekommender|anbefal|aanbev|empfehl|recommand|recomi?end).*\b(?:for|för|voor|für|pour|por)\b"
    r"|(?:what|hva|hvad|vad|wat|was|qu'|que|o que|qué)\b.*"
    r"(?:recommend|rekommender|anbefal|aanbev|empfehl|recommand|recomi?end)"
    r"|like (?:most|best)|best about|bäst|mest fornøyd|likte du|kan du lide|goed\b|gefällt|appréci|gust[oa]",
    re.IGNORECASE,
)
IMPROVE: Final = re.compile(
    r"improv|better|förbättr|bättre|forbedr|bedre|verbeter|beter\b|besser|amélior|mieux|melhor|mejor|parann",
    re.IGNORECASE,
)


def _words(text: str) -> frozenset[str]:
    return frozenset(map(key, text.split()))


# The words of the label column, mistranslations of the wild included; compared as `key`.
BAND_WORDS: Final[dict[str, frozenset[str]]] = {
    "promoter": _words(
        "promoter promoters promotor promotors promotører promotør promotorer ambassadør ambassadører ambassadör"
        " ambassadörer ambassador ambassadeur ambassadeurs förespråkare arrangör arrangörer promoteur promoteurs"
        " promotores fürsprecher befürworter suosittelija promotore promotori embajador fan"
    ),
    "passive": _words(
        "passive passives passiv passiva passivt passief passieven passif passifs passivo passivos neutral neutrals"
        " neutre neutres nøytral neutro neutros indifferent indifferente passiivinen passivi neutrala"
    ),
    "detractor": _words(
        "detractor detractors detraktor detraktorer kritiker kritikere kritikern kriticus critici criticaster"
        " criticasters tegenstander tegenstanders motståndare negativ negativa negatief détracteur détracteurs"
        " detractores detrator detratores detraktoren kritikus arvostelija detrattore detrattori belacker"
    ),
}


# Whose address it is, where not one of the company's own people: agent, owner and sender are none of these.
_WHO: Final = (
    "requester", "customer", "customers", "client", "member", "guest", "patient", "student", "parent", "tenant",
    "respondent", "enduser", "kund", "kundens", "kunde", "klant", "deltager", "deltagare", "medlem",
    "bruger", "brugers", "bruker", "användare", "gäst", "gjest", "contactperson", "contactpersoon",
)  # fmt: skip
# Headers of everything else, as `key`; best first.
HEADERS: Final[dict[str, tuple[str, ...]]] = {
    "response_id": (
        "responseid", "answerid", "responseuuid", "submissionid", "svarid", "svarsid", "antwoordid", "antwortid",
        "reponseid", "idreponse", "respuestaid", "surveyresponseid",
    ),
    "respondent_id": (
        "respondentid", "respondentuuid", "contactid", "customerid", "customernumber", "customerno", "personid",
        "userid", "memberid", "subscriberid", "clientid", "kontaktid", "kundid", "kundeid", "klantid", "kundenid",
        "klantnummer", "kundnummer", "kundnr", "kundenummer", "kundenr", "kundennummer", "idclient", "clienteid",
        "idcliente", "enduserid", "membernumber", "memberno", "medlemsid", "medlemsnr", "medlemsnummer", "lidnr",
        "lidnummer", "lidmaatschapsnummer", "mitgliedsnummer", "huurdernr", "huurdernummer", "bewonernummer",
        "tenantid", "asiakasnumero", "asiakasnro", "asiakastunnus", "asiakasid", "jäsennumero",
        "patientid", "patientnr", "pasientnr", "patiëntnummer", "studentid", "studentnr", "studentnummer", "elevnr",
        "donorid", "donornumber", "donorno", "supporterid", "givarid", "givarnummer", "givarnr", "giverid", "givernr",
        "donateurnummer", "donateurnr", "pupilid", "learnerid", "citizenid", "borgerid", "innbyggerid", "residentid",
        "gjestenr", "gästnummer", "gastnummer", "guestid",
    ),
    "account_id": (
        "accountid", "accountnumber", "companyid", "companynumber", "organizationid", "organisationid", "orgid",
        "företagsid", "firmaid", "virksomhedsid", "bedriftsid", "bedrijfsid", "unternehmensid", "firmenid",
        "entrepriseid", "empresaid", "orgnr", "orgnummer", "account", "company", "companyname", "accountname",
        "firma", "företag", "bedrift", "virksomhed", "bedrijf", "unternehmen", "entreprise", "empresa", "organization",
        "organisation", "organisasjon", "cvr", "cvrnr", "cvrnummer", "kvk", "kvknr", "kvknummer", "organisationsnummer",
        "organisasjonsnummer", "organisationsnr", "organisasjonsnr", "companyregistrationnumber", "firmanavn",
        "virksomhedsnavn", "bedriftsnavn", "företagsnamn", "bedrijfsnaam", "firmenname",
        "société", "societe", "raisonsociale",
        "selskap", "selskapsnavn", "selskab", "selskabsnavn", "bolag", "bolagsnamn", "debitor", "debitornr",
        "debitornummer", "debiteurnr", "debiteurennummer", "customeraccount", "customeraccountid",
        "customeraccountname",
        "associatedcompany", "primarycompany", "primaryassociatedcompany", "associatedcompanyname", "organizationname",
        "organisationname", "organisasjonsnavn", "organisationsnavn", "organisationsnamn", "organisatie",
        "organisatienaam", "relatie", "relatienaam", "relatienummer", "debiteur", "debiteurnummer",
        "ytunnus", "yritys", "yrityksennimi", "organisaatio",
    ),
    "email": (
        "email", "emailaddress", "mejl", "mejladress",
        "epost", "epostadress", "epostadresse", "mail", "emailadres", "emailadresse",
        "customeremail", "personemail", "contactemail", "useremail", "recipientemail", "respondentemail", "courriel",
        "correoelectrónico", "correo", "kontakt", "contact", "kontaktperson", "contactpersoon", "recipient", "username",
        "sähköposti", "sähköpostiosoite",
        *(f"{who}{mail}" for who in _WHO for mail in ("email", "emailaddress", "mail", "epost", "mailadresse")),
    ),
    "respondent_name": (
        "respondentname", "contactname", "customername", "fullname", "personname", "name", "namn", "navn", "naam",
        "nombre", "nome", "kontakt", "kontaktperson", "contact",
    ),
    "responded_at": (
        "ratedat", "rateddate", "ratingdate", "daterated", "scoredat", "votedat",
        "respondedat", "responsedate", "responsetime", "customerresponsedate", "surveyresponsedate", "answeredat",
        "answerdate", "submittedat", "submitdate", "submissiondate", "completedat", "completiondate", "completed",
        "recordeddate", "datereceived", "datareceived", "receivedat", "received", "enddate", "endtime", "slutdatum",
        "sluttdato", "slutdato", "einddatum", "enddatum", "datedefin", "fechadefinalización", "svarsdatum", "svardato",
        "sistsvart", "sidstbesvaret", "senastbesvarad", "laatstbeantwoord", "lastanswered", "lastresponse",
        "besvarad", "besvart", "besvaret", "antwoorddatum", "ingevuldop", "ingevuld", "antwortdatum",
        "beantwortetam", "datederéponse", "datereponse", "fecharespuesta", "fechaderespuesta", "datadaresposta",
        "timestamp", "datetime", "datum", "dato", "date", "fecha", "data", "time", "tidspunkt", "tidpunkt", "createdat",
        "createddate", "created", "surveydate", "responsetimestamp", "responded", "tid", "startdate", "ts", "epoch",
        "unixtime", "unixtimestamp", "timestampms", "epochms",
        "vastausaika", "vastauspäivä", "vastauspvm", "vastattu",
    ),
    "asked_at": (
        "askedat", "sentat", "sentdate", "datesent", "sent", "invitedat", "invitationdate", "surveysentat", "sendt",
        "skickad", "utskickad", "verzonden", "versendetam", "envoyéle", "enviadoel", "senddate", "surveysentdate",
        "deliveredat", "deliverydate", "datedelivered", "surveydeliveredat", "dateinvited", "invitationsentat",
        "invitationsent", "invitesentat", "surveysent", "surveysenton", "senton", "emailsentat", "verzondenop",
        "verzenddatum", "verstuurdop", "uitnodigingsdatum", "utsendt", "utsendtdato", "utsendelsesdato", "sendtdato",
        "datosendt", "datumskickad", "datumskickat", "datumverzonden", "datosent",
        "sendtden", "udsendt", "udsendtdato", "udsendelsesdato", "udsendtden", "utskickat", "utskicksdatum",
        "skickaddatum", "skickat", "inbjudandatum", "invitasjonsdato", "invitationsdato", "invitationsdatum",
        "lähetysaika", "lähetyspäivä", "datesurveysent",
    ),
    "survey": (
        "survey", "surveyname", "surveytitle", "campaign", "campaignname", "undersökning", "undersøgelse",
        "undersøkelse", "enquête", "enquete", "umfrage", "encuesta", "inquérito",
    ),
    "touchpoint": (
        "touchpoint", "surveysubtype", "subtype", "journeystage", "journey", "customerjourney", "moment",
        "surveytrigger", "trigger", "kontaktpunkt", "berøringspunkt", "contactmoment", "interaction", "interactiontype",
        "surveytype",
        "eventtype", "stage", "kohtaamispiste", "kosketuspiste", "kontaktipiste",
    ),
    "language": (
        "language", "lang", "locale", "userlanguage", "surveylanguage", "språk", "sprog", "taal", "sprache", "langue",
        "idioma", "língua", "kieli",
    ),
    "wave": ("wave", "surveywave", "våg", "mätomgång", "bølge", "måling", "meting", "welle", "vague", "oleada", "onda"),
    "consent_to_quote": (
        "consenttoquote", "publicconsent", "quoteconsent", "testimonialconsent", "maywequoteyou", "consentpublic",
    ),
    "channel": (
        "channel", "surveychannel", "kanal", "kanaal", "canal", "kanava", "distributionchannel", "deliverymethod",
    ),
    "finished": (
        "finished", "isfinished", "completed", "iscompleted", "complete", "fullført", "slutförd", "afsluttet",
        "voltooid", "abgeschlossen", "answered", "isanswered", "hasanswered", "hasresponded", "issubmitted",
    ),
    "status": ("status", "responsestatus", "responsetype", "surveystatus", "mode"),
    "excluded": (
        "excluded", "excludedfromcalculations", "excludefromcalculations", "testsvar", "provsvar", "testbesvarelse",
        "testantwoord", "testantwort", "raderad", "slettet", "verwijderd", "gelöscht", "supprimé",
    ),
    "survey_type": ("surveytype", "questiontype", "metric", "metrictype", "surveymetric", "measure"),
}  # fmt: skip
# Who may be a company or a person, which only the cells show; as `key`.
CUSTOMER: Final = frozenset(
    {"kunde", "kund", "klant", "customer", "client", "cliente", "kundenavn", "kundnamn", "klantnaam", "kundenname",
     "customername", "clientname", "org", "orgname", "asiakas"}
)  # fmt: skip
# Dates of the question, not of the answer.
ASKED: Final = re.compile(
    r"\bsent\b|\binvit|\bdeliver(?:ed|y)\b|\bremind|\butskick|^skickad|\bskicka[dt]$|\bsendt$|\bverstuurd\b|\binbjud|\bpåminn|^sendt\b|\butsendt|\budsendt"
    r"|\binvitasjon|\bpåminn|\blähetet|\bverzonden|\buitgenod|\buitnodig|\bversend|\bversandt|\beinlad|\beingeladen|\benvoyé",
    re.IGNORECASE,
)
# Dates of something else than the answer: of the customer, of the record, of what was done with it.
OTHER_DATE: Final = re.compile(
    r"delet|remov|archiv|raderad|slettet|verwijderd|gelöscht|supprim|anonymi[sz]|assign|escalat|resolved|contacted|called"
    r"|replied|synced|\bsync\b|imported|exported|bounced|clicked|unsubscri|\bdue\b|deadline|dismiss|published|birth|född|født|geboren|naiss|nacim|churn|activ|sign.?up|since|sedan|siden|renew|purchase|order|contract|invoice"
    r"|expire|updated|modified|next|last|first|customer.?since|ändrad|endret|ændret|gewijzigd|geändert|modific|muokat"
    r"|laatste?\b|letzte|dernière|última|ultima\b|senast|sist\b|senest|viimeksi",
    re.IGNORECASE,
)


def band_of_label(cell: str) -> str | None:
    """Return the band a label stands for, or None.

    Examples
    --------
    >>> [band_of_label(word) for word in ("Promoters", "Ambassadør", "Kriticus", "2 - PASSIVE (7-8)", "Acme")]
    ['promoter', 'promoter', 'detractor', 'passive', None]
    """
    word = re.sub(r"^nps|[\d_]+", "", key(cell))
    return next((band for band, words in BAND_WORDS.items() if word in words), None)
