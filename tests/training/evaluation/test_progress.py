import logging
from itertools import count

from training.evaluation.progress import with_time_left


def test_items_come_through_and_the_log_says_how_long_the_rest_takes(caplog):
    caplog.set_level(logging.INFO)
    minutes = count(0, 60)

    items = list(with_time_left("abcd", 4, "drawing", clock=lambda: next(minutes)))

    assert items == list("abcd")
    assert caplog.messages[0] == "drawing: 1 of 4, 3.0 min left"
    assert caplog.messages[-1] == "drawing: 4 of 4, 0.0 min left"


def test_a_quick_loop_logs_its_end_only(caplog):
    caplog.set_level(logging.INFO)

    list(with_time_left(range(9), 9, "drawing", clock=lambda: 0.0))

    assert caplog.messages == ["drawing: 9 of 9, 0.0 min left"]


def test_the_first_line_comes_after_seconds_and_the_next_ones_more_rarely(caplog):
    caplog.set_level(logging.INFO)
    seconds = count(0, 4)

    list(with_time_left(range(12), 12, "drawing", clock=lambda: next(seconds)))

    told = [int(line.split()[1]) for line in caplog.messages]
    assert told == [1, 5, 9, 12]
