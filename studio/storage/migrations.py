"""The database's versions, as numbered functions; the newest is last, none is ever edited."""

import sqlite3
from collections.abc import Callable


def _0001_rounds(connection: sqlite3.Connection) -> None:
    """Groups with their candidates, selections with their ticks, and jobs."""
    for statement in (
        """CREATE TABLE groups (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            parent_id INTEGER REFERENCES groups (id) ON DELETE SET NULL,
            request TEXT NOT NULL,
            prompt TEXT NOT NULL,
            made_at TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX groups_by_parent ON groups (parent_id)",
        """CREATE TABLE candidates (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            group_id INTEGER NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            seed INTEGER NOT NULL,
            image TEXT NOT NULL,
            UNIQUE (group_id, position),
            UNIQUE (group_id, id)
        ) STRICT""",
        """CREATE TABLE selections (
            group_id INTEGER PRIMARY KEY REFERENCES groups (id) ON DELETE CASCADE,
            made_at TEXT NOT NULL
        ) STRICT""",
        """CREATE TABLE ticks (
            group_id INTEGER NOT NULL REFERENCES selections (group_id) ON DELETE CASCADE,
            candidate_id INTEGER NOT NULL,
            PRIMARY KEY (group_id, candidate_id),
            FOREIGN KEY (group_id, candidate_id) REFERENCES candidates (group_id, id)
                ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE jobs (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            request TEXT NOT NULL,
            state TEXT NOT NULL,
            message TEXT NOT NULL DEFAULT '',
            group_id INTEGER REFERENCES groups (id) ON DELETE SET NULL,
            made_at TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX jobs_by_state ON jobs (state)",
    ):
        connection.execute(statement)


def _0002_stores_and_history(connection: sqlite3.Connection) -> None:
    """Stores, who a round was for, stars, and deleting that can be undone."""
    for statement in (
        """CREATE TABLE stores (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            key TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            profile TEXT NOT NULL,
            removed_at TEXT
        ) STRICT""",
        "ALTER TABLE groups ADD COLUMN store_id INTEGER REFERENCES stores (id)",
        "ALTER TABLE groups ADD COLUMN favourite INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE groups ADD COLUMN deleted_at TEXT",
        "CREATE INDEX groups_by_store ON groups (store_id)",
        "ALTER TABLE selections ADD COLUMN profile TEXT NOT NULL DEFAULT ''",
    ):
        connection.execute(statement)


def _0003_who_drew_it(connection: sqlite3.Connection) -> None:
    """The checkpoint that drew a round."""
    connection.execute("ALTER TABLE groups ADD COLUMN checkpoint TEXT NOT NULL DEFAULT ''")


def _0004_how_long_it_took(connection: sqlite3.Connection) -> None:
    """The seconds that drawing a round took."""
    connection.execute("ALTER TABLE groups ADD COLUMN seconds REAL")


def _0005_favourite_phrases(connection: sqlite3.Connection) -> None:
    """Phrases to use again."""
    connection.execute(
        "CREATE TABLE favourite_phrases (phrase TEXT PRIMARY KEY, kept_at TEXT NOT NULL) STRICT"
    )


def _0006_what_lots_settled(connection: sqlite3.Connection) -> None:
    """The phrases that a candidate was drawn from beyond those asked for."""
    connection.execute("ALTER TABLE candidates ADD COLUMN lots TEXT NOT NULL DEFAULT ''")


def _0007_loose_images(connection: sqlite3.Connection) -> None:
    """Pictures of this database's own making that no row names, and since when."""
    connection.execute(
        "CREATE TABLE loose_images (image TEXT PRIMARY KEY, since TEXT NOT NULL) STRICT"
    )


def _0008_designs(connection: sqlite3.Connection) -> None:
    """What each candidate shows, as JSON; and candidates by their pictures."""
    connection.execute("ALTER TABLE candidates ADD COLUMN design TEXT NOT NULL DEFAULT ''")
    connection.execute("CREATE INDEX candidates_by_image ON candidates (image)")


def _0009_workspaces(connection: sqlite3.Connection) -> None:
    """Whose everything is: all that is there already belongs to the first workspace.

    Keys of stores and favourite phrases become unique within a workspace. SQLite can't change
    that of a table that is there, so the two are made again with the same rows.
    """
    belongs = "INTEGER NOT NULL DEFAULT 1 REFERENCES workspaces (id)"
    starts = "json_each(iif(json_valid(request), request, '{}'), '$.start_images')"
    for statement in (
        """CREATE TABLE workspaces (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL UNIQUE,
            made_at TEXT NOT NULL
        ) STRICT""",
        "INSERT INTO workspaces (id, name, made_at) VALUES (1, 'studio', datetime('now'))",
        """CREATE TABLE users (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            source TEXT NOT NULL,
            key TEXT NOT NULL,
            name TEXT NOT NULL,
            password TEXT NOT NULL DEFAULT '',
            role TEXT NOT NULL,
            workspace_id INTEGER NOT NULL REFERENCES workspaces (id),
            made_at TEXT NOT NULL,
            UNIQUE (source, key)
        ) STRICT""",
        """CREATE TABLE logins (
            token TEXT PRIMARY KEY,
            user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            ends_at TEXT NOT NULL
        ) STRICT""",
        """CREATE TABLE brought_pictures (
            workspace_id INTEGER NOT NULL REFERENCES workspaces (id),
            image TEXT NOT NULL,
            PRIMARY KEY (workspace_id, image)
        ) STRICT, WITHOUT ROWID""",
        f"""INSERT OR IGNORE INTO brought_pictures (workspace_id, image)
            SELECT 1, CAST(value AS TEXT) FROM groups, {starts} UNION
            SELECT 1, CAST(value AS TEXT) FROM jobs, {starts} UNION
            SELECT 1, image FROM loose_images""",
        f"ALTER TABLE groups ADD COLUMN workspace_id {belongs}",
        "CREATE INDEX groups_by_workspace ON groups (workspace_id)",
        f"ALTER TABLE jobs ADD COLUMN workspace_id {belongs}",
        f"""CREATE TABLE new_stores (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            workspace_id {belongs},
            key TEXT NOT NULL,
            name TEXT NOT NULL,
            profile TEXT NOT NULL,
            removed_at TEXT,
            UNIQUE (workspace_id, key)
        ) STRICT""",
        "INSERT INTO new_stores (id, key, name, profile, removed_at) "
        "SELECT id, key, name, profile, removed_at FROM stores",
        "DROP TABLE stores",
        "ALTER TABLE new_stores RENAME TO stores",
        f"""CREATE TABLE new_phrases (
            workspace_id {belongs},
            phrase TEXT NOT NULL,
            kept_at TEXT NOT NULL,
            PRIMARY KEY (workspace_id, phrase)
        ) STRICT""",
        "INSERT INTO new_phrases (phrase, kept_at) SELECT phrase, kept_at FROM favourite_phrases",
        "DROP TABLE favourite_phrases",
        "ALTER TABLE new_phrases RENAME TO favourite_phrases",
    ):
        connection.execute(statement)


def _0011_tech_packs(connection: sqlite3.Connection) -> None:
    """What people have set by hand in tech packs, and the states of packs that were taken away."""
    for statement in (
        """CREATE TABLE corrections (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            candidate_id INTEGER NOT NULL REFERENCES candidates (id) ON DELETE CASCADE,
            field TEXT NOT NULL,
            value TEXT NOT NULL,
            made_at TEXT NOT NULL,
            made_by TEXT NOT NULL,
            undone_at TEXT
        ) STRICT""",
        "CREATE INDEX corrections_by_candidate ON corrections (candidate_id)",
        """CREATE TABLE revisions (
            candidate_id INTEGER NOT NULL REFERENCES candidates (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            digest TEXT NOT NULL,
            made_at TEXT NOT NULL,
            PRIMARY KEY (candidate_id, number)
        ) STRICT, WITHOUT ROWID""",
    ):
        connection.execute(statement)


def _0014_collections(connection: sqlite3.Connection) -> None:
    """Collections of designs out of any rounds, in an order that people choose."""
    for statement in (
        """CREATE TABLE collections (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            workspace_id INTEGER NOT NULL REFERENCES workspaces (id),
            name TEXT NOT NULL,
            notes TEXT NOT NULL DEFAULT '',
            revision INTEGER NOT NULL DEFAULT 0,
            made_at TEXT NOT NULL,
            deleted_at TEXT
        ) STRICT""",
        """CREATE TABLE collected (
            collection_id INTEGER NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
            candidate_id INTEGER NOT NULL REFERENCES candidates (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            name TEXT NOT NULL DEFAULT '',
            price TEXT NOT NULL DEFAULT '',
            note TEXT NOT NULL DEFAULT '',
            PRIMARY KEY (collection_id, candidate_id)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX collected_by_candidate ON collected (candidate_id)",
    ):
        connection.execute(statement)


MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (
    _0001_rounds,
    _0002_stores_and_history,
    _0003_who_drew_it,
    _0004_how_long_it_took,
    _0005_favourite_phrases,
    _0006_what_lots_settled,
    _0007_loose_images,
    _0008_designs,
    _0009_workspaces,
    _0011_tech_packs,
    _0014_collections,
)
