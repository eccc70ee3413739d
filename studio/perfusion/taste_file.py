"""A store's taste as a small file: what its answers were made of, for the same models elsewhere.

A file holds no picture and no phrase. It holds what the store tells of itself, and of each
answered round how its designs were scored for the store's kin and which of them were ticked: from
that a taste is learnt again to the last bit, and goes on learning. It says which models that
belongs to, and a checksum tells whether it came through whole.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from studio.domain import ProfileError, TasteError, ValueKindError
from studio.perfusion.kin import COUNT
from studio.perfusion.profile import STORE_ID, Profile
from studio.perfusion.taste_evidence import Evidence
from studio.perfusion.taste_learner import GENERATOR, REWARD, AnsweredRound
from studio.values import json_of, text

VERSION = "1"
LARGEST_FILE = 8 * 2**20
MOST_ROUNDS = 200
_LONGEST_NAME = 60
_LONGEST_MARK = 64
_LARGEST_SCORE = 1e4
"""No model of ours is so sure of anything."""
_TICKED = "ticked"
_KINDS = (REWARD, GENERATOR)
_HEADER_LENGTH = 8
_LARGEST_HEADER = 2**20

_UNREADABLE = (
    "That is no taste that this studio can read: it is another kind of file, or it came through "
    "damaged. Ask for it to be saved and sent again."
)
_ABSURD = (
    "That file holds numbers that no round of any store can have given, so nothing was taken from "
    "it. Ask for it to be saved and sent again."
)


@dataclass(frozen=True)
class TasteFile:
    """What a file says.

    Attributes:
        name: of the store.
        profile: what it tells of itself, without its key.
        checkpoint: digest of the models that looked at the rounds.
        mark: of those models and that profile, see `TasteLearner.mark`.
        rounds: evidence and ticks of each answered round, newest first; at most 200.
    """

    name: str
    profile: Profile
    checkpoint: str
    mark: str
    rounds: Sequence[AnsweredRound]

    def to_bytes(self) -> bytes:
        """A file of safetensors whose metadata say the rest."""
        tensors: dict[str, Tensor] = {}
        for number, (evidence, ticked) in enumerate(self.rounds[:MOST_ROUNDS]):
            tensors[f"{number}.{_TICKED}"] = torch.tensor(list(ticked), dtype=torch.uint8)
            for model, each in evidence.items():
                tensors[f"{number}.{model}"] = each.scores.float().contiguous()
        told = {
            "version": VERSION,
            "name": self.name,
            "profile": self.profile.without(STORE_ID).to_json(),
            "checkpoint": self.checkpoint,
            "mark": self.mark,
        }
        written: bytes = save(tensors, {**told, "digest": _digest(told, tensors)})
        return written

    @classmethod
    def from_bytes(cls, content: bytes) -> "TasteFile":
        """What `to_bytes` wrote; it may come from anybody.

        Raises:
            TasteError: it is something else, damaged, of another version, or absurd.
        """
        if len(content) > LARGEST_FILE:
            raise TasteError(_UNREADABLE)
        try:
            tensors, told = load(content), _told(content)
            if told["version"] != VERSION:
                raise TasteError(
                    f"That taste was saved by another version of the studio ({told['version']}). "
                    "Bring both to the same version."
                )
            if told.pop("digest") != _digest(told, tensors):
                raise TasteError(_UNREADABLE)
            return cls(
                name=told["name"],
                profile=Profile.from_json(told["profile"]).without(STORE_ID),
                checkpoint=told["checkpoint"],
                mark=told["mark"],
                rounds=_rounds(tensors),
            )
        except (SafetensorError, KeyError, ValueError, ValueKindError, ProfileError) as error:
            raise TasteError(_UNREADABLE) from error


def _told(content: bytes) -> dict[str, str]:
    """The metadata in a file of safetensors.

    Raises:
        KeyError, ValueError, ValueKindError: there are none.
    """
    length = int.from_bytes(content[:_HEADER_LENGTH], "little")
    if length > _LARGEST_HEADER:
        raise ValueError("no header of ours is so long")
    header = content[_HEADER_LENGTH : _HEADER_LENGTH + length].decode()
    record = json_of("The taste", header)["__metadata__"]
    return {
        name: text(name, record[name], longest)
        for name, longest in {
            "version": _LONGEST_MARK,
            "name": _LONGEST_NAME,
            "profile": 20_000,
            "checkpoint": _LONGEST_MARK,
            "mark": _LONGEST_MARK,
            "digest": _LONGEST_MARK,
        }.items()
    }


def _digest(told: Mapping[str, str], tensors: Mapping[str, Tensor]) -> str:
    digest = hashlib.sha256(json.dumps(dict(told), sort_keys=True).encode())
    for name in sorted(tensors):
        digest.update(f"{name} {tensors[name].dtype} {list(tensors[name].shape)}".encode())
        digest.update(tensors[name].contiguous().numpy().tobytes())
    return digest.hexdigest()


def _rounds(tensors: Mapping[str, Tensor]) -> tuple[AnsweredRound, ...]:
    """The rounds in order.

    Raises:
        TasteError: one of them can't have come from a store.
    """
    count = sum(name.endswith(f".{_TICKED}") for name in tensors)
    if not 0 < count <= MOST_ROUNDS:
        raise TasteError(_ABSURD)
    found = []
    for number in range(count):
        ticked = tensors[f"{number}.{_TICKED}"]
        is_sound = ticked.dim() == 1 and ticked.dtype == torch.uint8 and len(ticked) > 0
        if not is_sound or int(ticked.max()) > 1:
            raise TasteError(_ABSURD)
        evidence = {
            model: Evidence(_checked(tensors[f"{number}.{model}"], len(ticked)))
            for model in _KINDS
            if f"{number}.{model}" in tensors
        }
        found.append((evidence, [bool(each) for each in ticked.tolist()]))
    return tuple(found)


def _checked(scores: Tensor, designs: int) -> Tensor:
    is_sound = (
        scores.dtype == torch.float32
        and scores.shape == (designs, COUNT + 1)
        and bool(scores.isfinite().all())
        and bool((scores.abs() <= _LARGEST_SCORE).all())
    )
    if not is_sound:
        raise TasteError(_ABSURD)
    return scores
