"""What a phrase about dates and times means, whatever the language it was said in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

DAY_START = time.min
DAY_END = time.max  # there is no 24:00; a slot never starts in the last microsecond

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class When:
    """The dates and times in one utterance.

    At most one of `date` and `dates` is set, and at most one of `time` and `window`; all may be None where only
    `earliest`, `latest` or `problem` speaks.

    - `date`: the one day meant. `also`: further days offered as its equals ("Monday or Thursday").
    - `dates`: an inclusive range ("this weekend", "in March", "Monday to Wednesday"). With a bound ("by Friday":
      today to Friday; "after Tuesday": the 14 days from Wednesday) `anchor` is the day that was named.
    - `time`: exact local time. `window`: `[from, to)`, its open ends being DAY_START and DAY_END; what is left of the
      day where a part of it was refused ("no mornings").
    - `earliest`: the first one free is wanted ("as soon as possible", "the earliest on Friday"); `latest`: the last one
      ("the last appointment of the day"), unless a time was named ("the latest I can do is 3").
    - `ambiguities`: what was decided for the customer and could be asked back:
      `am_pm_assumed`; `day_month_order` (3/4); `next_weekday` (others mean the nearer one); `this_weekday` (this
      week's has passed, the coming one is given); `today_or_next_week` (a bare weekday said on that weekday);
      `weekday_mismatch` ("Tuesday the 3rd" is no Tuesday); `several_dates`, `several_times` (the last one won);
      `minutes_or_range` ("10 to 4" read as 3:50); `ruled_out_date`, `ruled_out_time` (the only one named was
      refused: "I can't do Monday").
    - `problem`: `no_such_date` (February 30; no date), `no_such_time` (25:00; no time) or `past` (the words
      themselves say so: "yesterday"; the date is set). Any other past is the caller's to judge.
    - `date_text`, `time_text`: where the words stand that gave the date and the time. `spans`: where all phrases
      about dates and times stand, also those given up ("not Monday, Tuesday"), in order, for cutting them out.
    """

    date: date | None = None
    dates: tuple[date, date] | None = None
    time: time | None = None
    window: tuple[time, time] | None = None
    ambiguities: tuple[str, ...] = ()
    problem: str | None = None
    date_text: Span | None = None
    time_text: Span | None = None
    also: tuple[date, ...] = ()
    anchor: date | None = None
    earliest: bool = False
    latest: bool = False
    spans: tuple[Span, ...] = ()

    @property
    def named_date(self) -> date | None:
        """The day the words name, also where it only bounds or opens a range."""
        return self.date or self.anchor or (self.dates[0] if self.dates else None)

    @property
    def named_time(self) -> time | None:
        """The time the words name, also where it only bounds a window; the beginning of a part of the day."""
        if self.time or not self.window:
            return self.time
        start, end = self.window
        return end if start == DAY_START else start
