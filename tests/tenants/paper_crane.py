"""A small business to test with."""

from __future__ import annotations

SHOP = """\
slug: paper-crane
name: Paper Crane
contact_email: desk@example.com
timezone: Europe/Lisbon
locale: en-GB
currency: eur
resources:
  - key: ana
    name: Ana
  - key: rui
    name: Rui
    hours:
      friday: 10:00-16:00
hours:
  monday-friday: 09:00-12:00, 13:00-18:00
exceptions:
  - dates: 2030-12-24..2030-12-26
    closed: true
    label: Christmas
  - dates: 2030-12-31
    hours: 10:00-12:00
  - dates: 2030-06-03
    blocked: 14:00-15:30
    resource: rui
services:
  - key: folding
    name: Folding lesson
    description: One crane and a bit.
    duration: 1 h 30 min
    price: 45.5
    cancellation: {free_until: 24 h, fee_percent: 50, moves: 2}
  - key: festival
    name: Festival day
    kind: whole_day
    price: on request
    resources: [rui]
faq:
  - q: Do you sell paper?
    a: We do, by the sheet.
  - q: Are beginners welcome?
    a: Most of all.
"""


def without(section: str) -> str:
    """The shop without what begins at the line `section`, up to the next line of the same depth."""
    lines = SHOP.splitlines(keepends=True)
    first = next(i for i, line in enumerate(lines) if line.strip() == section)
    depth = len(lines[first]) - len(lines[first].lstrip())
    last = first + 1
    while last < len(lines) and len(lines[last]) - len(lines[last].lstrip()) > depth:
        last += 1
    return "".join(lines[:first] + lines[last:])
