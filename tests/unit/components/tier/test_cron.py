"""Schedules are parsed like in the CronJob controller."""

from __future__ import annotations

import pytest

from gitops_gen.components.tier import cron

GOOD = [
    "* * * * *",
    "0 0 1 1 0",
    "59 23 31 12 6",
    "*/15 0-6,22-23 1-31/2 jan-JUN MON,fri",
    "5/10 * ? * ?",
    "0 0 29 2 *",
    # If both days are set, either is enough: this runs on Mondays, although February has no 31st.
    "0 0 31 2 1",
    "  0  3 * * * ",
    "@hourly",
    "@midnight",
    "@annually",
]

BAD = {
    "": "'' has 0 fields instead of 5",
    "* * * *": "'* * * *' has 4 fields instead of 5",
    "0 0 3 * * *": "'0 0 3 * * *' has 6 fields instead of 5",
    "60 * * * *": "the minute '60' is not within 0-59",
    "* 24 * * *": "the hour '24' is not within 0-23",
    "* * 0 * *": "the day of the month '0' is not within 1-31",
    "* * * 13 *": "the month '13' is not within 1-12",
    "* * * * 7": "the day of the week '7' is not within 0-6",
    "* * * * sunday": "the day of the week 'sunday' is not within 0-6",
    "* 6-5 * * *": "the hour '6-5' runs backwards",
    "*/0 * * * *": "the minute's step '0' is not within 1-60",
    "*/ * * * *": "the minute's step '' is not within 1-60",
    "*/90 * * * *": "the minute's step '90' is not within 1-60",
    "* */99999999999999999999 * * *": "the hour's step '99999999999999999999' is not within 1-24",
    "1,,2 * * * *": "the minute '' is not within 0-59",
    "1-2-3 * * * *": "the minute '2-3' is not within 0-59",
    "-5 * * * *": "the minute '' is not within 0-59",
    "\u0663 * * * *": "the minute '\u0663' is not within 0-59",
    "0 0 L * *": "the day of the month 'L' is not within 1-31",
    "0 0 30 2 *": "'0 0 30 2 *' never runs, because no such day exists",
    "0 0 31 4,6,9,11 *": "'0 0 31 4,6,9,11 *' never runs, because no such day exists",
    "@dayly": "'@dayly' is not one of @hourly, @daily, @midnight",
    "@every 1h": "'@every 1h' is not one of",
    "TZ=UTC 0 0 * * *": "the schedule must not contain a time zone; set timeZone",
    "CRON_TZ=UTC 0 0 * * *": "the schedule must not contain a time zone; set timeZone",
}


@pytest.mark.parametrize("schedule", GOOD)
def test_good(schedule: str) -> None:
    assert cron.problem(schedule) is None


@pytest.mark.parametrize("schedule", BAD)
def test_bad(schedule: str) -> None:
    assert BAD[schedule] in (cron.problem(schedule) or "")
