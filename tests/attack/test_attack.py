"""A short campaign; `python -m tests.attack` runs the long one."""

from tests.attack.campaign import Campaign, own_faults, run
from tests.attack.known import PATTERNS


def test_a_short_campaign_finds_nothing():
    busy = Campaign(requests=120, pictures=40, exports=12, seed=7, limit_s=20.0, growth=0.5)

    damage = run(busy, print)

    assert damage.found == []
    assert damage.tried["known patterns"] == len(PATTERNS)
    assert damage.answers[200]


def test_enough_published_faults_are_tried():
    assert len({each.source for each in PATTERNS if each.source.startswith("CVE-")}) >= 25


def test_a_traceback_of_ours_is_found_and_one_of_a_library_is_not():
    ours = (
        "Traceback (most recent call last):\n"
        '  File "/usr/lib/python3/site-packages/gradio/queueing.py", line 1, in call\n'
        '  File "/somewhere/studio/ui/api.py", line 7, in generate\n    int(x)\nValueError: no\n'
    )
    theirs = ours.replace("/somewhere/studio/ui", "/usr/site-packages/gradio")

    (found,) = own_faults(ours + theirs)
    assert "ValueError: no" in found
    assert "/somewhere/studio/ui/api.py" in found
