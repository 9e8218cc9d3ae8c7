"""English: what quick replies are called, and the small words between the parts of a sentence."""

from __future__ import annotations

LABELS: dict[str, tuple[str, ...]] = {
    # quick replies
    "choice_something_else": ("Something else",),
    "choice_no_thanks": ("No, thanks",),
    "choice_yes": ("Yes, please",),
    "choice_other_service": ("Another service",),
    "choice_other_time": ("Another time",),
    "choice_other_day": ("Another day",),
    "choice_book": ("Book an appointment",),
    "choice_price": ("Prices",),
    "choice_hours": ("Opening hours",),
    "choice_find": ("Find my booking",),
    "choice_human": ("Talk to a person",),
    "choice_location": ("Where are you?",),
    "choice_services": ("What do you offer?",),
    "choice_availability": ("Free times",),
    "choice_contact": ("Phone number",),
    "choice_cancel": ("Cancel my appointment",),
    "choice_reschedule": ("Change my appointment",),
    "choice_tomorrow": ("Tomorrow",),
    "choice_next_week": ("Next week",),
    "choice_next_free": ("Next free time",),
    # small words
    "window": ("{day} between {start} and {end}",),
    "window_from": ("{day} after {start}",),
    "window_to": ("{day} before {end}",),
    "part_0500_1200": ("{day} in the morning",),
    "part_1200_1800": ("{day} in the afternoon",),
    "part_1700_2200": ("{day} in the evening",),
    "and": (" and ",),
    "or": (" or ",),
    "with": ("{what} with {resource}",),
    "on": ("{what} on {when}",),
    "in_zone": ("{when} ({zone})",),
    "for_person": ("{what}, for {name} ({email})",),
    "minutes": ("{n} minutes",),
    "hours_long": ("{n} hours",),
    "one_hour": ("1 hour",),
}
