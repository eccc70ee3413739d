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


def _0010_tech_packs(connection: sqlite3.Connection) -> None:
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


def _0011_collections(connection: sqlite3.Connection) -> None:
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


def _0012_selling(connection: sqlite3.Connection) -> None:
    """Listings, orders, production, and what comes after launch; events are only ever added."""
    belongs = "INTEGER NOT NULL REFERENCES workspaces (id)"
    of_listing = "INTEGER NOT NULL REFERENCES listings (id) ON DELETE CASCADE"
    for statement in (
        f"""CREATE TABLE listings (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            workspace_id {belongs},
            store_id INTEGER REFERENCES stores (id),
            candidate_id INTEGER NOT NULL,
            number TEXT NOT NULL,
            image TEXT NOT NULL,
            design TEXT NOT NULL,
            title TEXT NOT NULL,
            description TEXT NOT NULL,
            brand TEXT NOT NULL,
            currency TEXT NOT NULL,
            price INTEGER NOT NULL,
            unit_cost INTEGER NOT NULL,
            minimum INTEGER NOT NULL,
            scope TEXT NOT NULL,
            cap INTEGER,
            opens TEXT NOT NULL,
            closes TEXT NOT NULL,
            time_zone TEXT NOT NULL,
            lead_low INTEGER NOT NULL,
            lead_usual INTEGER NOT NULL,
            lead_high INTEGER NOT NULL,
            trigger_at TEXT NOT NULL,
            composition TEXT NOT NULL,
            tolerance INTEGER NOT NULL,
            incoterm TEXT NOT NULL,
            incoterm_place TEXT NOT NULL,
            is_simulated INTEGER NOT NULL,
            shopping_since TEXT,
            made_at TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX listings_by_workspace ON listings (workspace_id)",
        f"""CREATE TABLE lots (
            listing_id {of_listing},
            colour TEXT NOT NULL,
            state TEXT NOT NULL,
            topped_up INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (listing_id, colour)
        ) STRICT, WITHOUT ROWID""",
        f"""CREATE TABLE variants (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            workspace_id {belongs},
            listing_id {of_listing},
            position INTEGER NOT NULL,
            size TEXT NOT NULL,
            colour TEXT NOT NULL,
            sku TEXT NOT NULL,
            gtin TEXT NOT NULL DEFAULT '',
            is_dropped INTEGER NOT NULL DEFAULT 0,
            UNIQUE (workspace_id, sku)
        ) STRICT""",
        "CREATE INDEX variants_by_listing ON variants (listing_id)",
        f"""CREATE TABLE import_batches (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            workspace_id {belongs},
            kind TEXT NOT NULL,
            source TEXT NOT NULL,
            digest TEXT NOT NULL,
            as_of TEXT,
            rows INTEGER NOT NULL,
            taken INTEGER NOT NULL,
            unchanged INTEGER NOT NULL,
            refused INTEGER NOT NULL,
            reasons TEXT NOT NULL,
            made_at TEXT NOT NULL
        ) STRICT""",
        f"""CREATE TABLE orders (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            workspace_id {belongs},
            source TEXT NOT NULL,
            external_id TEXT NOT NULL,
            name TEXT NOT NULL,
            placed_at TEXT NOT NULL,
            as_of TEXT NOT NULL,
            is_firm INTEGER NOT NULL,
            is_paid INTEGER NOT NULL,
            is_fulfilled INTEGER NOT NULL,
            is_simulated INTEGER NOT NULL,
            UNIQUE (workspace_id, source, external_id)
        ) STRICT""",
        "CREATE INDEX orders_by_name ON orders (workspace_id, source, name)",
        """CREATE TABLE order_lines (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            order_id INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
            key TEXT NOT NULL,
            variant_id INTEGER NOT NULL REFERENCES variants (id),
            ordered INTEGER NOT NULL CHECK (ordered >= 0),
            cancelled INTEGER NOT NULL CHECK (cancelled BETWEEN 0 AND ordered),
            returned INTEGER NOT NULL CHECK (returned BETWEEN 0 AND ordered),
            price INTEGER NOT NULL,
            as_of TEXT NOT NULL,
            is_oversold INTEGER NOT NULL DEFAULT 0,
            UNIQUE (order_id, key)
        ) STRICT""",
        "CREATE INDEX order_lines_by_variant ON order_lines (variant_id)",
        f"""CREATE TABLE listing_events (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            listing_id {of_listing},
            colour TEXT NOT NULL,
            at TEXT NOT NULL,
            kind TEXT NOT NULL,
            facts TEXT NOT NULL,
            cause TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX listing_events_by_listing ON listing_events (listing_id, number)",
        """CREATE TRIGGER listing_events_stay BEFORE UPDATE ON listing_events
            BEGIN SELECT RAISE (ABORT, 'events are only ever added'); END""",
        f"""CREATE TABLE production_orders (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            listing_id {of_listing},
            batch INTEGER NOT NULL,
            colour TEXT NOT NULL,
            state TEXT NOT NULL,
            tolerance INTEGER NOT NULL,
            incoterm TEXT NOT NULL,
            incoterm_place TEXT NOT NULL,
            made_at TEXT NOT NULL,
            ship_by TEXT NOT NULL,
            sent_at TEXT,
            digest TEXT NOT NULL DEFAULT '',
            UNIQUE (listing_id, batch)
        ) STRICT""",
        """CREATE TABLE production_lines (
            production_order_id INTEGER NOT NULL
                REFERENCES production_orders (id) ON DELETE CASCADE,
            variant_id INTEGER NOT NULL REFERENCES variants (id),
            quantity INTEGER NOT NULL CHECK (quantity >= 0),
            received INTEGER NOT NULL DEFAULT 0 CHECK (received >= 0),
            PRIMARY KEY (production_order_id, variant_id)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE receipts (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            production_order_id INTEGER NOT NULL
                REFERENCES production_orders (id) ON DELETE CASCADE,
            variant_id INTEGER NOT NULL REFERENCES variants (id),
            pieces INTEGER NOT NULL CHECK (pieces > 0),
            received_at TEXT NOT NULL
        ) STRICT""",
        """CREATE TABLE allocations (
            line_id INTEGER NOT NULL REFERENCES order_lines (id) ON DELETE CASCADE,
            production_order_id INTEGER NOT NULL
                REFERENCES production_orders (id) ON DELETE CASCADE,
            pieces INTEGER NOT NULL CHECK (pieces > 0),
            PRIMARY KEY (line_id, production_order_id)
        ) STRICT, WITHOUT ROWID""",
        f"""CREATE TABLE traffic_days (
            workspace_id {belongs},
            store TEXT NOT NULL,
            item TEXT NOT NULL,
            is_ai INTEGER NOT NULL,
            channel TEXT NOT NULL,
            day TEXT NOT NULL,
            impressions INTEGER NOT NULL,
            clicks INTEGER NOT NULL,
            orders INTEGER NOT NULL,
            returns INTEGER NOT NULL,
            is_simulated INTEGER NOT NULL,
            PRIMARY KEY (workspace_id, is_simulated, store, item, channel, day)
        ) STRICT, WITHOUT ROWID""",
        f"""CREATE TABLE rating_panels (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            workspace_id {belongs},
            name TEXT NOT NULL,
            made_at TEXT NOT NULL
        ) STRICT""",
        """CREATE TABLE rating_items (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            panel_id INTEGER NOT NULL REFERENCES rating_panels (id) ON DELETE CASCADE,
            image TEXT NOT NULL,
            is_ai INTEGER NOT NULL,
            UNIQUE (panel_id, image)
        ) STRICT""",
        """CREATE TABLE ratings (
            item_id INTEGER NOT NULL REFERENCES rating_items (id) ON DELETE CASCADE,
            rater TEXT NOT NULL,
            aspect TEXT NOT NULL,
            score INTEGER NOT NULL CHECK (score BETWEEN 0 AND 2),
            PRIMARY KEY (item_id, rater, aspect)
        ) STRICT, WITHOUT ROWID""",
        f"""CREATE TABLE polls (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            workspace_id {belongs},
            key TEXT NOT NULL UNIQUE,
            title TEXT NOT NULL,
            made_at TEXT NOT NULL
        ) STRICT""",
        """CREATE TABLE poll_votes (
            poll_id INTEGER NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            candidate_id INTEGER NOT NULL,
            voter TEXT NOT NULL,
            PRIMARY KEY (poll_id, candidate_id, voter)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE poll_designs (
            poll_id INTEGER NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            candidate_id INTEGER NOT NULL,
            PRIMARY KEY (poll_id, candidate_id)
        ) STRICT, WITHOUT ROWID""",
    ):
        connection.execute(statement)


def _0013_house_rules(connection: sqlite3.Connection) -> None:
    """What a store never sells."""
    connection.execute("ALTER TABLE stores ADD COLUMN house_rules TEXT NOT NULL DEFAULT ''")


def _0014_packs_and_catalogues(connection: sqlite3.Connection) -> None:
    """What was sent to factories, as it was sent; and what other catalogues offer, by its words."""
    for statement in (
        """CREATE TABLE production_packs (
            production_order_id INTEGER PRIMARY KEY
                REFERENCES production_orders (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            content BLOB NOT NULL
        ) STRICT""",
        """CREATE TABLE catalogue_items (
            workspace_id INTEGER NOT NULL REFERENCES workspaces (id),
            source TEXT NOT NULL,
            handle TEXT NOT NULL,
            title TEXT NOT NULL,
            told TEXT NOT NULL,
            PRIMARY KEY (workspace_id, source, handle)
        ) STRICT, WITHOUT ROWID""",
    ):
        connection.execute(statement)


def _0015_tastes(connection: sqlite3.Connection) -> None:
    """What stores' ticks have taught, version by version, and what models made of the rounds."""
    for statement in (
        """CREATE TABLE tastes (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            store_id INTEGER NOT NULL REFERENCES stores (id) ON DELETE CASCADE,
            before_id INTEGER REFERENCES tastes (id) ON DELETE SET NULL,
            checkpoint TEXT NOT NULL,
            mark TEXT NOT NULL,
            made_at TEXT NOT NULL,
            facts TEXT NOT NULL,
            content BLOB NOT NULL
        ) STRICT""",
        "CREATE INDEX tastes_by_store ON tastes (store_id)",
        "CREATE INDEX tastes_by_before ON tastes (before_id)",
        """CREATE TABLE evidence (
            group_id INTEGER PRIMARY KEY REFERENCES groups (id) ON DELETE CASCADE,
            mark TEXT NOT NULL,
            content BLOB NOT NULL
        ) STRICT""",
    ):
        connection.execute(statement)


def _0016_statements(connection: sqlite3.Connection) -> None:
    """What people say that stores like, and what models made of it."""
    for statement in (
        """CREATE TABLE statements (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            store_id INTEGER NOT NULL REFERENCES stores (id) ON DELETE CASCADE,
            family TEXT NOT NULL,
            value TEXT NOT NULL,
            is_liked INTEGER NOT NULL,
            made_at TEXT NOT NULL,
            withdrawn_at TEXT,
            prompt TEXT NOT NULL,
            designs TEXT NOT NULL,
            mark TEXT NOT NULL DEFAULT '',
            evidence BLOB NOT NULL DEFAULT x''
        ) STRICT""",
        "CREATE INDEX statements_by_store ON statements (store_id)",
    ):
        connection.execute(statement)


def _0017_variety(connection: sqlite3.Connection) -> None:
    """Designs that explore a taste, tastes brought from other studios, and blind tests of them."""
    for statement in (
        "ALTER TABLE candidates ADD COLUMN explores INTEGER NOT NULL DEFAULT 0",
        """CREATE TABLE brought_tastes (
            store_id INTEGER PRIMARY KEY REFERENCES stores (id) ON DELETE CASCADE,
            made_at TEXT NOT NULL,
            content BLOB NOT NULL
        ) STRICT""",
        """CREATE TABLE swap_tests (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            workspace_id INTEGER NOT NULL REFERENCES workspaces (id),
            store_id INTEGER NOT NULL REFERENCES stores (id) ON DELETE CASCADE,
            against_id INTEGER REFERENCES stores (id) ON DELETE CASCADE,
            own_job_id INTEGER NOT NULL,
            other_job_id INTEGER NOT NULL,
            sides TEXT NOT NULL,
            made_at TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX swap_tests_by_store ON swap_tests (store_id)",
        "CREATE INDEX swap_tests_by_against ON swap_tests (against_id)",
        """CREATE TABLE swap_votes (
            test_id INTEGER NOT NULL REFERENCES swap_tests (id) ON DELETE CASCADE,
            place INTEGER NOT NULL,
            vote TEXT NOT NULL,
            made_at TEXT NOT NULL,
            PRIMARY KEY (test_id, place)
        ) STRICT, WITHOUT ROWID""",
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
    _0010_tech_packs,
    _0011_collections,
    _0012_selling,
    _0013_house_rules,
    _0014_packs_and_catalogues,
    _0015_tastes,
    _0016_statements,
    _0017_variety,
)
