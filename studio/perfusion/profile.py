"""Store profiles: which fields there are, what they may hold, and their numbers for the models.

A schema travels with every checkpoint that was trained on it, because the numbers only mean
something together with the tables that they index. Standard library only.
"""

import difflib
import json
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from studio.domain import ProfileError, ValueKindError
from studio.values import check_plain, json_of

SCHEMA_VERSION = 1
UNKNOWN_ID = 0
"""Every field's table starts with *unknown*."""

STORE_ID = "store_id"
MAX_VALUES = 32
MAX_TEXT_LENGTH = 200
LARGEST_NUMBER = 1e15

FieldKind = Literal["categorical", "multi", "numeric"]
FieldValue = str | float | tuple[str, ...]


@dataclass(frozen=True)
class ProfileField:
    """One question about a store and its possible answers.

    Attributes:
        name: key in JSON.
        label: what a person reads.
        kind: one answer, several answers, or a number that is sorted into bins.
        values: the known answers (not for numbers).
        edges: ascending lower bounds of the second bin, the third and so on (numbers only).
        unseen: answers or bins that exist but that no training profile had.
    """

    name: str
    label: str
    kind: FieldKind
    values: tuple[str, ...] = ()
    edges: tuple[float, ...] = ()
    unseen: tuple[str, ...] = ()

    @property
    def table_size(self) -> int:
        """How many ids there are, *unknown* included."""
        return 1 + len(self.answers)

    @property
    def answers(self) -> tuple[str, ...]:
        """The known answers, or the names of the bins, in the order of their ids."""
        if self.kind != "numeric":
            return self.values
        bounds = [f"{edge:g}" for edge in self.edges]
        return (
            f"below {bounds[0]}",
            *(f"{low} to {high}" for low, high in pairwise(bounds)),
            f"{bounds[-1]} or more",
        )


@dataclass(frozen=True)
class Profile:
    """What a store tells about itself. A field that is absent is *unknown*."""

    fields: tuple[tuple[str, FieldValue], ...]
    version: int = SCHEMA_VERSION

    @classmethod
    def of(cls, **fields: FieldValue | Sequence[str]) -> "Profile":
        """A profile from keyword arguments, e.g. `Profile.of(style=["minimalist"])`."""
        return cls.from_json({"version": SCHEMA_VERSION, "fields": fields})

    @classmethod
    def from_json(cls, data: object) -> "Profile":
        """Check and read `{"version": 1, "fields": {name: value}}`, as text or as parsed JSON.

        Raises:
            ProfileError: anything else, with what is wrong with it.
        """
        try:
            if isinstance(data, str):
                data = json_of("The profile", data)
            check_plain("The profile", data)
        except ValueKindError as error:
            raise ProfileError(f"The profile is not valid JSON. {error}") from error
        if not isinstance(data, Mapping) or not isinstance(data.get("fields"), Mapping):
            raise ProfileError('A profile looks like {"version": 1, "fields": {"style": [...]}}.')
        version = data.get("version")
        if version != SCHEMA_VERSION:
            raise ProfileError(
                f"The profile has version {version!r}; this studio reads version {SCHEMA_VERSION}."
            )
        if len(data["fields"]) > MAX_VALUES:
            raise ProfileError(f"A profile has at most {MAX_VALUES} fields.")
        read = {str(name): _read_value(name, value) for name, value in data["fields"].items()}
        known = tuple((name, value) for name, value in read.items() if value not in (None, ()))
        return cls(tuple(sorted(known, key=lambda item: item[0])))

    def to_json(self) -> str:
        """The text that `from_json` reads; the same profile always gives the same text."""
        fields = {name: _json_value(value) for name, value in self.fields}
        return json.dumps({"version": self.version, "fields": fields}, ensure_ascii=False)

    def __getitem__(self, name: str) -> FieldValue | None:
        return dict(self.fields).get(name)

    def without(self, name: str) -> "Profile":
        """The same profile with one field unknown."""
        return replace(self, fields=tuple(item for item in self.fields if item[0] != name))


@dataclass(frozen=True)
class ProfileNotice:
    """Something in a profile that the model cannot use, and why."""

    field: str
    message: str


@dataclass(frozen=True)
class EncodedProfile:
    """A profile in numbers: for each field of the schema one or more ids of its table."""

    ids: tuple[tuple[int, ...], ...]
    notices: tuple[ProfileNotice, ...] = ()


