"""Learns tastes with one checkpoint's models: looks at rounds, and fits corrections to them."""

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import torch
from PIL import Image
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor, nn

from studio.design.spec import DesignSpec
from studio.domain import TasteError
from studio.perfusion.exploring import most_telling
from studio.perfusion.generator import Generator
from studio.perfusion.kin import embeddings_of, kin_of
from studio.perfusion.profile import Profile, ProfileSchema
from studio.perfusion.reward_model import PerFusionRM, PreparedImages
from studio.perfusion.scoring import prepared
from studio.perfusion.taste import Taste
from studio.perfusion.taste_evidence import Evidence, generator_evidence, reward_evidence
from studio.perfusion.taste_fit import (
    Answered,
    Judged,
    Learning,
    before_any,
    fit,
    learning_of_generator,
    learning_of_reward,
)
from studio.perfusion.user_encoder import UserEncoder, stack_profiles

REWARD, GENERATOR = "reward", "generator"
BETA_OF_DESIGNS, BETA_OF_PICTURES = 60.0, 2_500.0
"""Of the group loss, as the recipes train with them; see `group_loss`."""
GENERATOR_BESIDE_REWARD = 0.25
"""How much the generator's word on a store counts beside the reward model's, which sees more."""
_DIGEST_LENGTH = 16


@dataclass(frozen=True)
class Shown:
    """A round as models look at it.

    Attributes:
        name: tells it from all others.
        prompt: the phrases that were really used.
        designs: what is shown; None where no design is known of a picture.
        pictures: opens what is shown, when it is needed.
    """

    name: str
    prompt: str
    designs: Sequence[DesignSpec | None]
    pictures: Callable[[], Sequence[Image.Image]]


RoundEvidence = Mapping[str, Evidence]
"""Model -> what it makes of a round; a model that can't see the round has no entry."""

AnsweredRound = tuple[RoundEvidence, Sequence[bool]]
"""What was made of a round, and which of its designs were ticked."""


@dataclass(frozen=True)
class Learnt:
    """A taste, and model -> how it does on rounds that it had not seen."""

    taste: Taste
    judged: Mapping[str, Judged]


@dataclass(frozen=True)
class _Kin:
    """A store and its kin as one model knows them: (J, F, V) ids and (J, U) embeddings."""

    users: Tensor
    embeddings: Tensor


