"""The People tab: who may come into a workspace, and what they may do; its owners decide."""

from collections.abc import Sequence
from typing import Any

import gradio as gr

from studio.domain import Role, Visitor
from studio.services.accounts import role_named
from studio.services.studio import Studio
from studio.storage.users import User
from studio.ui.handlers import sent, shows_studio_errors
from studio.ui.scripts import scripted
from studio.ui.visiting import visited
from studio.ui.words import Words

View = dict[str, Any]


def build_people_tab(studio: Studio, words: Words, page: gr.Blocks) -> None:
    """Lay out the tab inside the current Blocks, then wire its events."""
    on = PeopleHandlers(studio, words)
    people = scripted("people", people_view((), studio.visitor, words), words)
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    page.load(visited(on.show), None, people, **quiet)
    for event, handler in (
        (people.let_in, on.let_in),
        (people.let_do, on.let_do),
        (people.renew, on.renew),
        (people.let_out, on.let_out),
    ):
        asked = event(visited(handler), None, people, **quiet)
        asked.failure(visited(on.show), None, people, **quiet)  # what the page shows is so


class PeopleHandlers:
    """What the tab's events do."""

    def __init__(self, studio: Studio, words: Words) -> None:
        self._visitor = studio.visitor
        self._accounts = studio.accounts
        self._studio = studio
        self.words = words

    def of(self, visitor: Visitor) -> "PeopleHandlers":
        """The same for another visitor."""
        return PeopleHandlers(self._studio.of(visitor), self.words)

    @shows_studio_errors
    def show(self) -> View:
        """Everybody, to an owner; nobody, to anybody else."""
        return self._view()

    @shows_studio_errors
    def let_in(self, event: gr.EventData) -> View:
        """Let somebody in by name; the password is shown this once."""
        asked = sent(event)
        name = " ".join(asked.text("name").split())
        role = role_named(asked.text("role"))
        password = self._accounts.let_in_by_new_password(self._visitor, name, role)
        return self._view(name, password)

    @shows_studio_errors
    def let_do(self, event: gr.EventData) -> View:
        """Give somebody another role."""
        asked = sent(event)
        self._accounts.let_do(self._visitor, asked.text("name"), role_named(asked.text("role")))
        return self._view()

    @shows_studio_errors
    def renew(self, event: gr.EventData) -> View:
        """Give somebody another password, which is shown this once."""
        name = sent(event).text("name")
        return self._view(name, self._accounts.give_new_password(self._visitor, name))

    @shows_studio_errors
    def let_out(self, event: gr.EventData) -> View:
        """Let somebody in no longer."""
        self._accounts.let_out(self._visitor, sent(event).text("name"))
        return self._view()

    def _view(self, name: str = "", password: str = "") -> View:
        is_owner = self._visitor.role is Role.OWNER and bool(self._visitor.name)
        people = self._accounts.people_of(self._visitor) if is_owner else ()
        return people_view(people, self._visitor, self.words, name, password)


def people_view(
    people: Sequence[User], visitor: Visitor, words: Words, name: str = "", password: str = ""
) -> View:
    """The tab as the script shows it.

    Args:
        people: everybody of the workspace; nobody for who is no owner.
        visitor: who looks.
        words: of the page.
        name: who has a new password.
        password: that, to be handed on; empty where there is none.
    """
    return {
        "is_owner": bool(people),
        "people": [
            {
                "name": each.name,
                "role": str(each.role),
                "is_self": each.name == visitor.name,
                "has_password": each.source == "password",
            }
            for each in people
        ],
        "roles": [[str(role), words[f"role_{role}"], words[f"may_{role}"]] for role in Role],
        "handed_on": {"name": name, "password": password} if password else None,
    }
