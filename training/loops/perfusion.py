"""Trains the generator on rounds: what a store ticked is to become likelier than what it did not.

The story: `build` reads the checkpoint and the export and encodes both once; every update takes a
few rounds, each with one noise and one timestep, and compares policy and reference on them (see
`perfusion_task`); `run` goes on where it left off, judges the result on held-out rounds, and
writes a report. What is trained lies in the run's folder until the gate lets it pass.
"""

import copy
import json
import logging
import shutil
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch
from accelerate import Accelerator
from safetensors import SafetensorError
from torch import nn

from studio.domain import StudioError
from studio.perfusion.adaptive_network import PersonalisedAdaptiveNetwork
from studio.perfusion.checkpoint import (
    load_component,
    load_defaults,
    load_phrasebook,
    load_pipeline,
    save_component,
)
from studio.perfusion.checkpoint_pipeline import CheckpointPipeline
from studio.perfusion.profile import STORE_ID, Profile, ProfileSchema
from studio.perfusion.reward_model import PerFusionRM
from training.config import PerFusionConfig
from training.data.groups import (
    Rounds,
    RoundsError,
    read_rounds,
    split_of,
    with_usable_profiles,
)
from training.data.latent_rounds import (
    LatentGroups,
    ReferenceErrors,
    RoundsUnusableError,
    fingerprint,
    prepare_groups,
)
from training.data.own_fields import schema_to_train, with_users
from training.gate import (
    LARGEST_ERROR_GROWTH,
    LARGEST_ERROR_GROWTH_OF_DESIGNS,
    Verdict,
    judge,
    put_in_service,
)
from training.losses.objective import (
    GroupPreference,
    Objective,
    OnePairPreference,
    PairPreference,
    Supervised,
    UnaryPreference,
    WithSupervised,
)
from training.perfusion_task import CANDIDATE, REFERENCE_FILE, PerFusionTask
from training.policy import AdaptivePolicy, Policy, UnetPolicy, checkpoint_activations
from training.report import Report, curves_of_log, write_report
from training.run_state import RunState, start_state
from training.runner import StoppedError, Task, accelerator_for, run_training
from training.sample_grid import StudioSamples
from training.step_task import Score, StepTask

log = logging.getLogger(__name__)

ADAPTIVE, UNET = "adaptive_network", "unet"
HELD_OUT: dict[str, tuple[str, ...]] = {
    "all": ("validation", "test"),
    "validation": ("validation",),
}
"""Which rounds judge a generator: all that are held out, or, where something is chosen by them,
those for choosing alone."""
LATENTS_FOLDER = "latents"
REWARD_MODEL = "reward_model"
_STORE_PARTS = ("user_encoder.", "to_latent.", "incoming_conv.")
"""Of an adaptive network: what reads a store and writes it into a latent."""
_MAY_CHANGE = {
    "steps", "max_minutes", "save_minutes", "sample_minutes", "log_steps", "run", "serve_unsure",
    "judged_on",
}  # fmt: skip


class RunFolderError(StudioError):
    """The folder of a run can't be used for this one."""


@dataclass(frozen=True)
class Outcome:
    """What came of a run.

    Attributes:
        verdict: of the gate.
        candidate: folder of the trained part, as it would go into service.
        part: name of that part in a checkpoint folder.
        report: the HTML file.
        figures: held-out figures of the candidate.
    """

    verdict: Verdict
    candidate: Path
    part: str
    report: Path
    figures: dict[str, float]

    def put_in_service(self, base: Path, target: Path) -> None:
        """Make the checkpoint `target` of `base` with the trained part; only after a pass.

        Raises:
            ValueError: the gate did not let it pass.
            CheckpointError: it can't be written; nothing changed.
        """
        if not self.verdict.passed:
            raise ValueError("What the gate keeps back does not go into service.")
        self.write_checkpoint(base, target)

    def write_checkpoint(self, base: Path, target: Path) -> None:
        """The same whatever the gate said: for comparisons, not for service.

        An adaptive network belongs to one U-Net, so a new U-Net leaves the old one's behind.

        Raises:
            CheckpointError: it can't be written; nothing changed.
        """

        def write(fresh: Path) -> None:
            if self.part == UNET:
                shutil.rmtree(fresh / ADAPTIVE, ignore_errors=True)
            save_component(fresh, self.part, load_component(self.candidate, self.part))

        put_in_service(base, target, write)


