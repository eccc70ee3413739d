"""Sessions: what Gradio remembers of each caller, held to what is worth remembering.

Gradio gives every caller a copy of the page's configuration, a sixth of a megabyte, and keeps ten
thousand of them. A program that calls a named endpoint has a new session with each call, and
nothing in it.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from gradio.routes import App
from gradio.state_holder import SessionState, StateHolder

MOST_PAGES = 400
"""Open pages; the one that was used longest ago starts afresh when there are more."""
MOST_CALLS = 24
"""Sessions without a state, which are the same when they are made again."""


class Sessions(StateHolder):
    """Gradio's holder of sessions, which forgets those that hold nothing."""

    def __getitem__(self, session_id: str) -> SessionState:
        """The session with this id; a new one where there is none."""
        with self.lock:
            session = self.session_data.get(session_id)
            if session is None:
                session = self.session_data[session_id] = SessionState(self.blocks)
            self.session_data.move_to_end(session_id)
            self.time_last_used[session_id] = datetime.now()
            self._forget(session_id)
        return session

    def update(self, session_id: str) -> None:
        """A session was used."""
        with self.lock:
            if session_id in self.session_data:
                self.session_data.move_to_end(session_id)

    def _forget(self, used: str) -> None:
        if len(self.session_data) <= MOST_CALLS:
            return
        calls = [each for each, one in self.session_data.items() if not one.state_data]
        pages = [each for each, one in self.session_data.items() if one.state_data]
        for each in (*calls[:-MOST_CALLS], *pages[:-MOST_PAGES]):
            if each != used:
                del self.session_data[each]
                self.time_last_used.pop(each, None)


@asynccontextmanager
async def forgetful(app: App) -> AsyncIterator[None]:
    """Gradio's server with `Sessions`, from its start on."""
    sessions = Sessions()  # type: ignore[no-untyped-call]  # Gradio's own
    sessions.set_blocks(app.get_blocks())
    app.state_holder = sessions
    yield
