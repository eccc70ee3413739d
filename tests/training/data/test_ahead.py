import os

import torch

from training.data.ahead import BatchesAhead


def made(step: int) -> dict[str, torch.Tensor]:
    return {"step": torch.full((3,), step), "process": torch.tensor(os.getpid())}


def test_workers_make_what_is_asked_for_in_order():
    ahead = BatchesAhead(made, workers=2, stride=3)

    batches = [ahead(step) for step in (4, 7, 10, 13)]

    assert [batch["step"].tolist() for batch in batches] == [[4] * 3, [7] * 3, [10] * 3, [13] * 3]
    assert all(batch["process"] != os.getpid() for batch in batches)


def test_another_step_than_the_next_is_made_as_well():
    ahead = BatchesAhead(made, workers=1)

    steps = [ahead(step)["step"][0].item() for step in (0, 1, 9, 10, 3)]

    assert steps == [0, 1, 9, 10, 3]


def test_without_workers_a_batch_is_made_when_it_is_asked_for():
    ahead = BatchesAhead(made, workers=0)

    assert ahead(5)["step"][0] == 5
    assert ahead(5)["process"] == os.getpid()