class TasteLearner:
    """One checkpoint's models, with frozen weights.

    Args:
        generator: what draws.
        reward_model: what scores; None where the checkpoint has none.
    """

    def __init__(self, generator: Generator, reward_model: PerFusionRM | None) -> None:
        # Its parts as they are now: a generator may become another one.
        self._pipeline = generator.pipeline
        self._defaults = generator.defaults
        self._book = generator.phrasebook
        self._reward_model = reward_model
        network = self._pipeline.adaptive_network
        # A U-Net that waits in another memory comes when it is called as a whole, not in halves.
        self._network = None if hasattr(self._pipeline.unet, "_hf_hook") else network
        self._kin_of: dict[Profile, dict[str, _Kin]] = {}
        for model in (self._pipeline.unet, self._network, reward_model):
            if model is not None:
                model.requires_grad_(False)

    @property
    def can_learn(self) -> bool:
        """Whether any of the models is personal."""
        return self._reward_model is not None or self._network is not None

    @cached_property
    def digest(self) -> str:
        """What tells these models from others: a taste belongs to their weights."""
        digest = hashlib.sha256()
        parts: list[nn.Module] = [] if self._reward_model is None else [self._reward_model.plug_ins]
        if self._network is not None:
            network = self._network
            parts += [network.user_encoder, network.to_latent, network.incoming_conv]
            parts += [network.outgoing_skips, network.outgoing_middle]
        for part in parts:
            for name, value in sorted(part.state_dict().items()):
                digest.update(name.encode())
                digest.update(value.detach().float().cpu().contiguous().numpy().tobytes())
        return digest.hexdigest()[:_DIGEST_LENGTH]

    def mark(self, profile: Profile) -> str:
        """What evidence depends on beside its round: the models, and the profile as they read it.

        Raises:
            ProfileError: a field has the wrong type.
        """
        read = [schema.encode(profile).ids for _, _, schema in self._schemas]
        return hashlib.sha256(f"{self.digest} {read}".encode()).hexdigest()[:_DIGEST_LENGTH]

    def look(
        self, shown: Shown, profile: Profile, images: PreparedImages | None = None
    ) -> RoundEvidence:
        """What the models make of a round for a store and its kin.

        Args:
            shown: the round.
            profile: the store's.
            images: its pictures as the reward model looks at them, where that is known.

        Raises:
            StudioError: a picture or the profile can't be used.
        """
        found: dict[str, Evidence] = {}
        kin = self._kin(profile)
        if self._reward_model is not None:
            found[REWARD] = reward_evidence(
                self._reward_model,
                images or prepared(self._reward_model, shown.pictures()),
                shown.prompt,
                kin[REWARD].users,
                kin[REWARD].embeddings,
            )
        latents = self._latents(shown)
        if latents is not None:
            found[GENERATOR] = generator_evidence(
                self._pipeline,
                latents,
                self._told(shown.prompt),
                kin[GENERATOR].users,
                kin[GENERATOR].embeddings,
                shown.name,
            )
        return found

    def learn(
        self,
        rounds: Sequence[AnsweredRound],
        profile: Profile,
        said: Sequence[AnsweredRound] = (),
    ) -> Learnt:
        """A taste out of what was made of rounds, and which of their designs were ticked.

        Args:
            rounds: evidence and ticks of each.
            profile: the store's, the one that was looked with.
            said: the same of what a person says, shown by designs.

        Raises:
            TasteError: the numbers ran away.
        """
        answered = [*_answered(rounds), *_answered(said, is_said=True)]
        if not answered:
            return Learnt(Taste(), {})
        found = fit(answered, self._learning)
        moved: dict[str, Tensor] = {}
        for model, kin in self._kin(profile).items():
            scale = found.judged[model].scale
            if scale:
                mean = found.likely @ kin.embeddings
                moved[model] = scale * (mean - kin.embeddings[0])
        return Learnt(Taste(moved.get(REWARD), moved.get(GENERATOR)), found.judged)

    @property
    def can_explore(self) -> bool:
        """Whether it can be told which designs would teach most: a reward model is asked."""
        return self._reward_model is not None

    def most_telling(
        self,
        evidence: RoundEvidence,
        rounds: Sequence[AnsweredRound],
        profile: Profile,
        count: int,
        among: Collection[int],
        beside: Collection[int] = (),
    ) -> tuple[int, ...]:
        """Which designs would teach most about a store, after what it has answered.

        Args:
            evidence: what was made of all designs, see `look`.
            rounds: evidence and ticks of each answered round.
            profile: the store's, the one that was looked with.
            count: designs to choose.
            among: places to choose from.
            beside: places that are shown anyway.

        Raises:
            TasteError: the numbers ran away.
        """
        scores = evidence[REWARD].scores * self._learning[REWARD].gain
        answered = _answered(rounds)
        likely = fit(answered, self._learning).likely if answered else before_any(scores.shape[1])
        return most_telling(scores, likely, count, among, beside)

    def mixed(
        self, own: tuple[Profile, Taste], other: tuple[Profile, Taste], share: float
    ) -> Taste:
        """A taste between those of two stores, as it is added to the first one's embeddings.

        Args:
            own: profile and taste of the store that a round is for.
            other: the same of the one that is mixed in.
            share: of the other one, 0 to 1.
        """
        corrections = {REWARD: (own[1].reward, other[1].reward)}
        corrections[GENERATOR] = own[1].generator, other[1].generator
        moved: dict[str, Tensor] = {}
        for model, encoders, schema in self._schemas:
            both = embeddings_of(encoders, schema, [own[0], other[0]])
            first, second = (
                told if told is not None else torch.zeros_like(both[0])
                for told in corrections[model]
            )
            moved[model] = (1 - share) * first + share * (both[1] + second - both[0])
        return Taste(moved.get(REWARD), moved.get(GENERATOR))

    def _kin(self, profile: Profile) -> dict[str, _Kin]:
        """Model -> the store and its kin."""
        known = self._kin_of.get(profile)
        if known is None:
            known = {}
            kin = kin_of(profile, self._schemas[0][2])
            for model, encoders, schema in self._schemas:
                users = stack_profiles([schema.encode(each) for each in kin])
                known[model] = _Kin(users, embeddings_of(encoders, schema, kin))
            self._kin_of = {profile: known}  # rounds come store by store; threads may both ask
        return known

    @property
    def _learning(self) -> dict[str, Learning]:
        found: dict[str, Learning] = {}
        if self._reward_model is not None:
            found[REWARD] = learning_of_reward(self._reward_model.config.temperature)
        if self._network is not None:
            of_designs = self._pipeline.codec is not None
            beta = BETA_OF_DESIGNS if of_designs else BETA_OF_PICTURES
            beside = 1.0 if self._reward_model is None else GENERATOR_BESIDE_REWARD
            found[GENERATOR] = learning_of_generator(beta, beside)
        return found

    @property
    def _schemas(self) -> list[tuple[str, list[UserEncoder], ProfileSchema]]:
        """Each personal model with its user encoders and the questions that it knows."""
        found: list[tuple[str, list[UserEncoder], ProfileSchema]] = []
        if self._reward_model is not None:
            model = self._reward_model
            found.append((REWARD, model.user_encoders, model.schema))
        if self._network is not None:
            found.append((GENERATOR, [self._network.user_encoder], self._network.schema))
        return found

    def _latents(self, shown: Shown) -> Tensor | None:
        """(N, C, H, W) of what a round shows; None where the generator doesn't know it."""
        size_px = self._defaults.height_px, self._defaults.width_px
        decoder = self._pipeline.decoder
        if self._network is None:
            return None
        if self._pipeline.codec is not None:
            designs = [each for each in shown.designs if each is not None]
            if len(designs) < len(shown.designs):
                return None
            return decoder.start_latents([], designs, size_px)
        return decoder.start_latents(shown.pictures(), [], size_px)

    def _told(self, prompt: str) -> str:
        """What the U-Net is told, as in training: plain phrases where there is a phrasebook."""
        return prompt if self._book is None else self._book.parse(prompt).plain_prompt


def _answered(rounds: Sequence[AnsweredRound], *, is_said: bool = False) -> list[Answered]:
    """Those that any model could see."""
    return [
        Answered(evidence, torch.tensor(list(ticked)), is_said)
        for evidence, ticked in rounds
        if evidence
    ]


def evidence_to_bytes(evidence: RoundEvidence) -> bytes:
    """A file of safetensors."""
    written: bytes = save({name: each.scores.contiguous() for name, each in evidence.items()})
    return written


def evidence_from_bytes(content: bytes) -> RoundEvidence:
    """What `evidence_to_bytes` wrote.

    Raises:
        TasteError: it is something else.
    """
    try:
        return {name: Evidence(scores) for name, scores in load(content).items()}
    except (SafetensorError, ValueError, KeyError) as error:
        raise TasteError(
            "What was found in a round can't be read. It is looked at again."
        ) from error
