"""A training that does as it is told: it stands in for a long one, in a process of its own."""

import json
import sys
import textwrap
from pathlib import Path

_TRAINING = """
import json, sys, time
from pathlib import Path
options = dict(zip(sys.argv[1::2], sys.argv[2::2]))
assert (Path(options["--rounds"]) / "rounds.parquet").is_file()
run = Path(options["--runs"]) / "reward-0"
run.mkdir(parents=True, exist_ok=True)
(run / "log.jsonl").write_text('{"step": 7, "minutes_left": 2.4}\\n')
"""
ENDLESS = """time.sleep(180)"""
PASSES = """
Path(options["--to"]).mkdir(parents=True)
verdict = {"passed": True, "reasons": ["On 20 held-out rounds it is better."], "report": "r"}
Path(options["--outcome"]).write_text(json.dumps({"parts": {"reward": verdict}, "error": ""}))
"""
FAILS = """
record = {"parts": {}, "error": "Save more rounds first."}
Path(options["--outcome"]).write_text(json.dumps(record))
"""
HALF = """
verdict = {"passed": False, "reasons": ["Only 1 held-out rounds can judge it."], "report": "r"}
record = {"parts": {"reward": verdict}, "error": "All rounds are of one store."}
Path(options["--outcome"]).write_text(json.dumps(record))
"""


def scripted_training(folder: Path, ending: str) -> tuple[str, ...]:
    """The command of a training that writes a log line, then does what `ending` says."""
    script = folder / "training.py"
    script.write_text(_TRAINING + textwrap.dedent(ending))
    return sys.executable, "-I", str(script)


def ended_training(data: Path) -> None:
    """Leave in a data folder what a training leaves there; its checkpoint is empty."""
    trainings = data / "trainings"
    (trainings / "checkpoints" / "taught-1").mkdir(parents=True)
    (trainings / "0001").mkdir()
    (trainings / "0001" / "training.json").write_text(json.dumps({"process": 0, "born": ""}))
    verdict = {"passed": True, "reasons": ["On 20 held-out rounds it is better."], "report": "r"}
    outcome = {"parts": {"reward": verdict}, "error": ""}
    (trainings / "0001" / "outcome.json").write_text(json.dumps(outcome))