def run(config: PerFusionConfig, accelerator: Accelerator | None = None) -> Outcome | None:
    """Train, judge and report.

    Returns:
        What came of it; None in all processes but the first.

    Raises:
        StudioError: the export, the checkpoint or the run's folder can't be used. Nothing that
            was there before has changed.
        StoppedError: a person stopped it before its end.
    """
    accelerator = accelerator or accelerator_for(config)
    try:
        return _run(config, accelerator)
    except (OSError, SafetensorError) as error:
        raise RunFolderError(
            f"The run in {config.run} could not be read or written ({error}). Make room on the "
            "disk, then start the same command again: it goes on from the last whole state."
        ) from error


def _run(config: PerFusionConfig, accelerator: Accelerator) -> Outcome | None:
    _check_run_folder(config)
    task, state, rounds = build(config, accelerator)
    config = task.config
    # At this point the model is the generator in service, whatever the run's folder holds.
    writes = accelerator.is_main_process
    before = task.diagnose(state.model) if writes else None
    grid_before = task.samples(state.model) if writes else None
    journey = Task(None, task.evaluate, task.samples, task.export, task.accumulate)
    figures = run_training(state, journey, config, accelerator)
    if state.interrupted:
        raise StoppedError(
            f"Stopped after {state.step} of {config.steps} steps, and saved in {config.run}. The "
            "same command goes on from there."
        )
    if grid_before is None:
        return None

    candidate = load_component(
        Path(config.run) / CANDIDATE, config.trains, device=str(accelerator.device)
    )
    after = task.diagnose(candidate)  # as it is on disk, half precision and all
    verdict = judge(after, before, _largest_growth(task.pipeline), config.serve_unsure)
    start_figures = {} if before is None else before.figures()
    report = Report(
        "Training the generator on rounds",
        verdict,
        _facts(config, rounds, task),
        {name: (start_figures[name], figures[name]) for name in start_figures if name in figures},
        curves_of_log(Path(config.run) / "log.jsonl"),
        (
            (f"Before. {task.studio_samples.told}", grid_before),
            ("After: the same requests, drawn in the same way.", task.samples(candidate)),
        ),
    )
    path = write_report(report, Path(config.run))
    log.info("%s", " ".join(verdict.reasons))
    return Outcome(verdict, Path(config.run) / CANDIDATE, config.trains, path, figures)


def build(
    config: PerFusionConfig, accelerator: Accelerator
) -> tuple[PerFusionTask, RunState, Rounds]:
    """Everything before the first step; the rounds come back with what was left out, and why."""
    torch.manual_seed(config.seed)
    checkpoint = Path(config.checkpoint)
    rounds = _read(config)
    pipeline = load_pipeline(checkpoint, device=str(accelerator.device))
    pipeline.unet.to(memory_format=torch.channels_last)
    defaults = load_defaults(checkpoint)
    network = pipeline.adaptive_network
    schema = schema_to_train(rounds, None if network is None else network.schema)
    with accelerator.main_process_first():  # it encodes; the others find what it kept
        data, rounds = prepare_groups(
            with_usable_profiles(rounds, schema),
            pipeline,
            schema,
            (defaults.height_px, defaults.width_px),
            Path(config.run).parent / LATENTS_FOLDER,
            load_phrasebook(checkpoint),
        )
    data = data.to(accelerator.device)
    train, held_out = _split(data, rounds, config.judged_on)
    _check_stores(train, config)
    model, policy = _policy(config, pipeline, schema)
    if config.gradient_checkpointing:
        checkpoint_activations(model, pipeline.unet)
    config = _with_fitting_schedule(config, train)
    log.info("process %d of %d", accelerator.process_index + 1, accelerator.num_processes)

    faster = dict.fromkeys(_STORE_PARTS, config.store_rate_factor)
    state = start_state(model.to(accelerator.device), config, faster)
    origin = f"{fingerprint(pipeline.unet)} {config.seed} {config.prompt_dropout}"
    origin += f" {config.lowest_timestep} {config.highest_timestep}"
    errors = ReferenceErrors(train.groups, config.draws_per_round, origin)
    errors.load(Path(config.run) / REFERENCE_FILE)
    objective, forget = objective_of(config), _forget(schema, config)
    judges = HELD_OUT[config.judged_on]
    of_split = [each for each in rounds.rounds if split_of(each) in judges] or rounds.rounds
    samples = StudioSamples.of(of_split, config.sample_prompts, checkpoint)
    parts = (
        config, pipeline, policy, objective, train, held_out, forget, errors, accelerator, samples,
    )  # fmt: skip
    task = StepTask(*parts, _scorer(config)) if config.objective == STEPS else PerFusionTask(*parts)
    return task, state, rounds


