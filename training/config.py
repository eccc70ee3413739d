"""The configuration of every training command: a recipe file plus overrides.

A recipe is a TOML file with one table per command. `--set key=value` changes one value of the
command's own table, `--set tiles.key=value` one of the drawings'. Unknown keys are errors.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

Settings = TypeVar("Settings")


class ConfigError(Exception):
    """A recipe or an override that cannot be used; the message says which and why."""


@dataclass(frozen=True, kw_only=True)
class TilesConfig:
    """Which designs, and pictures of them, there are to learn from."""

    folder: str = "runs/tiles"
    """Where designs and their pictures are kept."""
    count: int = 20_000
    """Pictures to learn from."""
    held_out: int = 1_000
    """Further designs and pictures, for checking only."""
    seed: int = 1
    """Of the designs."""
    workers: int = 2
    """Processes that draw."""


@dataclass(frozen=True, kw_only=True)
class RunConfig:
    """What all training runs have in common."""

    run: str
    """Folder of this run's state, log and sample pictures."""
    checkpoint: str = "checkpoints/atelier"
    """Folder that the trained part is written to."""
    init_from: str = ""
    """Checkpoint folder whose weights a new run starts from; empty for random weights."""
    tiles: TilesConfig = field(default_factory=TilesConfig)
    """The drawings' own settings: the table `tiles`."""
    seed: int = 0
    """Everything random in the run derives from it."""
    steps: int = 1_000
    """Optimiser updates."""
    batch_size: int = 32
    """Examples of an update: designs, pictures with captions, or rounds."""
    learning_rate: float = 1e-3
    """Highest rate of AdamW."""
    warmup_steps: int = 100
    """The rate rises over so many steps."""
    decay_fraction: float = 1.0
    """Last part of the run in which the rate falls to zero along a cosine; 0 keeps it constant."""
    weight_decay: float = 0.01
    """Of AdamW."""
    gradient_clip: float = 1.0
    """Largest norm of the gradient."""
    optimiser: str = "adamw"
    """`adamw`, or `adamw-8bit`: a quarter of the memory, needs bitsandbytes and a GPU."""
    ema_decay: float = 0.999
    """Of the averaged weights, which are the ones that are saved as a checkpoint."""
    mixed_precision: str = "no"
    """`no`, or `bf16`: quicker on a GPU, and on a CPU that has bfloat16 instructions."""
    compile: bool = False
    """Compile the network first: some minutes at the start, a fifth more speed afterwards."""
    max_minutes: float = 0.0
    """Stop cleanly after so long; 0 for no limit."""
    save_minutes: float = 10.0
    """Between two saved states."""
    sample_minutes: float = 10.0
    """Between two sample pictures."""
    log_steps: int = 10
    """Between two lines of the log."""
    evaluation_tiles: int = 256
    """Held-out pictures used for the figures at the end."""


@dataclass(frozen=True, kw_only=True)
class ClipConfig(RunConfig):
    """Contrastive training of the text tower and the image tower."""

    run: str = "runs/clip"
    steps: int = 2_000
    batch_size: int = 256
    weight_decay: float = 0.05
    ema_decay: float = 0.99
    image_size_px: int = 160
    """Side of the square that the image tower sees."""
    patch_size_px: int = 16
    """Side of a patch."""
    vision_width: int = 128
    """Of the image tower."""
    vision_layers: int = 6
    """Of the image tower."""
    vision_heads: int = 4
    """Of the image tower."""
    text_width: int = 128
    """Of the text tower."""
    text_layers: int = 4
    """Of the text tower."""
    text_heads: int = 4
    """Of the text tower."""
    context_tokens: int = 77
    """Longest prompt, in tokens."""
    projection_width: int = 128
    """Of the space that both towers share."""
    attribute_weight: float = 10.0
    """Weight of the error of naming attributes from features; the heads are dropped."""
    figure_weight: float = 0.25
    """What hair, skin, build and pose count in it, beside 1 for each family of the garment."""
    short_caption_share: float = 0.15
    """Share of captions with a few phrases only."""


