"""Headers of further tables as offices write them, for each of our names, in the field's languages."""

from __future__ import annotations

from typing import Final

from nps_utils.exports.wording import HEADERS

# Headers in the wild as `key`, best first; the longer lists of ids and addresses are those of the exports.
SPELLED: Final[dict[str, tuple[str, ...]]] = {
    "respondent_id": (
        "respondentid", "contactid", "personid", "userid", "memberid", "kontaktid", "contactpersoonid", "enduserid",
        "respondentuuid", "membernumber", "memberno", "medlemsid", "medlemsnr", "medlemsnummer", "lidnr", "lidnummer",
        "lidmaatschapsnummer", "huurdernr", "huurdernummer", "bewonernummer", "tenantid", "patientid", "patientnr",
        "pasientnr", "patiëntnummer", "studentid", "studentnr", "studentnummer", "elevnr", "guestid",
        "donorid", "donornumber", "donorno", "supporterid", "givarid", "givarnummer", "givarnr", "giverid", "givernr",
        "donateurnummer", "donateurnr", "pupilid", "learnerid", "citizenid", "borgerid", "innbyggerid", "residentid",
    ),
    "email": HEADERS["email"],
    "account_id": (
        "accountid", "accountnumber", "companyid", "companynumber", "customerid", "customernumber", "customerno",
        "clientid", "organisationid", "organizationid", "orgid", "företagsid", "firmaid", "bedriftsid",
        "virksomhedsid", "bedrijfsid", "kundid", "kundnr", "kundnummer", "kundeid", "kundenr", "kundenummer", "klantid",
        "klantnr", "klantnummer", "debiteurnummer", "debiteurnr", "orgnr", "orgnummer", "organisasjonsnummer",
        "organisationsnummer", "cvr", "cvrnr", "cvrnummer", "kvknr", "kvknummer", "account", "company", "customer",
        "firma", "företag", "bedrift", "virksomhed", "bedrijf", "kunde", "kund", "klant", "organization",
        "organisation", "selskab", "selskap", "bolag", "memberid", "membernumber", "memberno", "medlemsid", "medlemsnr",
        "medlemsnummer", "lidnr", "lidnummer", "lidmaatschapsnummer", "huurdernr", "huurdernummer",
        "donorid", "donornumber", "donorno", "supporterid", "givarid", "givarnummer", "givarnr", "giverid", "givernr",
        "donateurnummer", "donateurnr",
    ),
    "name": (
        "accountname", "companyname", "customername", "firmanavn", "bedriftsnavn", "kundenavn", "virksomhedsnavn",
        "företagsnamn", "kundnamn", "bedrijfsnaam", "klantnaam", "firma", "företag", "bedrift", "virksomhed", "bedrijf",
        "company", "navn", "namn", "naam", "kunde", "kund", "klant", "customer", "client", "account", "selskab",
        "selskap", "bolag", "organization", "organisation",
    ),
    "owner": (
        "accountowner", "companyowner", "accountmanager", "kundeansvarlig", "kundansvarig", "relatiebeheerder",
        "accountbeheerder", "selger", "säljare", "sælger", "kontaktansvarig",
        "beheerder", "complexbeheerder", "wijkbeheerder", "forvalter", "förvaltare",
    ),
    "asked_at": (*HEADERS["asked_at"], "utsendt", "udsendt", "uitgenodigdop", "invited", "invitedon", "askedon"),
    "wave": HEADERS["wave"],
    "customer_since": (
        "customersince", "kundesiden", "kundsedan", "klantsinds", "activationdate", "contractstart", "kundefra",
        "kundfrån", "innmeldt", "innmeldtdato", "innmeldingsdato", "indmeldt", "indmeldtdato", "indmeldelsesdato",
        "medlemsiden", "medlemsedan", "medlemssedan", "inträdesdatum", "lidsinds", "ingangsdatum", "membersince",
        "memberfrom", "huurdersinds",
    ),
    "churned_on": (
        "churnedon", "churndate", "churnedat", "cancellationdate", "canceldate", "oppsagt", "uppsagd", "opsagt",
        "opgezegd", "opgezegdop", "beëindigd", "beëindigdop", "churned", "ended", "endedon", "cancelled", "canceled",
        "cancelledon", "terminated", "terminatedon", "lefton", "ophørt", "ophørtden", "ophør", "ophørsdato",
        "opsagtden", "opsigelsesdato", "oppsagtdato", "oppsigelsesdato", "avsluttet", "avslutad", "afsluttet",
        "upphört", "upphörd", "uppsagddatum", "uppsägningsdatum", "opzegdatum",
        "utmeldt", "utmeldtdato", "utmeldingsdato", "udmeldt", "udmeldtdato", "udmeldelsesdato", "utträdd",
        "utträdesdatum",
        "uitgeschreven", "uitgeschrevenop", "uitschrijfdatum",
    ),
    "language": HEADERS["language"],
    "touchpoint": ("kontaktpunkt", "berøringspunkt", "contactmoment"),
    "response_id": HEADERS["response_id"],
    "contacted_at": (
        "contactedat", "contacted", "contactedon", "contactdate", "calledon", "calledat", "kontaktet", "kontaktad",
        "ringtopp", "uppringd", "gecontacteerd", "contactgehadop", "gebeldop",
    ),
    "status": ("status",),
    "period_start": (
        "periodstart", "startdate", "start", "from", "periodfrom", "fromdate", "datefrom",
        "fradato", "datofra", "fråndatum", "vandatum", "datumvan",
        "servicestart", "date", "closedate", "invoicedate", "giftdate", "donationdate", "paymentdate", "gåvodatum",
        "gavedato", "betalningsdatum", "betalingsdato", "betaaldatum", "fra", "från",
        "van", "startdato", "startdatum", "fakturadato", "fakturadatum", "factuurdatum", "bogføringsdato", "dato",
        "datum", "måned", "månad", "maand", "month", "md", "mnd", "revenuemonth", "invoicemonth", "fakturamåned",
        "fakturamånad", "faktureringsmåned", "periode", "period", "billingperiod", "kvartal", "kwartaal", "quarter",
        "år", "årstal", "year", "fiscalyear", "jaar", "regnskabsår",
    ),
    "period_end": (
        "periodend", "enddate", "end", "to", "periodto", "todate", "dateto", "tildato", "datotil", "tilldatum",
        "totdatum", "datumtot", "serviceend", "til", "till", "tot", "sluttdato", "slutdato",
        "slutdatum", "einddatum",
    ),
    "amount": (
        "amount", "giftamount", "donationamount", "donation", "gift", "gåvobelopp", "gavebeløp", "gavebeløb", "revenue",
        "value", "total", "mrr", "arr", "netamount", "movementamount", "belopp", "beløp", "beløb",
        "bedrag", "omsetning", "omsättning", "omsætning", "omzet", "intäkt", "intäkter", "inntekt", "inntekter",
        "indtægt", "indtægter", "nettoomsætning", "nettoomsättning", "netrevenue", "sales", "turnover",
        "opbrengst", "opbrengsten", "huur", "huuropbrengst", "huuropbrengsten", "huurinkomsten", "hyra", "hyresintäkt",
        "hyresintäkter", "leie", "leieinntekt", "leieinntekter", "leje", "lejeindtægt", "lejeindtægter", "kontingent",
        "medlemsavgift", "contributie",
    ),
    "currency": ("currency", "currencycode", "valuta", "valutakode", "valutakod", "valutacode"),
    "revenue_type": ("revenuetype", "type", "recurrence"),
    "moved_on": ("movedon", "movementdate", "date", "eventdate", "changedate", "effectivedate"),
    "movement": ("movement", "movementtype", "type", "eventtype", "changetype"),
    "initial_mrr": ("initialmrr", "mrr", "startmrr", "startingmrr", "initialrevenue"),
}  # fmt: skip
# What says so only beside a first amount: in a plain list of accounts a start may be that of anything.
BESIDE_MONEY: Final[dict[str, tuple[str, ...]]] = {
    "customer_since": ("startdate", "signupdate", "createdate"),
    "churned_on": ("enddate",),
}
