"""Where an answer stands with the tool that took it, by the words of the exports: which count, and why others do not.

In lower case, with single blanks for the signs between words; in en, sv, nb, da, nl, de, fr, fi, es and some it, pt.
A column of standing is known by its values alone: each is one of these words, and one of them means complete.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(","))


COMPLETE: Final = _words(
    "complete, completed, finished, submitted, fully completed, complete response, completed response, valid, "
    "approved, accepted, published, live, normal, response, regular, validation status approved, qualified, slutförd, "
    "slutfört, slutförda, fullständig, fullständigt, komplett, besvarad, besvarat, klar, klart, avslutad, avslutat, "
    "färdig, inskickad, godkänd, godkänt, giltig, giltigt, fullført, fullstendig, ferdig, besvart, avsluttet, "
    "innsendt, godkjent, gyldig, fuldført, fuldstændig, færdig, besvaret, afsluttet, gennemført, gjennomført, "
    "genomförd, genomfört, udfyldt, utfylt, ifylld, ifyllt, indsendt, godkendt, voltooid, volledig, compleet, "
    "afgerond, ingevuld, ingediend, ingezonden, goedgekeurd, geldig, gereed, abgeschlossen, vollständig, beendet, "
    "fertig, ausgefüllt, eingereicht, abgesendet, genehmigt, freigegeben, gültig, beantwortet, complet, complète, "
    "complété, complétée, terminé, terminée, achevé, achevée, soumis, soumise, envoyé, validé, validée, approuvé, "
    "approuvée, valide, valmis, suoritettu, täydellinen, hyväksytty, lähetetty, vastattu, kelvollinen, completo, "
    "completa, completado, completada, terminado, terminada, finalizado, finalizada, enviado, enviada, aprobado, "
    "aprobada, válido, válida, completato, completata, terminato, approvato, valido, concluído, concluída, aprovado"
)
_PARTIAL: Final = _words(
    "partial, partially, partially complete, partially completed, partial response, partial complete, incomplete, in "
    "progress, started, unfinished, not finished, not complete, not completed, abandoned, abandon, dropped, dropped "
    "out, drop out, dropout, break off, breakoff, opened, draft, timed out, uncompleted, suspended, delvis, delvis "
    "besvarad, delvis slutförd, ofullständig, ofullständigt, ej slutförd, inte slutförd, ej avslutad, ej komplett, "
    "påbörjad, påbörjat, pågående, pågår, avbruten, avbrutet, utkast, ej klar, delvis besvart, delvis fullført, ikke "
    "fullført, ufullstendig, påbegynt, påbegyndt, delvis gennemført, delvist gennemført, nogen svar, nogle svar, "
    "delvist udfyldt, delvis udfyldt, delvis gjennomført, ikke gjennomført, delvis utfylt, noen svar, delvis "
    "genomförd, ej genomförd, inte genomförd, deels ingevuld, niet ingevuld, niet gereed, ikke ferdig, ikke "
    "avsluttet, avbrutt, delvist, delvist besvaret, ikke fuldført, ufuldstændig, ikke færdig, ikke afsluttet, ikke "
    "gennemført, afbrudt, igangværende, i gang, kladde, gedeeltelijk, gedeeltelijk ingevuld, gedeeltelijk voltooid, "
    "deels, onvolledig, niet voltooid, niet volledig, niet afgerond, begonnen, gestart, bezig, in behandeling, "
    "afgebroken, onderbroken, concept, teilweise, teilweise ausgefüllt, teilweise abgeschlossen, unvollständig, nicht "
    "abgeschlossen, nicht vollständig, nicht beendet, angefangen, gestartet, in bearbeitung, laufend, abgebrochen, "
    "unterbrochen, entwurf, partiel, partielle, partiellement, partiellement complété, incomplet, incomplète, "
    "inachevé, non terminé, non terminée, non complété, en cours, commencé, abandonné, abandonnée, interrompu, "
    "brouillon, osittainen, osittain, keskeneräinen, kesken, epätäydellinen, aloitettu, keskeytetty, ei valmis, "
    "luonnos, parcial, incompleto, incompleta, en curso, iniciado, abandonado, no terminado, parziale, in corso, em "
    "andamento"
)
DELETED: Final = _words(
    "deleted, removed, trashed, archived as deleted, withdrawn, raderad, raderat, borttagen, borttaget, slettet, "
    "fjernet, verwijderd, gelöscht, entfernt, supprimé, supprimée, effacé, poistettu, eliminado, eliminada, "
    "borrado, eliminato, excluído, apagado"
)
DISQUALIFIED: Final = _words(
    "disqualified, disqualify, disqualified respondent, screened out, screen out, screenout, screened, screenedout, "
    "terminated, over quota, overquota, quota full, quotafull, quota met, quota, not qualified, unqualified, "
    "ineligible, diskvalificerad, diskvalificerat, utsorterad, utsållad, bortsorterad, bortsållad, screenad, kvot "
    "full, diskvalifisert, utsilt, frasortert, ekskludert, kvote full, diskvalificeret, frasorteret, screenet ud, "
    "frascreenet, kvote fuld, gediskwalificeerd, uitgesloten, uitgescreend, uitgefilterd, quotum vol, "
    "disqualifiziert, ausgeschlossen, ausgescreent, ausgefiltert, quote voll, disqualifié, disqualifiée, exclu, "
    "exclue, éliminé, filtré, quota atteint, diskattu, diskvalifioitu, poissuljettu, karsittu, hylätty, kiintiö "
    "täynnä, descalificado, descalificada, excluido, excluida, squalificato, escluso, desqualificado"
)
NOT_APPROVED: Final = _words(
    "not approved, unapproved, disapproved, rejected, declined, refused, invalid, not valid, flagged as invalid, "
    "validation status not approved, ej godkänd, inte godkänd, icke godkänd, underkänd, underkänt, avvisad, "
    "avslagen, nekad, ogiltig, ogiltigt, ikke godkjent, avvist, underkjent, ugyldig, avslått, ikke godkendt, "
    "afvist, afslået, ugyldigt, niet goedgekeurd, afgekeurd, afgewezen, ongeldig, geweigerd, nicht genehmigt, nicht "
    "freigegeben, abgelehnt, ungültig, zurückgewiesen, non approuvé, non approuvée, rejeté, rejetée, refusé, "
    "refusée, invalide, non valide, ei hyväksytty, epäkelpo, virheellinen, no aprobado, no aprobada, rechazado, "
    "rechazada, inválido, inválida, non approvato, rifiutato, respinto, não aprovado, rejeitado"
)
TEST: Final = _words(
    "test, tests, testing, test response, preview, previewed, spam, bot, fraud, duplicate, survey preview, survey "
    "test, survey preview spam, offline preview, umfragevorschau, test data, testdata, testsvar, provsvar, "
    "förhandsgranskning, förhandsvisning, skräppost, forhåndsvisning, prøve, søppelpost, testbesvarelse, proef, "
    "testantwoord, voorbeeld, voorvertoning, testantwort, vorschau, aperçu, prévisualisation, essai, pourriel, "
    "testi, testivastaus, esikatselu, roskaposti, prueba, vista previa, prova, anteprima, teste"
)
# A word for complete may stand behind one for part of it, or behind a no: `delvist gennemført`, `nicht ausgefüllt`.
_PARTLY: Final = _words(
    "partly, partially, mostly, delvis, delvist, gedeeltelijk, deels, teilweise, partiellement, osittain, "
    "parcialmente, parzialmente"
)
_NOT: Final = _words("not, ej, inte, icke, ikke, niet, nicht, non, ei, no, não")
# Whether somebody approved of an answer is another matter than whether it was finished.
_OF_APPROVAL: Final = _words(
    "valid, approved, accepted, published, live, normal, response, regular, validation status approved, qualified, "
    "godkänd, godkänt, giltig, giltigt, godkjent, gyldig, godkendt, goedgekeurd, geldig, genehmigt, freigegeben, "
    "gültig, validé, validée, approuvé, approuvée, valide, hyväksytty, kelvollinen, aprobado, aprobada, válido, "
    "válida, approvato, valido, aprovado"
)
_FINISHED: Final = tuple(word for word in COMPLETE if word not in _OF_APPROVAL)
PARTIAL: Final = tuple(
    dict.fromkeys(
        (
            *_PARTIAL,
            "nogen svar", "noen svar", "några svar", "some answers", "enkele antwoorden",
            *(f"{part} {word}" for part in (*_PARTLY, *_NOT) for word in _FINISHED),
        )
    )
)  # fmt: skip
# Said of an answer that nobody has judged yet: it counts.
OPEN: Final = _words(
    "on hold, validation status on hold, pending, not reviewed, unreviewed, new, ip address, imported, ny, nytt, "
    "nieuw, neu, nouveau, uusi, väntar, venter, afventer, in afwachting, ausstehend, en attente, odottaa"
)
# The kinds that do not count, with their reasons in the ledger.
REASONS: Final = {
    "preview_or_test": TEST,
    "deleted_by_tool": DELETED,
    "disqualified": DISQUALIFIED,
    "not_approved": NOT_APPROVED,
}
_COUNTING: Final = frozenset((*COMPLETE, *OPEN))
_NOT_COUNTING: Final = frozenset((*PARTIAL, *(word for words in REASONS.values() for word in words)))
# Between the words of a standing: `validation_status_not_approved`, `Screened-out`.
# The no-break spaces by name: to Spark they are no white space.
BETWEEN: Final = "[-_/\\s\u00a0\u202f]+"
# Standings of something else than an answer.
_OF_OTHERS: Final = re.compile(
    r"customer|client|kund|klant|account|konto|order|ordre|bestell|bestil|ticket|case|ärende|\bsak|deal|sale|lead|payment|"
    r"betal|invoice|faktura|rechnung|facture|refund|deliver|leveran|levering|liefer|shipment|ship|contract|kontrakt|avtal|"
    r"vertrag|subscription|abonn|project|projekt|task|opp?gave|uppgift|repair|reparation|claim|complaint|klage|employment|"
    r"application|booking|bokning|onboard|training|course|kurs|membership|email|e-?mail|delivery|invitation|member",
    re.IGNORECASE,
)


def plain(cell: str) -> str:
    """Return a word as compared: lower case, with one blank between words.

    Examples
    --------
    >>> plain(" Validation_status-Not approved")
    'validation status not approved'
    """
    return re.sub(BETWEEN, " ", cell.strip().lower())


def is_standing(header: str, values: Iterable[str]) -> bool:
    """Say whether a column tells where each answer stands: known words only, of which some count and others do not.

    Examples
    --------
    >>> is_standing("Tila", ["Valmis", "Keskeneräinen"]), is_standing("Status", ["Active", "Churned"])
    (True, False)
    >>> is_standing("Order status", ["Completed", "Rejected"])
    False
    """
    words = {plain(value) for value in values}
    return not words - _COUNTING - _NOT_COUNTING and tells_both(header, values)


def tells_both(header: str, values: Iterable[str]) -> bool:
    """Say whether some words of a column mean complete and others not; a question to people is no standing."""
    words = {plain(value) for value in values}
    both = bool(words & frozenset(COMPLETE)) and bool(words & _NOT_COUNTING)
    return both and "?" not in header and len(header.split()) <= 6 and not _OF_OTHERS.search(header)


def unknown(values: Iterable[str]) -> list[str]:
    """Return the values that are no known word, sorted."""
    return sorted(value for value in values if plain(value) not in _COUNTING | _NOT_COUNTING)