@dataclass(frozen=True, kw_only=True)
class TextConfig(RunConfig):
    """Training of the generator's text encoder."""

    run: str = "runs/text"
    designs: int = 20_000
    """Of the world, to learn from."""
    steps: int = 500
    batch_size: int = 128
    learning_rate: float = 2e-3
    warmup_steps: int = 50
    ema_decay: float = 0.99
    width: int = 128
    """Of the text encoder."""
    layers: int = 4
    """Of the text encoder."""
    heads: int = 4
    """Of its attention."""
    context_tokens: int = 77
    """Longest prompt, in tokens."""
    short_caption_share: float = 0.3
    """Share of captions with a few phrases only."""
    whole_caption_share: float = 0.1
    """Share of captions that tell all there is to tell."""


@dataclass(frozen=True, kw_only=True)
class UnetConfig(RunConfig):
    """Training of the U-Net that makes designs."""

    run: str = "runs/unet"
    designs: int = 100_000
    """Of the world, to learn from."""
    steps: int = 8_000
    batch_size: int = 96
    learning_rate: float = 2e-3
    warmup_steps: int = 200
    decay_fraction: float = 0.6
    weight_decay: float = 1e-3
    ema_decay: float = 0.999
    widths: tuple[int, ...] = (96,)
    """Channels of each level, largest first; each halves height and width."""
    layers_per_level: int = 1
    """Residual blocks of each level."""
    transformer_layers: int = 1
    """In each attention block."""
    head_width: int = 32
    """Of an attention head."""
    train_timesteps: int = 1_000
    """Noise levels."""
    timestep_power: float = 0.6
    """1 meets all noise alike, less meets much noise more often: that is where designs are
    decided."""
    told_weight: float = 10.0
    """Of the errors of what a prompt tells, where all else weighs 1."""
    prompt_dropout: float = 0.12
    """Share of captions that tell nothing."""
    short_caption_share: float = 0.45
    """Share of captions of 1 to 4 phrases, as people type them."""
    whole_caption_share: float = 0.1
    """Share of captions that tell all there is to tell."""
    guidance_scale: float = 1.0
    """Of the sample pictures."""
    sample_steps: int = 12
    """Denoising steps, of the sample pictures and of the checkpoint."""
    preview_every: int = 4
    """Of the checkpoint: steps between two previews."""
    evaluation_designs: int = 1_000
    """Held-out designs whose error is measured."""
    evaluation_images: int = 400
    """Designs to sample at every save."""


@dataclass(frozen=True, kw_only=True)
class PerFusionConfig(RunConfig):
    """Personalisation of the generator on rounds, and what it is compared with.

    The defaults of rate, beta and timesteps are those that were measured to learn with designs,
    whose latents have some hundred numbers; see docs/log.md.
    """

    run: str = "runs/perfusion"
    rounds: str = "runs/market"
    """Folder of the export of rounds."""
    serve_unsure: bool = False
    """Whether what seems better may serve even where the interval of the gain reaches zero."""
    trains: str = "adaptive_network"
    """`adaptive_network` on the frozen U-Net, or `unet`: the whole U-Net, for all stores alike."""
    objective: str = "group"
    """`group` (Eq. 18), `one-pair` (Diffusion-DPO as published), `pairs` (the same on all pairs),
    `supervised` (Eq. 1), `unary` (KTO) or `steps` (SPO)."""
    judged_on: str = "all"
    """Rounds that judge it: `all` that are held out, or `validation` alone, to choose by."""
    beta: float = 60.0
    """Pull towards the reference, see studio/perfusion/group_loss.py; SPO's own choice is 10."""
    supervised_weight: float = 0.1
    """Of Eq. 1 on ticked images beside `group`, `one-pair`, `pairs` and `unary`, in units of beta;
    the paper has none. It keeps such a loss from falling because what was not ticked is drawn
    badly."""
    steps: int = 900
    batch_size: int = 16
    """Rounds of an update, over all processes together."""
    learning_rate: float = 5e-4
    store_rate_factor: float = 1.0
    """By how much the rate of what reads a store, and writes it into a latent, is higher: 10 for a
    new network, whose copied encoder knows its work and whose store parts know nothing."""
    scale_rate_by_batch: bool = False
    """Multiply the rate by the images of an update, as the paper's 1e-8 is meant."""
    warmup_steps: int = 20
    decay_fraction: float = 0.5
    ema_decay: float = 0.99
    lowest_timestep: int = 300
    """Of the noise that is trained on; below it a design is settled."""
    highest_timestep: int = 999
    """Of the noise that is trained on."""
    draws_per_round: int = 16
    """Noise draws that a round meets in turn; the reference's errors on them are kept."""
    most_visits: int = 12
    """A round is met so often at most: small exports take fewer updates; 0 for no limit."""
    prompt_dropout: float = 0.1
    """Share of rounds trained without a prompt, for guidance."""
    pure_noise_share: float = 0.0
    """Share of a round's draws that are pure noise, where its images are one input and cost one
    pass; only for noise schedules that end in it."""
    forget_store: float = 0.3
    """Chance that a round's store id is unknown, so that new stores work from other fields."""
    forget_field: float = 0.05
    """The same for each other field."""
    gradient_checkpointing: bool = False
    """Compute activations again in place of keeping them: less memory, a third more time."""
    images_per_pass: int = 128
    """Images in the network at once; larger updates are computed exactly in several passes."""
    incoming: str = "identity"
    """How the adaptive network's incoming layer starts; `zero` is the paper's."""
    field_width: int = 8
    """Length of a profile field's embedding."""
    cross_layers: int = 3
    """Crossing layers of the store."""
    evaluation_rounds: int = 80
    """Held-out rounds for the figures while training."""
    evaluation_draws: int = 4
    """Noise draws on each of them."""
    sample_prompts: int = 4
    """Prompts of the sample pictures."""
    guidance_scale: float = 1.0
    """Of the latents whose diversity is measured; sample pictures have the checkpoint's own."""
    sample_steps: int = 12
    """Denoising steps of those latents."""


