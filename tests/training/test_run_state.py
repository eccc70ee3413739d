import sys
import types
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from accelerate import Accelerator
from PIL import Image
from torch import nn

from training.config import RunConfig
from training.run_state import (
    OptimiserError,
    batch_indices,
    learning_rate,
    load_state,
    save_state,
    start_state,
    step_generator,
    update_ema,
)
from training.runner import Task, train_step

CONFIG = RunConfig(run="unused", steps=100, learning_rate=1e-2, warmup_steps=10)


def one_step(state):
    """A step whose data are the step's own, as in the loops."""
    inputs = torch.randn(4, 3, generator=step_generator(0, state.step))
    loss = state.model(inputs).square().mean()
    loss.backward()
    state.optimiser.step()
    state.optimiser.zero_grad()
    update_ema(state.ema, state.model, 0.9, state.step)
    state.step += 1
    return loss.item()


def a_task(losses):
    return Task(losses, lambda _: {}, lambda _: Image.new("L", (1, 1)), lambda _: None)


def fresh_state(config=CONFIG):
    torch.manual_seed(0)
    return start_state(nn.Linear(3, 2), config)


def test_parts_of_a_network_may_learn_faster():
    network = nn.Sequential(nn.Linear(3, 2), nn.Linear(2, 2))
    state = start_state(network, CONFIG, {"1.": 10.0})

    task = a_task(lambda model, _: {"loss": model(torch.ones(1, 3)).square().sum()})
    before = [weight.detach().clone() for weight in network.parameters()]
    train_step(state, task, CONFIG, Accelerator(cpu=True))
    moved = [
        float((now.detach() - old).abs().max())
        for now, old in zip(network.parameters(), before, strict=True)
    ]

    # Adam's first update is the rate itself, whatever the gradient.
    rate = learning_rate(0, CONFIG)
    assert moved[:2] == pytest.approx([rate, rate], rel=0.01)
    assert moved[2:] == pytest.approx([10 * rate, 10 * rate], rel=0.01)


def test_ten_steps_equal_five_steps_saved_loaded_and_five_more(tmp_path):
    whole = fresh_state()
    losses = [one_step(whole) for _ in range(10)]
    half = fresh_state()
    first = [one_step(half) for _ in range(5)]
    save_state(half, tmp_path / "state", {})

    resumed = start_state(nn.Linear(3, 2), CONFIG)

    assert load_state(resumed, tmp_path / "state")
    assert first + [one_step(resumed) for _ in range(5)] == losses
    for mine, other in zip(resumed.ema.parameters(), whole.ema.parameters(), strict=True):
        assert torch.equal(mine, other)


class EightBit(torch.optim.AdamW):
    """Keeps its state as bitsandbytes does: steps as a plain number, moments of another kind."""

    def step(self, closure=None):
        super().step(closure)
        for slots in self.state.values():
            slots["step"] = torch.tensor(int(slots["step"]), dtype=torch.float32)
            slots["qmap"] = torch.arange(5, dtype=torch.uint8)


@pytest.fixture
def bitsandbytes(monkeypatch):
    library = types.SimpleNamespace(optim=types.SimpleNamespace(AdamW8bit=EightBit))
    monkeypatch.setitem(sys.modules, "bitsandbytes", library)


def test_biases_are_not_decayed_and_matrices_are():
    config = replace(CONFIG, warmup_steps=0, weight_decay=0.5)
    state = fresh_state(config)
    before = {name: weight.clone() for name, weight in state.model.named_parameters()}

    def nothing(model, step):
        return {"loss": sum(0.0 * weight.sum() for weight in model.parameters())}

    task = a_task(nothing)
    train_step(state, task, config, Accelerator(cpu=True))

    assert torch.equal(state.model.bias, before["bias"])
    torch.testing.assert_close(state.model.weight.data, before["weight"] * (1 - 0.5 * 1e-2))


def test_a_run_with_the_8_bit_optimiser_also_goes_on_as_if_never_stopped(tmp_path, bitsandbytes):
    config = replace(CONFIG, optimiser="adamw-8bit")

    def start():
        torch.manual_seed(0)
        return start_state(nn.Linear(3, 2), config)

    whole, half = start(), start()
    losses = [one_step(whole) for _ in range(6)]
    first = [one_step(half) for _ in range(3)]
    save_state(half, tmp_path / "state", {})
    resumed = start()

    assert isinstance(resumed.optimiser, EightBit)
    assert load_state(resumed, tmp_path / "state")
    assert first + [one_step(resumed) for _ in range(3)] == losses


@pytest.mark.parametrize(
    ("optimiser", "sentence"), [("adamw-8bit", "pip install bitsandbytes"), ("sgd", "not sgd")]
)
def test_an_optimiser_that_is_not_here_is_a_sentence(optimiser, sentence, monkeypatch):
    monkeypatch.setitem(sys.modules, "bitsandbytes", None)

    with pytest.raises(OptimiserError, match=sentence):
        start_state(nn.Linear(3, 2), replace(CONFIG, optimiser=optimiser))


def test_without_a_saved_state_nothing_is_loaded(tmp_path):
    assert not load_state(fresh_state(), tmp_path / "state")


def test_a_crash_between_the_two_renames_leaves_the_older_state(tmp_path):
    state = fresh_state()
    one_step(state)
    save_state(state, tmp_path / "state", {})
    (tmp_path / "state").rename(tmp_path / "state.old")

    resumed = fresh_state()

    assert load_state(resumed, tmp_path / "state")
    assert resumed.step == 1


def test_a_second_crash_while_saving_leaves_the_older_state_too(tmp_path, monkeypatch):
    state = fresh_state()
    one_step(state)
    save_state(state, tmp_path / "state", {})
    (tmp_path / "state").rename(tmp_path / "state.old")

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", crash)
    with pytest.raises(KeyboardInterrupt):
        save_state(state, tmp_path / "state", {})

    assert load_state(fresh_state(), tmp_path / "state")


def test_the_rate_rises_stays_and_falls_to_zero():
    assert learning_rate(0, CONFIG) == pytest.approx(1e-3, rel=1e-3)
    constant = RunConfig(run="", steps=100, learning_rate=1.0, warmup_steps=1, decay_fraction=0.2)
    assert [learning_rate(step, constant) for step in (0, 50, 80)] == [1.0, 1.0, 1.0]
    assert learning_rate(90, constant) == pytest.approx(0.5)
    assert learning_rate(99, constant) < 0.01


def test_every_example_comes_once_per_epoch_whatever_the_batch_size():
    seen = [index for step in range(10) for index in batch_indices(20, 6, seed=0, step=step)]

    assert Counter(seen[:20]) == Counter(range(20))
    assert Counter(seen[20:40]) == Counter(range(20))
    assert seen[:20] != seen[20:40]


def test_a_batch_may_be_larger_than_the_data():
    assert Counter(batch_indices(3, 7, seed=0, step=0)).keys() == {0, 1, 2}


def test_the_average_moves_a_tenth_of_the_way_with_a_decay_of_nine_tenths():
    state = fresh_state()
    start = state.ema.weight.clone()
    with torch.no_grad():
        state.model.weight.add_(1.0)

    update_ema(state.ema, state.model, 0.9, step=1000)

    torch.testing.assert_close(state.ema.weight, start + 0.1)