def objective_of(config: PerFusionConfig) -> Objective:
    """What is minimised: the objective by its name, a preference loss with Eq. 1 beside it."""
    objective: Objective = OBJECTIVES[config.objective](config.beta)
    if config.objective not in _PREFERENCES or not config.supervised_weight:
        return objective
    return WithSupervised(objective, config.supervised_weight * config.beta)


def _largest_growth(pipeline: CheckpointPipeline) -> float:
    return LARGEST_ERROR_GROWTH if pipeline.codec is None else LARGEST_ERROR_GROWTH_OF_DESIGNS


def effective_learning_rate(config: PerFusionConfig, images_per_round: float) -> float:
    """The rate that the optimiser uses.

    Diffusion-DPO's scripts, and so the paper's 1e-8, mean a rate per image: it is multiplied by
    the images of an update. Ours is the rate itself unless `scale_rate_by_batch` asks for that.
    """
    if not config.scale_rate_by_batch:
        return config.learning_rate
    return config.learning_rate * config.batch_size * images_per_round


def _supervised(_beta: float) -> Objective:
    return Supervised()


STEPS = "steps"
OBJECTIVES: dict[str, Any] = {
    "group": GroupPreference,
    "one-pair": OnePairPreference,
    "pairs": PairPreference,
    "unary": UnaryPreference,
    "supervised": _supervised,
    STEPS: PairPreference,  # on transition errors, see `step_task`
}
_PREFERENCES = ("group", "one-pair", "pairs", "unary")
"""Those that compare errors of images, which fall when what was not ticked is drawn badly."""


def _read(config: PerFusionConfig) -> Rounds:
    if config.trains not in (ADAPTIVE, UNET):
        raise RunFolderError(f"`trains` is {ADAPTIVE} or {UNET}, not {config.trains}.")
    if config.objective not in OBJECTIVES:
        known = ", ".join(OBJECTIVES)
        raise RunFolderError(f"`objective` is one of {known}, not {config.objective}.")
    if config.judged_on not in HELD_OUT:
        known = ", ".join(HELD_OUT)
        raise RunFolderError(f"`judged_on` is one of {known}, not {config.judged_on}.")
    try:
        return with_users(read_rounds(Path(config.rounds)))
    except RoundsError as error:
        raise RoundsUnusableError(
            f"{error} Export the rounds again with this version of the studio."
        ) from error


def _split(data: LatentGroups, rounds: Rounds, judged_on: str) -> tuple[LatentGroups, LatentGroups]:
    split = {each.id: split_of(each) for each in rounds.rounds}
    train = data.part({name for name, part in split.items() if part == "train"})
    if not train.groups:
        raise RoundsUnusableError(
            f"None of the rounds is for training: {rounds.report()}. Save more rounds, then "
            "export again."
        )
    held_out = HELD_OUT[judged_on]
    return train, data.part({name for name, part in split.items() if part in held_out})