@dataclass(frozen=True, kw_only=True)
class RewardConfig(RunConfig):
    """Training of the reward model's plug-in on rounds.

    What describes the plug-in's shape holds for a new one only, and so does `temperature`: a run
    that goes on from a trained one (`init_from`) keeps them. Rate and batch are for going on with
    a few hundred rounds; training/recipes/reward.toml has those of a new plug-in.
    """

    run: str = "runs/reward"
    rounds: str = "runs/market"
    """Folder of the export of rounds."""
    serve_unsure: bool = False
    """Whether what seems better may serve even where the interval of the gain reaches zero."""
    backbone: str = ""
    """Folder or Hub id of the image-text model; empty for the checkpoint's own CLIP."""
    variant: str = "full"
    """`full`, `shared`, `vision-only` or `text-only`."""
    injection: str = "input"
    """Where the shifts are added: `input` of the sub-layer, or `normed`, after its norm."""
    field_width: int = 16
    """Length of a profile field's embedding."""
    cross_layers: int = 3
    """Crossing layers of the store."""
    cross: str = "vector"
    """`vector` as in the paper (DCN v1), or `matrix` (DCN v2)."""
    hidden_width: int = 32
    """Inside the small networks of the plug-in."""
    text_first_steps: int = 1_000
    """Updates in which only the text tower is personal: exact, and many times cheaper."""
    steps: int = 200
    """Updates after that, with all towers."""
    batch_size: int = 32
    learning_rate: float = 5e-4
    weight_decay: float = 0.3
    ema_decay: float = 0.99
    forget_store: float = 0.6
    """Chance that a round's store id is unknown, so that new stores work from other fields."""
    forget_field: float = 0.1
    """The same for each other field."""
    only_store_id: bool = False
    """Know nothing of a store but its id."""
    temperature: float = 1.0
    """The backbone's logits are divided by it in the loss; not with `paper_literal`."""
    paper_literal: bool = False
    """Train on bare cosines in place of the backbone's logits, whatever `temperature` says."""
    evaluate_steps: int = 100
    """Between two looks at the held-out rounds."""
    patience: int = 4
    """Stop a stage after so many evaluations without a better GAUC."""
    validation_rounds: int = 800
    """Held-out rounds that decide when to stop."""


@dataclass(frozen=True, kw_only=True)
class GeneralTasteConfig(RunConfig):
    """Training of what the reward model is compared with, on the same rounds."""

    run: str = ""
    steps: int = 300
    batch_size: int = 64
    learning_rate: float = 3e-4
    warmup_steps: int = 20
    ema_decay: float = 0.98
    evaluate_steps: int = 50
    """Between two looks at the held-out rounds."""


