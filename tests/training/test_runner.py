import json
import os
import signal
import time

import pytest
import torch
from accelerate import Accelerator
from PIL import Image
from torch import nn

from training.config import RunConfig
from training.run_state import start_state, step_generator
from training.runner import DivergedError, Task, progress_bar, run_training


def config_in(folder, **changes):
    settings = {"steps": 6, "warmup_steps": 1, "log_steps": 1, "decay_fraction": 0.0, **changes}
    return RunConfig(run=str(folder), **settings)


class Practice:
    """A small real training whose journey can be disturbed at a step."""

    def __init__(self, disturb=None, looking=None):
        self.disturb = disturb
        self.looking = looking
        self.exported: list[nn.Module] = []

    def losses(self, model, step):
        if self.disturb is not None:
            self.disturb(step)
        inputs = torch.randn(8, 3, generator=step_generator(0, step))
        return {"loss": model(inputs).square().mean()}

    def evaluate(self, model):
        if self.looking is not None:
            self.looking()
        return {"size": float(next(model.parameters()).abs().mean())}

    def run(self, config):
        torch.manual_seed(0)
        accelerator = Accelerator(cpu=True)
        state = start_state(nn.Linear(3, 2), config)
        state.model, state.optimiser = accelerator.prepare(state.model, state.optimiser)
        task = Task(
            losses=self.losses,
            evaluate=self.evaluate,
            samples=lambda model: Image.new("RGB", (4, 4)),
            export=self.exported.append,
        )
        figures = run_training(state, task, config, accelerator)
        self.interrupted = state.interrupted
        return figures


def losses_by_step(folder):
    lines = map(json.loads, (folder / "log.jsonl").read_text(encoding="utf-8").splitlines())
    return {line["step"]: line["loss"] for line in lines if "loss" in line}


@pytest.mark.parametrize("stop_signal", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_step_saves_exports_and_can_be_gone_on_from(tmp_path, stop_signal):
    def stop_in_third_step(step):
        if step == 2:
            os.kill(os.getpid(), stop_signal)

    stopped = Practice(stop_in_third_step)
    stopped.run(config_in(tmp_path / "stopped"))
    assert list(losses_by_step(tmp_path / "stopped")) == [1, 2, 3]
    assert len(stopped.exported) == 1

    Practice().run(config_in(tmp_path / "stopped"))
    Practice().run(config_in(tmp_path / "whole"))

    assert losses_by_step(tmp_path / "stopped") == losses_by_step(tmp_path / "whole")


@pytest.mark.parametrize("save_minutes", [0.0, 60.0])
def test_a_signal_while_held_out_data_is_looked_at_does_not_wait_for_the_end(
    tmp_path, save_minutes
):
    def stopped_in_a_long_look():
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(60)

    started = time.monotonic()
    stopped = Practice(looking=stopped_in_a_long_look)
    assert stopped.run(config_in(tmp_path / "stopped", save_minutes=save_minutes)) == {}

    assert time.monotonic() - started < 20
    assert stopped.interrupted
    figures = Practice().run(config_in(tmp_path / "stopped"))
    assert figures == Practice().run(config_in(tmp_path / "whole"))
    assert losses_by_step(tmp_path / "stopped") == losses_by_step(tmp_path / "whole")


def test_who_asks_to_stop_is_not_kept_waiting_by_pictures_and_figures(tmp_path):
    def stop(step):
        os.kill(os.getpid(), signal.SIGTERM)

    looked = []
    stopped = Practice(stop, looking=lambda: looked.append(1))
    stopped.run(config_in(tmp_path))

    assert stopped.interrupted
    assert not looked
    assert not (tmp_path / "samples").exists()


def test_the_first_update_is_told_at_once_however_rarely_the_log_is_written(tmp_path, caplog):
    caplog.set_level("INFO")

    Practice().run(config_in(tmp_path, log_steps=1000))

    told = [line for line in caplog.messages if "loss" in line]
    assert "step 1 " in told[0]
    assert len(told) == 2  # the other one is of the end, as quick updates need no more
    assert list(losses_by_step(tmp_path)) == [6]


def test_a_run_out_of_time_stops_cleanly(tmp_path):
    practice = Practice()

    figures = practice.run(config_in(tmp_path, steps=10**6, max_minutes=0.002))

    assert figures.keys() == {"size"}
    assert 1 <= len(losses_by_step(tmp_path)) < 10**6
    assert len(practice.exported) == 1


def test_a_compiled_network_learns_the_same(tmp_path):
    """Compiling changes the speed only; the saved weights keep their names."""
    plain, compiled = Practice(), Practice()
    plain.run(config_in(tmp_path / "plain"))

    compiled.run(config_in(tmp_path / "compiled", compile=True))

    expected, found = plain.exported[-1].state_dict(), compiled.exported[-1].state_dict()
    assert found.keys() == expected.keys()
    torch.testing.assert_close(found, expected)


def test_a_finished_run_is_evaluated_and_exported_again_without_training(tmp_path):
    first = Practice().run(config_in(tmp_path))

    again = Practice()

    assert again.run(config_in(tmp_path)) == first
    assert len(losses_by_step(tmp_path)) == 6
    assert len(again.exported) == 1


def test_the_averaged_model_is_what_gets_exported(tmp_path):
    practice = Practice()

    figures = practice.run(config_in(tmp_path, ema_decay=0.5))

    assert figures["size"] == pytest.approx(
        float(next(practice.exported[0].parameters()).abs().mean()), abs=1e-5
    )


def test_the_log_tells_speed_and_time_left(tmp_path):
    Practice().run(config_in(tmp_path))

    line = json.loads((tmp_path / "log.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert line["samples_per_second"] > 0
    assert line["minutes_left"] >= 0
    assert (tmp_path / "samples" / "000006.png").exists()


def test_the_bar_fills_up():
    assert progress_bar(0, 10, 4) == "[....]"
    assert progress_bar(5, 10, 4) == "[##..]"
    assert progress_bar(10, 10, 4) == "[####]"


def test_a_loss_that_is_no_number_ends_a_run_and_what_was_saved_stays(tmp_path):
    Practice().run(config_in(tmp_path, steps=2))

    class Broken(Practice):
        def losses(self, model, step):
            return {"loss": next(model.parameters()).sum() * float("nan")}

    broken = Broken()
    with pytest.raises(DivergedError, match=r"update 3 is no number.*Lower the learning rate"):
        broken.run(config_in(tmp_path, steps=4))

    assert not broken.exported
    facts = json.loads((tmp_path / "state" / "facts.json").read_text(encoding="utf-8"))
    assert facts["step"] == 2
