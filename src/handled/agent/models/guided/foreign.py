"""Messages in a language that is not spoken here yet: which one it is, and what to say then, in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_FEW = 3  # words of a message that one telling word is enough for


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


@dataclass(frozen=True)
class Foreign:
    """`telling` are words that English has not. `labels` name, in the language, what can be done here."""

    telling: frozenset[str]
    sentence: str
    labels: Mapping[str, str]


FOREIGN: Mapping[str, Foreign] = {
    "de": Foreign(
        _words(
            "ich möchte moechte mochte einen eine einem einer für fuer und nicht bitte danke termin haarschnitt morgen "
            "heute übermorgen uhr haben kann kannst können koennen wann wie viel kostet hallo guten tag ja nein "
            "mein meine ist sind bin wir sie mit bei um wo geöffnet stornieren absagen verschieben buchen brauche "
            "gerne freitag montag dienstag mittwoch donnerstag samstag sonntag welche preise auf deutsch sprechen "
            "sprichst noch frei woche nächste vielen auch oder gibt es den dem schneiden"
        ),
        "Entschuldigung, hier im Chat geht es bisher nur auf Englisch. "
        "Wählen Sie gern unten etwas aus, oder schreiben Sie mir auf Englisch.",
        {
            "book": "Termin vereinbaren",
            "reschedule": "Termin verschieben",
            "cancel": "Termin absagen",
            "hours": "Öffnungszeiten",
            "price": "Preise",
            "contact": "Telefonnummer",
        },
    ),
    "es": Foreign(
        _words(
            "quiero quisiera queria quería una un cita reserva reservar para mañana manana hoy hola buenos buenas días "
            "dias tardes gracias por favor cuánto cuanto cuesta cuándo cuando dónde donde está esta el los las del que "
            "qué puedo puede tienen tiene necesito corte pelo cabello cancelar cambiar mi hora horas si sí como cómo "
            "abierto horario lunes martes miércoles miercoles jueves viernes sábado sabado domingo español hablas "
            "habla ustedes en con soy semana"
        ),
        "Lo siento, en este chat por ahora solo hablamos inglés. "
        "Puede elegir una de estas opciones o escribirme en inglés.",
        {
            "book": "Reservar una cita",
            "reschedule": "Cambiar mi cita",
            "cancel": "Cancelar mi cita",
            "hours": "Horario",
            "price": "Precios",
            "contact": "Teléfono",
        },
    ),
    "fr": Foreign(
        _words(
            "je voudrais veux un une rendez vous rendezvous rdv demain bonjour bonsoir salut merci s'il plaît plait "
            "est ce que c'est combien coûte coute quand où pour avec le la les des du mon ma mes annuler déplacer "
            "deplacer réserver reserver coupe cheveux avez êtes etes oui non lundi mardi mercredi jeudi vendredi "
            "samedi dimanche heures heure ouvert parlez français francais puis pouvez suis j'ai j'aimerais aujourd'hui "
            "quel quelle quels disponible semaine prochaine à"
        ),
        "Désolé, dans ce chat nous ne parlons pour l'instant qu'anglais. "
        "Choisissez ci-dessous ou écrivez-moi en anglais.",
        {
            "book": "Prendre rendez-vous",
            "reschedule": "Déplacer mon rendez-vous",
            "cancel": "Annuler mon rendez-vous",
            "hours": "Horaires",
            "price": "Tarifs",
            "contact": "Téléphone",
        },
    ),
}
# Words of theirs that English has as well, or that stand in names: they tell nothing.
_SHARED = _words(
    "tag es en mi un hora la les du des le ma mes ce que non salut si um bin den dem auf tiene con el los las esta "
    "coupe bei puis reserve est una para soy mit und wo ja is um s'il merci danke gracias hola la oder una mon"
)
_ENGLISH = _words(
    "the a an i you my your we is are was it to of and for in on at with can could would want like need have do please "
    "what when how book appointment haircut tomorrow today time not this that thanks hello hi no yes"
)


def detect(text: str) -> str | None:
    """The language of `text` ("de", "es", "fr") if it is clearly one of those that are not spoken here."""
    words = [word.replace("’", "'") for word in _WORD.findall(text.casefold())]
    if not words:
        return None
    english = sum(word in _ENGLISH for word in words)
    scores = {name: _score(words, each.telling) for name, each in FOREIGN.items()}
    best = max(scores, key=lambda name: scores[name])
    enough = 1.0 if len(words) <= _FEW and not english else 2.0
    sure = scores[best] >= enough and scores[best] > english and 3 * scores[best] >= len(words)
    return best if sure and list(scores.values()).count(scores[best]) == 1 else None


def _score(words: list[str], telling: frozenset[str]) -> float:
    return sum((0.5 if word in _SHARED else 1.0) for word in words if word in telling)