@dataclass(frozen=True, kw_only=True)
class SmallBackboneConfig(RunConfig):
    """Small backbones of three kinds, trained alike, for comparing the reward model on them."""

    run: str = ""
    steps: int = 500
    batch_size: int = 96
    learning_rate: float = 2e-3
    warmup_steps: int = 30
    log_steps: int = 50
    width: int = 64
    """Of both towers."""
    layers: int = 3
    """Of each tower."""
    heads: int = 4
    """Of attention."""
    image_size_px: int = 96
    """Side of the square that the image tower sees."""
    patch_size_px: int = 16
    """Side of a patch."""
    context_tokens: int = 40
    """Longest prompt, in tokens."""
    attribute_weight: float = 10.0
    """Weight of naming attributes beside matching captions."""
    figure_weight: float = 0.25
    """What hair, skin, build and pose count in it."""
    short_caption_share: float = 0.3
    """Share of captions with a few phrases only."""


COMMANDS: dict[str, type[Any]] = {
    "tiles": TilesConfig,
    "text": TextConfig,
    "clip": ClipConfig,
    "unet": UnetConfig,
}


PARTS: dict[str, type[Any]] = {"reward": RewardConfig, "generator": PerFusionConfig}
"""What `training.finetune` trains, in this order."""

EVALUATED: dict[str, type[Any]] = {
    "general": GeneralTasteConfig,
    "small-reward": RewardConfig,
    "backbone": SmallBackboneConfig,
}
"""What `training.evaluate reward` trains beside the reward model."""

TABLES = {**COMMANDS, **PARTS, **EVALUATED}


def load_config(command: str, recipe: Path | None, overrides: Sequence[str] = ()) -> Any:
    """The configuration of one command.

    Args:
        command: one of TABLES.
        recipe: TOML file with a table per command; None for the defaults.
        overrides: `key=value` strings, values as in TOML (quotes may be left out).

    Raises:
        ConfigError: an unknown table or key, a value of the wrong type, or unreadable TOML.
    """
    tables = _read_recipe(recipe) if recipe else {}
    own: dict[str, object] = dict(tables.get(command, {}))
    tiles: dict[str, object] = dict(tables.get("tiles", {}))
    for key, value in settings_of(overrides).items():
        name = key.removeprefix("tiles.")
        (tiles if name != key else own)[name] = value
    if command == "tiles":
        return apply_settings(TilesConfig(), {**tiles, **own})
    chosen = apply_settings(TABLES[command](), own)
    return replace(chosen, tiles=apply_settings(TilesConfig(), tiles))


def settings_of(overrides: Sequence[str]) -> dict[str, object]:
    """`key=value` strings as settings, values as in TOML (quotes may be left out).

    Raises:
        ConfigError: one of them has no `=`.
    """
    settings: dict[str, object] = {}
    for override in overrides:
        key, separator, text = override.partition("=")
        if not separator:
            raise ConfigError(f"Write --set key=value, not {override!r}.")
        settings[key.strip()] = _parse_value(text.strip())
    return settings


def apply_settings(settings: Settings, changes: Mapping[str, object]) -> Settings:
    """A copy of a settings dataclass with some values changed, each checked against its type.

    Raises:
        ConfigError: an unknown key or a value of the wrong type.
    """
    hints = get_type_hints(type(settings))
    known = [entry.name for entry in fields(settings) if entry.name != "tiles"]  # type: ignore[arg-type]  # a dataclass
    for key in changes:
        if key not in known:
            raise ConfigError(f"Unknown setting {key!r}. Known: {', '.join(known)}.")
    checked = {key: _checked(key, value, hints[key]) for key, value in changes.items()}
    return replace(settings, **checked)  # type: ignore[type-var]  # a dataclass


def _read_recipe(path: Path) -> dict[str, dict[str, object]]:
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"Cannot read the recipe {path}: {error}") from error
    for name, table in tables.items():
        if name not in TABLES or not isinstance(table, dict):
            raise ConfigError(f"Unknown table [{name}] in {path}. Known: {', '.join(TABLES)}.")
        apply_settings(TABLES[name](), table)
    return tables


def _parse_value(text: str) -> object:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _checked(key: str, value: object, wanted: Any) -> object:
    if wanted is float and type(value) is int:
        return float(value)
    if get_origin(wanted) is tuple and isinstance(value, list):
        inner = get_args(wanted)[0]
        if all(type(item) is inner for item in value):
            return tuple(value)
    if type(value) is wanted:
        return value
    name = getattr(wanted, "__name__", str(wanted))
    raise ConfigError(f"Setting {key!r} must be {name}, not {value!r}.")
