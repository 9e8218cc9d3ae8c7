"""English: what several patterns are built from."""

from __future__ import annotations

import re


def any_of(*alternatives: str) -> re.Pattern[str]:
    """One pattern that finds any of these."""
    return re.compile("|".join(f"(?:{a})" for a in alternatives))


BOOKING = (
    r"(?:appointments?|appts?|bookings?|reservations?|sessions?|viewings?|visits?|meetings?|slots?|tables?|"
    r"consultations?|classes|class|lessons?|check-?ups?|(?:photo ?)?shoots?)"
)
CARE = (
    r"(?:hair ?cuts?|trim|colou?r(?:ing)?|highlights|manicure|pedicure|nails|massage|facial|waxing|makeup|"
    r"acupuncture|treatment|therapy|counsel\w+|coaching|photo ?shoot|portrait|wedding|cleaning|vaccination|"
    r"dentist|doctor|vet|dinner|lunch|brunch|breakfast|spa|oil change)"
)
MINE = r"(?:my|our|the|that|this|an?|his|her|their)"
FEW = r"(?:[\w':.-]+ ){0,6}"
# What else people cancel, change and need: none of it is an appointment.
NOT_OURS = (
    r"(?!\w)(?!.*\b(?:card|transfer|payment|top.?up|account|transaction|pin|direct debit|atm|order|flight|"
    r"subscription|purchase|refund|item|delivery|parcel|package|luggage|loan|mortgage|credit|passcode|timer|alarm|"
    r"todo|to-do|shopping|song|playlist)\b)"
)