@dataclass(frozen=True)
class ProfileSchema:
    """The fields that a model was built for, in the order of its tables."""

    fields: tuple[ProfileField, ...]
    version: int = SCHEMA_VERSION

    def encode(self, profile: Profile) -> EncodedProfile:
        """Look the answers up; what training never saw becomes *unknown*, with a notice.

        Raises:
            ProfileError: a field holds another type than the schema says.
        """
        notices = [
            ProfileNotice(name, f"The model has no field “{name}”; it is ignored.{hint}")
            for name, _ in profile.fields
            if (hint := self._unknown_field_hint(name)) is not None
        ]
        ids = []
        for field in self.fields:
            found, unusable = _look_up(field, profile[field.name])
            ids.append(found)
            notices += [
                ProfileNotice(field.name, f"{field.label}: “{answer}” is new to the model.")
                for answer in unusable
            ]
        return EncodedProfile(tuple(ids), tuple(notices))

    def fitted_to(self, profiles: Iterable[Profile]) -> "ProfileSchema":
        """The same schema after a look at the training profiles.

        Store ids become exactly those that occur. Other answers stay on offer, but those that
        never occur are marked as unseen, so that `encode` treats them as *unknown*. Profiles
        that `encode` refuses teach nothing.
        """
        seen: dict[str, set[str]] = {field.name: set() for field in self.fields}
        for profile in profiles:
            with suppress(ProfileError):
                for name, answers in self._answers_of(profile).items():
                    seen[name].update(answers)
        fitted = []
        for field in self.fields:
            if field.name == STORE_ID:
                fitted.append(replace(field, values=tuple(sorted(seen[field.name]))))
            else:
                unseen = tuple(a for a in field.answers if a not in seen[field.name])
                fitted.append(replace(field, unseen=unseen))
        return replace(self, fields=tuple(fitted))

    def extended_to(self, profiles: Iterable[Profile]) -> "ProfileSchema":
        """The schema of a trained model, with the stores and answers that training adds to it."""
        fields = []
        for old, new in zip(self.fields, self.fitted_to(profiles).fields, strict=True):
            added = tuple(value for value in new.values if value not in old.values)
            unseen = tuple(answer for answer in old.unseen if answer in new.unseen)
            fields.append(replace(old, values=old.values + added, unseen=unseen))
        return replace(self, fields=tuple(fields))

    def to_json(self) -> str:
        """The text that `from_json` reads."""
        fields = [
            {
                "name": field.name,
                "label": field.label,
                "kind": field.kind,
                "values": field.values,
                "edges": field.edges,
                "unseen": field.unseen,
            }
            for field in self.fields
        ]
        return json.dumps({"version": self.version, "fields": fields}, ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str) -> "ProfileSchema":
        """Read what `to_json` wrote.

        Raises:
            ProfileError: the text is no schema, or one of another version.
        """
        try:
            data = json.loads(text)
            version = data["version"]
            fields = tuple(
                ProfileField(
                    name=field["name"],
                    label=field["label"],
                    kind=field["kind"],
                    values=tuple(field["values"]),
                    edges=tuple(float(edge) for edge in field["edges"]),
                    unseen=tuple(field["unseen"]),
                )
                for field in data["fields"]
            )
        except (ValueError, KeyError, TypeError) as error:
            raise ProfileError("This file holds no profile schema.") from error
        if version != SCHEMA_VERSION:
            raise ProfileError(
                f"The profile schema has version {version!r}; "
                f"this studio reads version {SCHEMA_VERSION}."
            )
        return cls(fields, version)

    def field(self, name: str) -> ProfileField:
        """The field of that name.

        Raises:
            ProfileError: there is none.
        """
        for field in self.fields:
            if field.name == name:
                return field
        raise ProfileError(f"There is no profile field “{name}”.")

    def _answers_of(self, profile: Profile) -> dict[str, tuple[str, ...]]:
        return {field.name: _answers_given(field, profile[field.name]) for field in self.fields}

    def _unknown_field_hint(self, name: str) -> str | None:
        names = [field.name for field in self.fields]
        if name in names:
            return None
        nearest = difflib.get_close_matches(name, names, n=1)
        return f" Did you mean “{nearest[0]}”?" if nearest else ""


def user_id_schema() -> ProfileSchema:
    """The schema of data that knows no more of a user than a number (Pick-a-Pic)."""
    return ProfileSchema((ProfileField(STORE_ID, "User", "categorical"),))


