"""The program's own log is the standard library's, loaded when there is something to say."""

from __future__ import annotations

import logging

from netlib.system.logger import Logger, current_traceback


def test_what_it_is_told_is_in_the_log_of_its_name(logged_errors: list[logging.LogRecord]) -> None:
    log = Logger("netlib.somewhere")
    log.warning("not an error")
    try:
        int("seen")
    except ValueError:
        log.exception("bug in %r", "work")
    (record,) = logged_errors
    assert (record.name, record.getMessage()) == ("netlib.somewhere", "bug in 'work'")
    assert record.exc_info
    assert "'seen'" in str(record.exc_info[1])
    assert record.filename == "test_logger.py"
    logged_errors.clear()


def test_the_traceback_is_that_of_what_is_being_handled() -> None:
    try:
        int("here")
    except ValueError:
        trace = current_traceback()
    assert trace.startswith("Traceback (most recent call last):")
    assert trace.splitlines()[-1].startswith("ValueError: ")
    assert "'here'" in trace
