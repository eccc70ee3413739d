"""The book of stores: who designs are for, and what each store tells about itself."""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime

from studio.design.house_rules import NO_RULES, HouseRules
from studio.domain import (
    FIRST_WORKSPACE,
    HouseRulesError,
    ProfileError,
    Store,
    StoreNameError,
    UnknownStoreError,
)
from studio.perfusion.profile import (
    SCHEMA_VERSION,
    STORE_ID,
    Profile,
    ProfileField,
    ProfileSchema,
)
from studio.services.sample_stores import SAMPLE_STORES
from studio.storage.database import Database
from studio.storage.stores import StoreStore

LONGEST_NAME = 60


class StoreBook:
    """Adds, changes, removes and finds stores.

    Args:
        database: where they are kept.
        schema: the questions that the checkpoint's models understand.
    """

    def __init__(self, database: Database, schema: ProfileSchema) -> None:
        self._stores = StoreStore(database)
        self._workspace_id = database.workspace_id
        self._schema = schema

    @property
    def questions(self) -> tuple[ProfileField, ...]:
        """What a store is asked; its own identity is no question."""
        return tuple(field for field in self._schema.fields if field.name != STORE_ID)

    def all(self) -> tuple[Store, ...]:
        """Every store on the list, by name."""
        return self._stores.all()

    def removed(self) -> tuple[Store, ...]:
        """The stores that were taken off the list and can be brought back, by name."""
        return self._stores.removed()

    def get(self, store_id: int) -> Store:
        """A store, removed or not.

        Raises:
            UnknownStoreError: there is no such store.
        """
        return self._stores.get(store_id)

    def add(self, name: str, answers: Mapping[str, object], rules: HouseRules = NO_RULES) -> Store:
        """Put a store on the list.

        Args:
            name: what people call it.
            answers: question -> answer; what is left out is unknown.
            rules: what it never sells.

        Raises:
            StoreNameError: the name is empty or too long.
            ProfileError: an answer does not fit its question.
        """
        name, profile = _checked_name(name), self._checked(answers)
        store_id = self._stores.add(f"store-{uuid.uuid4().hex[:12]}", name, profile)
        if rules != NO_RULES:
            self._stores.set_house_rules(store_id, rules.to_json())
        return self.get(store_id)

    def add_samples(self) -> None:
        """Put the sample stores on the list of a new workspace; removed ones stay removed.

        Each workspace has its own: by one key for all, a model that was taught by one workspace's
        ticks would draw in their taste for everybody.
        """
        own = "" if self._workspace_id == FIRST_WORKSPACE else f"-{self._workspace_id}"
        for sample in SAMPLE_STORES:
            answers = self._checked(sample.answers)
            self._stores.add_if_new(f"{sample.key}{own}", sample.name, answers)

    def change(self, store_id: int, name: str, answers: Mapping[str, object]) -> Store:
        """Replace a store's name and answers; see `add`.

        Raises:
            UnknownStoreError: there is no such store.
        """
        self._stores.change(store_id, _checked_name(name), self._checked(answers))
        return self.get(store_id)

    def house_rules(self, store_id: int | None) -> HouseRules:
        """What a store never sells; nothing for no store.

        Raises:
            UnknownStoreError: there is no such store.
            HouseRulesError: something else wrote them.
        """
        if store_id is None:
            return NO_RULES
        return HouseRules.from_json(self.get(store_id).house_rules)

    def readable_house_rules(self, store_id: int | None) -> HouseRules:
        """The same for showing: none where they can't be read. Rounds are refused then."""
        try:
            return self.house_rules(store_id)
        except HouseRulesError:
            return NO_RULES

    def set_house_rules(self, store_id: int, rules: HouseRules) -> Store:
        """Replace what a store never sells, from its next round on.

        Raises:
            UnknownStoreError: there is no such store.
        """
        self._stores.set_house_rules(store_id, rules.to_json())
        return self.get(store_id)

    def named(self, name: str) -> Store:
        """The store on the list with this name, or this number.

        Raises:
            UnknownStoreError: there is none, or there are several.
        """
        found = [each for each in self.all() if name in (each.name, str(each.id))]
        if len(found) == 1:
            return found[0]
        problem = "Several stores have that name" if found else f"There is no store “{name}”"
        listed = ", ".join(f"{each.id} {each.name}" for each in self.all())
        raise UnknownStoreError(f"{problem}. Say its number: {listed}.")

    def remove(self, store_id: int) -> None:
        """Take a store off the list; its rounds stay, and it can be brought back.

        Raises:
            UnknownStoreError: there is no such store.
        """
        self._stores.remove(store_id, datetime.now(UTC))

    def bring_back(self, store_id: int) -> None:
        """Put a removed store back on the list.

        Raises:
            UnknownStoreError: there is no such store.
        """
        self._stores.bring_back(store_id)

    def answers(self, store: Store) -> dict[str, object]:
        """What a store has answered, by question; nothing where that can't be read any more."""
        try:
            return dict(Profile.from_json(store.profile).fields)
        except ProfileError:
            return {}

    def profile_text(self, store_id: int | None) -> str:
        """A store's whole profile with its own key, as the models and exports take it.

        Returns:
            JSON; empty for no store.

        Raises:
            UnknownStoreError: there is no such store.
        """
        if store_id is None:
            return ""
        store = self.get(store_id)
        fields = {**self.answers(store), STORE_ID: store.key}
        profile = {"version": SCHEMA_VERSION, "fields": fields}
        return Profile.from_json(profile).to_json()

    def find_by_profile(self, profile: str) -> int | None:
        """The store on the list whose key is in a profile of `profile_text`; None if there is none.

        Args:
            profile: JSON that anybody may have written.
        """
        try:
            key = Profile.from_json(profile)[STORE_ID] if profile else None
        except ProfileError:
            return None
        return next((store.id for store in self.all() if store.key == key), None)

    def _checked(self, answers: Mapping[str, object]) -> str:
        profile = Profile.from_json({"version": SCHEMA_VERSION, "fields": dict(answers)})
        profile = profile.without(STORE_ID)
        self._schema.encode(profile)  # refuses answers of the wrong kind
        return profile.to_json()


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise StoreNameError("Give the store a name.")
    if len(name) > LONGEST_NAME:
        raise StoreNameError(f"A store's name has at most {LONGEST_NAME} characters.")
    return name