FASHION_SCHEMA = ProfileSchema(
    (
        ProfileField(STORE_ID, "Store", "categorical"),
        ProfileField(
            "style",
            "Styles",
            "multi",
            (
                "minimalist",
                "luxurious",
                "bohemian",
                "street",
                "office",
                "romantic",
                "sporty",
                "vintage",
            ),
        ),
        ProfileField(
            "price", "Typical price in euros", "numeric", edges=(30.0, 60.0, 120.0, 250.0)
        ),
        ProfileField(
            "age_group",
            "Customers’ age",
            "categorical",
            ("under 20", "20 to 29", "30 to 44", "45 to 59", "60 and over"),
        ),
        ProfileField(
            "region",
            "Region",
            "categorical",
            ("metropolis", "coast", "mountains", "south", "north", "countryside"),
        ),
        ProfileField("season", "Season", "categorical", ("spring", "summer", "autumn", "winter")),
        ProfileField(
            "occasion",
            "Occasions",
            "multi",
            ("everyday", "work", "party", "wedding", "holiday", "sport"),
        ),
        ProfileField(
            "channel",
            "Where it sells",
            "categorical",
            ("boutique", "own web shop", "marketplace", "department store", "live stream"),
        ),
        ProfileField(
            "audience",
            "Taste of its customers",
            "categorical",
            ("mainstream", "fashion-forward", "modest", "conscious", "bargain hunters"),
        ),
    )
)
"""The profile of a fashion store; the atelier's stores and the studio's form use it."""


def schema_for(
    profiles: Sequence[Profile],
    trained: ProfileSchema | None = None,
    own: ProfileSchema | None = None,
) -> ProfileSchema:
    """The schema to train with: the model's own, extended, or a new one.

    Without a model's and without one of the data's own it is a fashion store's, or the store's
    number alone where nothing else is told.

    Args:
        profiles: of the training rounds.
        trained: schema of the model that training starts from.
        own: schema that came with the data.

    Raises:
        ProfileError: profiles have fields, or the data's schema has, that the schema lacks.
    """
    told = {name for profile in profiles for name, _ in profile.fields}
    fallback = user_id_schema() if told <= {STORE_ID} else FASHION_SCHEMA
    schema = trained or own or fallback
    names = {field.name for field in schema.fields}
    wanted = told | ({field.name for field in own.fields} if own else set())
    if unknown := sorted(wanted - names):
        whose = "the model to start from" if trained else "the schema"
        raise ProfileError(
            f"Profiles have the field{'s' if unknown[1:] else ''} "
            f"{', '.join(f'“{name}”' for name in unknown)}, which {whose} does not know."
        )
    return schema.extended_to(profiles) if trained else schema.fitted_to(profiles)


def _read_value(name: object, value: object) -> FieldValue | None:
    if not isinstance(name, str) or len(name) > MAX_TEXT_LENGTH:
        raise ProfileError("The name of a profile field is a short text.")
    if value is None or isinstance(value, str):
        return _short_text(name, value) if value else None
    if isinstance(value, list | tuple):
        if len(value) > MAX_VALUES:
            raise ProfileError(f"“{name}” has {len(value)} values; at most {MAX_VALUES} fit.")
        return tuple(dict.fromkeys(_short_text(name, entry) for entry in value))
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ProfileError(f"“{name}” has to be a text, a number or a list of texts.")
    if not -LARGEST_NUMBER <= value <= LARGEST_NUMBER:  # false for "not a number", too
        raise ProfileError(f"“{name}” has to be a finite number.")
    return float(value)


def _short_text(name: str, text: object) -> str:
    if not isinstance(text, str):
        raise ProfileError(f"The values of “{name}” have to be texts.")
    if len(text) > MAX_TEXT_LENGTH:
        raise ProfileError(f"“{name}” holds more than {MAX_TEXT_LENGTH} characters.")
    return text


def _json_value(value: FieldValue) -> FieldValue | list[str]:
    return list(value) if isinstance(value, tuple) else value


def _answers_given(field: ProfileField, value: FieldValue | None) -> tuple[str, ...]:
    """The answers as they stand in the field's table, or would.

    Raises:
        ProfileError: the value has the wrong type for this field.
    """
    if value is None:
        return ()
    if field.kind == "numeric":
        if not isinstance(value, float):
            raise ProfileError(f"{field.label} has to be a number.")
        return (field.answers[bisect_right(field.edges, value)],)
    if field.kind == "categorical":
        if not isinstance(value, str):
            raise ProfileError(f"{field.label} has to be one text.")
        return (value,)
    if isinstance(value, float):
        raise ProfileError(f"{field.label} has to be a list of texts.")
    return (value,) if isinstance(value, str) else value


def _look_up(
    field: ProfileField, value: FieldValue | None
) -> tuple[tuple[int, ...], tuple[str, ...]]:
    known = {a: index for index, a in enumerate(field.answers, 1) if a not in field.unseen}
    answers = _answers_given(field, value)
    found = tuple(sorted(known[answer] for answer in answers if answer in known))
    return found or (UNKNOWN_ID,), tuple(a for a in answers if a not in known)
