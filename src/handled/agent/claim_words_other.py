"""How other languages claim that something happened: by their main forms."""

from __future__ import annotations

from collections.abc import Mapping

from handled.agent.claim_words import Language, words


def _of_participles(
    claims: Mapping[str, str],
    said_instead: Mapping[str, str],
    *,
    leads: str,
    negators: str,
    auxiliaries: str,
    conditions: str,
) -> Language:
    """A language whose claims are single words (or pairs, joined by `_`), excused by any word in the same clause."""
    return Language(
        claims={kind: [word.replace("_", " ") for word in text.split()] for kind, text in claims.items()},
        said_instead=said_instead,
        leads=words(leads),
        negators=words(negators),
        auxiliaries=words(auxiliaries),
        conditions=words(conditions),
    )


SPANISH = _of_participles(
    {
        "booked": "reservado reservada reservados reservadas confirmado confirmada confirmados confirmadas "
        "agendado agendada programado programada",
        "cancelled": "cancelado cancelada cancelados canceladas anulado anulada",
        "moved": "movido movida reprogramado reprogramada aplazado aplazada pospuesto pospuesta",
        "refunded": "reembolsado reembolsada devuelto",
        "paid": "pagado pagada pago_recibido",
    },
    {
        "booked": "Todavía no se ha reservado nada.",
        "cancelled": "Todavía no se ha cancelado nada.",
        "moved": "Todavía no se ha movido nada.",
        "refunded": "Todavía no se ha reembolsado nada.",
        "paid": "Todavía no se ha pagado nada.",
        "unpaid": "Antes del pago no queda nada reservado.",
        "found": "Todavía no se ha reservado nada nuevo.",
    },
    leads="su tu la el he hemos ha han sido esta queda cita reserva turno",
    negators="no nada nunca ninguna ninguno sin",
    auxiliaries="puede pueden sera seran quedara quedaria ser estar podria",
    conditions="si cuando tras hasta despues confirme confirmes",
)
GERMAN = _of_participles(
    {
        "booked": "gebucht eingebucht reserviert bestatigt bestaetigt eingetragen vorgemerkt",
        "cancelled": "storniert abgesagt",
        "moved": "verschoben verlegt umgebucht",
        "refunded": "erstattet zuruckerstattet zurueckerstattet zuruckgezahlt zuruckuberwiesen",
        "paid": "bezahlt zahlung_ist_eingegangen zahlung_eingegangen",
    },
    {
        "booked": "Es wurde noch nichts gebucht.",
        "cancelled": "Es wurde noch nichts storniert.",
        "moved": "Es wurde noch nichts verschoben.",
        "refunded": "Es wurde noch nichts erstattet.",
        "paid": "Es wurde noch nichts bezahlt.",
        "unpaid": "Vor der Zahlung ist nichts gebucht.",
        "found": "Es wurde noch nichts Neues gebucht.",
    },
    leads="ihr ihre dein deine der die das ich wir habe haben hat ist sind wurde wurden termin buchung",
    negators="nicht nichts nie kein keine keinen",
    auxiliaries="kann konnen koennen wird werden muss soll sollen darf",
    conditions="sobald wenn falls nachdem bis bevor",
)
FRENCH = _of_participles(
    {
        "booked": "reservee reservees confirme confirmee confirmees enregistre enregistree planifie "
        "planifiee est_reserve ete_reserve sont_reserve bien_reserve reserve_pour c'est_reserve j'ai_reserve",
        "cancelled": "annule annulee annules annulees",
        "moved": "deplace deplacee reportee reprogramme reprogrammee",
        "refunded": "rembourse remboursee rembourses",
        "paid": "est_paye est_payee ete_paye ete_payee paiement_recu",
    },
    {
        "booked": "Rien n'a encore été réservé.",
        "cancelled": "Rien n'a encore été annulé.",
        "moved": "Rien n'a encore été déplacé.",
        "refunded": "Rien n'a encore été remboursé.",
        "paid": "Rien n'a encore été payé.",
        "unpaid": "Avant le paiement, rien n'est réservé.",
        "found": "Rien de nouveau n'a encore été réservé.",
    },
    leads="votre ton ta le la nous avons a ete rendez vous reservation",
    negators="pas rien jamais aucun aucune sans",
    auxiliaries="peut peuvent sera seront pourra etre serait",
    conditions="si quand lorsque apres jusqu des avant",
)
