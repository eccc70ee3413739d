import pytest

from tests.scripted_training import FAILS, PASSES, scripted_training
from tests.serving import Classroom, served
from training.bench.studio import BenchError
from training.bench.teaching import TeachingBench, measure_teaching

A_WHILE = "time.sleep(20)\n"


def measured(generator, tmp_path, ending):
    command = scripted_training(tmp_path, A_WHILE + ending)
    classroom = Classroom(tmp_path / "tiny", command)
    config = TeachingBench(prompt="dress, red", rounds=1, repeats=1)
    with served(tmp_path / "data", generator, None, classroom) as address:
        return measure_teaching(address, config)


@pytest.mark.slow
def test_rounds_beside_a_training_are_compared_with_those_before_it(generator, tmp_path):
    """It takes as long as the stand-in for a training, so that rounds are drawn beside it."""
    figures = measured(generator, tmp_path, PASSES)

    assert figures["beside"].value >= 3
    ratio = figures["grid_beside_s"].value / figures["grid_before_s"].value
    assert figures["slowed"].value == pytest.approx(ratio)
    assert figures["minutes"].value >= 0.1


@pytest.mark.slow
def test_a_training_that_failed_measures_nothing(generator, tmp_path):
    with pytest.raises(BenchError, match="Save more rounds first"):
        measured(generator, tmp_path, FAILS)