def _check_stores(train: LatentGroups, config: PerFusionConfig) -> None:
    stores = {group.user for group in train.groups}
    if config.trains == ADAPTIVE and len(stores) < 2:
        raise RoundsUnusableError(
            "All of these rounds are of one store, and what is personal only shows beside "
            "others. Save rounds of another store too; the simulated ones will do, see "
            "`python -m training.atelier.market` in docs/commands.md."
        )


def _policy(
    config: PerFusionConfig, pipeline: CheckpointPipeline, schema: ProfileSchema
) -> tuple[nn.Module, Policy]:
    if config.trains == UNET:
        model = copy.deepcopy(pipeline.unet).requires_grad_(True)
        return model.train(), UnetPolicy(pipeline.unet)
    if pipeline.adaptive_network is not None:
        network = pipeline.adaptive_network.with_schema(schema)
    else:
        network = PersonalisedAdaptiveNetwork.from_unet(
            pipeline.unet,
            schema,
            field_width=config.field_width,
            cross_layers=config.cross_layers,
            incoming=config.incoming,
        )
    network = network.requires_grad_(True).train().to(memory_format=torch.channels_last)
    return network, AdaptivePolicy(pipeline.unet)


def _with_fitting_schedule(config: PerFusionConfig, train: LatentGroups) -> PerFusionConfig:
    """The rate that the optimiser uses, and no more updates than the rounds are good for."""
    rounds = len(train.groups)
    rate = effective_learning_rate(
        config, sum(len(group.images) for group in train.groups) / rounds
    )
    steps = config.steps
    if config.most_visits:
        steps = min(steps, -(-rounds * config.most_visits // config.batch_size))
    log.info(
        "%d rounds to learn from, %d updates; effective learning rate %.3g", rounds, steps, rate
    )
    return replace(config, learning_rate=rate, scale_rate_by_batch=False, steps=steps)


def _scorer(config: PerFusionConfig) -> Score:
    """The checkpoint's reward model: personal for an adaptive network, general for a U-Net."""
    reward_model = PerFusionRM.from_pretrained(Path(config.checkpoint) / REWARD_MODEL)

    def score(images: torch.Tensor, prompt: str, profile: Profile) -> torch.Tensor:
        scores = reward_model.score(images, prompt, profile)
        return scores.total if config.trains == ADAPTIVE else scores.general

    return score


def _forget(schema: ProfileSchema, config: PerFusionConfig) -> torch.Tensor:
    return torch.tensor(
        [
            config.forget_store if field.name == STORE_ID else config.forget_field
            for field in schema.fields
        ]
    )


def _check_run_folder(config: PerFusionConfig) -> None:
    """Refuse to go on with a run that was started with other settings."""
    facts = Path(config.run) / "state" / "facts.json"
    if not facts.exists():
        return
    try:
        before = json.loads(facts.read_text(encoding="utf-8"))["config"]
    except (OSError, ValueError, KeyError) as error:
        raise RunFolderError(
            f"{facts} can't be read. Delete {config.run}, or choose another folder for the run."
        ) from error
    now = json.loads(json.dumps(asdict(config)))
    unlike = [
        f"{name} was {before[name]}"
        for name in now
        if name not in {*_MAY_CHANGE, "learning_rate", "scale_rate_by_batch"}
        and before.get(name, now[name]) != now[name]
    ]
    if unlike:
        raise RunFolderError(
            f"{config.run} holds a run with other settings ({', '.join(unlike)}). Choose another "
            "folder for this run, or delete that one."
        )


def _facts(config: PerFusionConfig, rounds: Rounds, task: PerFusionTask) -> dict[str, str]:
    return {
        "trained": config.trains,
        "objective": f"{config.objective}, beta {config.beta:g}",
        "from": config.checkpoint,
        "rounds": f"{config.rounds}: {rounds.report()}",
        "to learn from": f"{len(task.train.groups)} rounds",
        "held out": f"{len(task.held_out.groups)} rounds",
        "effective learning rate": f"{config.learning_rate:g}",
        "updates": f"{config.steps} of {config.batch_size} rounds",
        "timesteps": f"{config.lowest_timestep} to {config.highest_timestep}",
        "seed": str(config.seed),
    }
