"""Validates the schedule of a CronJob with the rules of Kubernetes."""

from __future__ import annotations

from dataclasses import dataclass

MACROS = ("@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class CronField:
    label: str
    first: int
    last: int
    names: tuple[str, ...] = ()

    def read(self, text: str) -> frozenset[int]:
        """Returns the values that a field such as `1,5-10,*/15` matches."""
        return frozenset().union(*(self._part(part) for part in text.split(",")))

    def _part(self, part: str) -> range:
        span, slash, step = part.partition("/")
        first, dash, last = span.partition("-")
        if span in ("*", "?"):
            low, high = self.first, self.last
        else:
            low = self._number(first)
            # `5/10` runs from 5 to the end.
            high = self._number(last) if dash else self.last if slash else low
        if low > high:
            raise ValueError(f"the {self.label} '{part}' runs backwards")
        return range(low, high + 1, self._step(step) if slash else 1)

    def _number(self, text: str) -> int:
        if text.lower() in self.names:
            return self.names.index(text.lower()) + self.first
        if not (text.isascii() and text.isdecimal() and self.first <= int(text) <= self.last):
            raise ValueError(f"the {self.label} '{text}' is not within {self.first}-{self.last}")
        return int(text)

    def _step(self, text: str) -> int:
        most = self.last - self.first + 1
        if not (text.isascii() and text.isdecimal() and 0 < int(text) <= most):
            raise ValueError(f"the {self.label}'s step '{text}' is not within 1-{most}")
        return int(text)


FIELDS = (
    CronField("minute", 0, 59),
    CronField("hour", 0, 23),
    CronField("day of the month", 1, 31),
    CronField("month", 1, 12, MONTHS),
    CronField("day of the week", 0, 6, DAYS),
)


def problem(schedule: str) -> str | None:
    """Returns the problem with a schedule; None if it is valid."""
    try:
        _read(schedule)
    except ValueError as error:
        return str(error)
    return None


def _read(schedule: str) -> None:
    if schedule.startswith("@"):
        if schedule not in MACROS:
            raise ValueError(f"'{schedule}' is not one of {', '.join(MACROS)}")
        return
    if "TZ=" in schedule:
        raise ValueError("the schedule must not contain a time zone; set timeZone")
    parts = schedule.split()
    if len(parts) != len(FIELDS):
        raise ValueError(f"'{schedule}' has {len(parts)} fields instead of 5")
    _, _, days, months, _ = (field.read(part) for field, part in zip(FIELDS, parts, strict=True))
    # If both days are set, either is enough, so only a schedule without a weekday may never run.
    if parts[4] in ("*", "?") and not any(min(days) <= LONGEST[month - 1] for month in months):
        raise ValueError(f"'{schedule}' never runs, because no such day exists")
