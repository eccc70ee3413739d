"""Ann and Bea use one studio. Bea tries in every way we know to come at what is Ann's."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from gradio_client import Client
from gradio_client.exceptions import AuthenticationError
from PIL import Image

from studio.domain import GenerationRequest, Role
from studio.doors.policy import DoorPolicy
from studio.services.accounts import Accounts
from studio.services.recipe import Recipe, png_with_recipe
from studio.storage.database import Database
from tests.doors.people import PASSWORD, Person, Reply, WaitingGenerator, rows_of
from tests.serving import served, wait_until

ASKS = DoorPolicy(login="password")
STORE, PHRASE = "Ann's hidden boutique", "ann's unheard-of phrase"


@dataclass(frozen=True)
class Theirs:
    """What is Ann's, and Bea's own round to try with."""

    round: int
    candidate: int
    image: str
    deleted: int
    job: int
    running: int
    store: int
    brought: str
    page: str
    event: str
    cookie: str
    mine: int
    my_candidate: int
    my_store: int
    secrets: tuple[str, ...]


@dataclass(frozen=True)
class Scene:
    """The two, and the studio."""

    address: str
    data: Path
    ann: Person
    bea: Person
    vic: Person
    theirs: Theirs


def draw(person: Person, prompt: str, seed: int, store: int | None = None) -> dict[str, Any]:
    job = told(person.call("generate", prompt, 2, seed, store))

    def is_done() -> bool:
        job.update(told(person.call("job", job["job_id"])))
        return job["state"] not in ("queued", "running")

    wait_until(is_done, 60)
    assert job["state"] == "done", job
    return {**told(person.call("round", job["round_id"])), "job_id": job["job_id"]}


def told(reply: Reply) -> Any:
    [answer] = re.findall(r"event: complete\ndata: (.*)", reply.text)
    return json.loads(answer)[0]


def a_picture_with_a_recipe(start_image: str = "") -> bytes:
    recipe = Recipe(
        request=GenerationRequest(prompt="dress, red", num_candidates=1, variation=0.5),
        prompt="dress, red",
        seed=1,
        num_inference_steps=1,
        guidance_scale=1.0,
        checkpoint="tiny",
        start_images=(start_image,) if start_image else (),
    )
    return png_with_recipe(Image.new("RGB", (32, 64), "green"), recipe)


def recipe_text(start_image: str) -> str:
    with Image.open(BytesIO(a_picture_with_a_recipe(start_image))) as picture:
        text: str = picture.info["perfusion"]
    return text


def prepared(address: str, ann: Person, bea: Person) -> Theirs:
    """Ann uses everything; the last of her rounds goes on being drawn."""
    store = told(ann.call("add_store", STORE, {}))["id"]
    told(ann.call("keep_phrase", PHRASE))
    drawn = draw(ann, "dress, red", 1, store)
    told(ann.call("select", drawn["round_id"], [drawn["candidates"][0]["id"]]))
    told(ann.call("star", drawn["round_id"]))
    deleted = draw(ann, "skirt, navy", 50)
    told(ann.call("delete", deleted["round_id"]))
    brought = ann.ask("POST", "/references", a_picture_with_a_recipe()).json["image"]
    mine = draw(bea, "dress, midi", 900)
    begun = ann.send("/gradio_api/call/round", {"data": [drawn["round_id"]]}).json["event_id"]
    shown = ann.event("round_list", "find", search="", store_id=None, favourites=False,
                      before_id=None)  # fmt: skip
    assert "thumbnails" in shown.text
    running = told(ann.call("generate", "dress, maxi", 1, 7))["job_id"]
    wait_until(lambda: ann.get(f"/previews/{running}/0.jpg").status == 200, 60)
    images = [each["image"].split("/")[1].split(".")[0] for each in drawn["candidates"]]
    other = [each["image"].split("/")[1].split(".")[0] for each in deleted["candidates"]]
    return Theirs(
        round=drawn["round_id"],
        candidate=drawn["candidates"][0]["id"],
        image=images[0],
        deleted=deleted["round_id"],
        job=drawn["job_id"],
        running=running,
        store=store,
        brought=brought,
        page=ann.page,
        event=begun,
        cookie=ann.cookie,
        mine=mine["round_id"],
        my_candidate=mine["candidates"][0]["id"],
        my_store=told(bea.call("stores"))[0]["id"],
        secrets=(STORE, json.dumps(STORE)[1:-1], PHRASE, *images, *other),
    )


@pytest.fixture(scope="module")
def scene(generator, tmp_path_factory) -> Iterator[Scene]:
    data = tmp_path_factory.mktemp("data")
    waiting = WaitingGenerator(generator)
    database = Database(data / "studio.db")
    accounts = Accounts(database)
    accounts.add("Ann", PASSWORD, workspace="ann's")
    accounts.add("Vic", PASSWORD, Role.VIEWER, workspace="ann's")
    accounts.add("Bea", PASSWORD, workspace="bea's")
    database.close()
    with served(data, waiting, policy=ASKS) as address:
        ann, bea, vic = (Person.logged_in(address, name) for name in ("ann", "bea", "vic"))
        yield Scene(address, data, ann, bea, vic, prepared(address, ann, bea))
        waiting.go_on.set()


Way = Callable[[Person, Theirs], Reply]

CALLS: dict[str, Callable[[Theirs], tuple[Any, ...]]] = {
    "her round": lambda t: ("round", t.round),
    "her deleted round": lambda t: ("round", t.deleted),
    "none of hers": lambda t: ("select", t.round, []),
    "hers unanswered": lambda t: ("unselect", t.round),
    "her tick elsewhere": lambda t: ("select", t.round, [t.candidate]),
    "her design in my round": lambda t: ("select", t.mine, [t.candidate]),
    "more of hers": lambda t: ("more", t.round, [t.candidate], 1),
    "more of hers by my round": lambda t: ("more", t.mine, [t.candidate], 1),
    "her design changed": lambda t: ("change", t.round, t.candidate, ["colour"], 1),
    "her design changed by my round": lambda t: ("change", t.mine, t.candidate, ["colour"], 1),
    "a star for hers": lambda t: ("star", t.round, True),
    "her star taken away": lambda t: ("star", t.round, False),
    "hers deleted": lambda t: ("delete", t.round),
    "hers put back": lambda t: ("undelete", t.deleted),
    "her job": lambda t: ("job", t.job),
    "her running job": lambda t: ("job", t.running),
    "her job cancelled": lambda t: ("cancel", t.job),
    "her running job cancelled": lambda t: ("cancel", t.running),
    "a job that comes next cancelled": lambda t: ("cancel", t.running + 1),
    "the history": lambda t: ("history",),
    "the history by her phrases": lambda t: ("history", "red"),
    "the history of her store": lambda t: ("history", "", t.store),
    "the starred ones": lambda t: ("history", "", None, True),
    "the deleted ones": lambda t: ("history", "", None, False, None, True),
    "the history below everything": lambda t: ("history", "", None, False, 2**40),
    "the stores": lambda t: ("stores",),
    "her store changed": lambda t: ("change_store", t.store, "Bea's", {}),
    "her store removed": lambda t: ("remove_store", t.store),
    "her store brought back": lambda t: ("bring_back_store", t.store),
    "a round for her store": lambda t: ("generate", "dress", 1, 3, t.store),
    "her store compared": lambda t: ("compare", "dress", t.store, t.my_store, 1, 3),
    "mine compared with hers": lambda t: ("compare", "dress", t.my_store, t.store, 1, 3),
    "scores of hers": lambda t: ("scores", t.round),
    "scores of hers for my store": lambda t: ("scores", t.round, t.my_store),
    "scores of mine for her store": lambda t: ("scores", t.mine, t.store),
    "the pack of her design": lambda t: ("pack", t.candidate),
    "the pack of her design, corrected": lambda t: ("correct", t.candidate, "note.hem", "3 cm"),
    "the pack of her design, undone": lambda t: ("undo_correction", t.candidate, "note.hem"),
    "the favourites": lambda t: ("favourites",),
    "her people": lambda t: ("users",),
    "her let out": lambda t: ("remove_user", "Ann"),
    "her made a viewer": lambda t: ("change_user", "ann", "viewer"),
    "her viewer made an owner": lambda t: ("change_user", "vic", "owner"),
    "her favourite dropped": lambda t: ("keep_phrase", PHRASE[:-1], False),
}
LOOKS: dict[str, Callable[[Theirs], str]] = {
    "her picture": lambda t: f"/images/{t.image}.png",
    "her picture, large": lambda t: f"/large/{t.image}.png",
    "her picture, small": lambda t: f"/thumbnails/{t.image}.png",
    "what she brought": lambda t: f"/images/{t.brought}.png",
    "what she brought, large": lambda t: f"/large/{t.brought}.png",
    "her previews": lambda t: f"/previews/{t.running}/0.jpg",
    "her last previews": lambda t: f"/previews/{t.job}/0.jpg",
    "her design as a file": lambda t: f"/designs/{t.candidate}.png",
    "her blueprint": lambda t: f"/blueprints/{t.candidate}.png",
    "her blueprints": lambda t: f"/blueprints.zip?ids={t.candidate}",
    "her blueprint among mine": lambda t: f"/blueprints.zip?ids={t.my_candidate},{t.candidate}",
    "her design from behind": lambda t: f"/large/{t.image}.png?view=back",
    "her design from behind as a file": lambda t: f"/designs/{t.candidate}/back.png",
    "her design among mine": lambda t: f"/designs?ids={t.my_candidate},{t.candidate}&kind=svg",
    "her design as a drawing": lambda t: f"/drawings/{t.candidate}/flat-front.svg",
    "her tech pack": lambda t: f"/packs/{t.candidate}.pdf",
    "a sheet of her tech pack": lambda t: f"/packs/{t.candidate}/2.png",
    "her tech pack among mine": lambda t: f"/packs.zip?ids={t.my_candidate},{t.candidate}",
    "an export": lambda t: "/rounds.zip",
    "an export of her store": lambda t: f"/rounds.zip?store={t.store}",
    "an export with pictures inside": lambda t: "/rounds.zip?format=pickapic",
    "an export of preferences": lambda t: f"/rounds.zip?store={t.store}&format=trl",
    "what her page hears": lambda t: f"/gradio_api/queue/data?session_hash={t.page}",
    "what her page hears, among two": lambda t: (
        f"/gradio_api/queue/data?session_hash=x&session_hash={t.page}"
    ),
    "her page's heart": lambda t: f"/gradio_api/heartbeat/{t.page}",
    "what came of her call": lambda t: f"/gradio_api/call/round/{t.event}",
    "what came of her call, newer": lambda t: f"/gradio_api/call/v2/round/{t.event}",
    "her file in Gradio's folder": lambda t: f"/gradio_api/file={t.image}.png",
}
PAGES = ("/", "/zh", "/config", "/gradio_api/info", "/gradio_api/queue/status")
SENDS: dict[str, Callable[[Theirs], tuple[str, Any]]] = {
    "an event of her page": lambda t: (
        "/gradio_api/queue/join", {"fn_index": 0, "data": [], "session_hash": t.page}
    ),
    "her event cancelled": lambda t: (
        "/gradio_api/cancel", {"session_hash": t.page, "fn_index": 0, "event_id": t.event}
    ),
    "her event reset": lambda t: ("/gradio_api/reset", {"event_id": t.event}),
    "her round without a queue": lambda t: ("/gradio_api/run/round", {"data": [t.round]}),
    "her round by the old route": lambda t: ("/gradio_api/api/round/", {"data": [t.round]}),
    "her round as her page": lambda t: (
        "/gradio_api/run/round", {"data": [t.round], "session_hash": t.page}
    ),
    "her round by the newest route": lambda t: ("/gradio_api/call/v2/round", {"round_id": t.round}),
    "her recipe's pictures": lambda t: ("/recipes", {}),
}  # fmt: skip
EVENTS: dict[str, Callable[[Theirs], tuple[str, str, dict[str, Any]]]] = {
    "her another password": lambda t: ("people", "renew", {"name": "Ann"}),
    "her taken away": lambda t: ("people", "let_out", {"name": "Ann"}),
    "her made an editor": lambda t: ("people", "let_do", {"name": "ann", "role": "editor"}),
    "her viewer taken away": lambda t: ("people", "let_out", {"name": "Vic"}),
    "opened": lambda t: ("tile_board", "open", {"group_id": t.round}),
    "opened from the history": lambda t: ("round_list", "open", {"group_id": t.round}),
    "opened from a comparison": lambda t: ("compare_board", "open", {"group_id": t.round}),
    "taken into a comparison": lambda t: ("tile_board", "compare", {"group_id": t.round}),
    "answered": lambda t: (
        "tile_board", "save",
        {"group_id": t.round, "candidate_ids": [t.candidate], "seen_ids": None},
    ),
    "varied": lambda t: (
        "tile_board", "more", {"group_id": t.round, "candidate_ids": [t.candidate]}
    ),
    "drawn again in parts": lambda t: (
        "tile_board", "redraw",
        {"group_id": t.round, "candidate_id": t.candidate, "parts": ["colour"]},
    ),
    "her pack opened": lambda t: ("tile_board", "pack", {"candidate_id": t.candidate}),
    "her pack corrected": lambda t: (
        "pack_panel", "correct",
        {"candidate_id": t.candidate, "field": "note.hem", "value": "3 cm"},
    ),
    "her pack undone": lambda t: (
        "pack_panel", "undo", {"candidate_id": t.candidate, "field": "note.hem"}
    ),
    "refined": lambda t: ("tile_board", "refine", {"group_id": t.round}),
    "starred": lambda t: ("round_list", "star", {"group_id": t.round, "favourite": False}),
    "deleted": lambda t: ("round_list", "delete", {"group_id": t.round}),
    "put back": lambda t: ("round_list", "undelete", {"group_id": t.deleted}),
    "found": lambda t: (
        "round_list", "find",
        {"search": "", "store_id": t.store, "favourites": False, "before_id": None},
    ),
    "found among the deleted": lambda t: (
        "round_list", "find",
        {"search": "", "store_id": None, "favourites": False, "before_id": None, "deleted": True},
    ),
    "her store written over": lambda t: (
        "store_book", "save", {"store_id": t.store, "name": "Bea's", "answers": {}}
    ),
    "her store taken off": lambda t: ("store_book", "remove", {"store_id": t.store}),
    "her store brought back": lambda t: ("store_book", "bring_back", {"store_id": t.store}),
    "her store chosen": lambda t: ("store_card", "choose", {"store_id": t.store}),
    "her store used": lambda t: ("store_book", "use", {"store_id": t.store}),
    "her comparison watched": lambda t: (
        "compare_board", "resume",
        {"store_ids": [t.store, t.my_store], "job_ids": [t.running, t.job]},
    ),
    "her picture to start from": lambda t: (
        "reference", "refer", {"image": t.image, "variation": 0.5}
    ),
    "what she brought to start from": lambda t: (
        "reference", "refer", {"image": t.brought, "variation": 0.5}
    ),
    "her picture in a recipe": lambda t: (
        "phrase_field", "restore", {"recipe": recipe_text(t.image)}
    ),
}  # fmt: skip


def calling(make: Callable[[Theirs], tuple[Any, ...]]) -> Way:
    return lambda person, theirs: person.call(*make(theirs))


def looking(make: Callable[[Theirs], str]) -> Way:
    return lambda person, theirs: person.get(make(theirs))


def sending(make: Callable[[Theirs], tuple[str, Any]]) -> Way:
    return lambda person, theirs: person.send(*make(theirs))


def clicking(make: Callable[[Theirs], tuple[str, str, dict[str, Any]]]) -> Way:
    def click(person: Person, theirs: Theirs) -> Reply:
        element, name, data = make(theirs)
        return person.event(element, name, **data)

    return click


def paging(path: str) -> Way:
    return lambda person, _theirs: person.get(path)


WAYS: dict[str, Way] = {
    **{f"by the API: {name}": calling(make) for name, make in CALLS.items()},
    **{f"by an address: {name}": looking(make) for name, make in LOOKS.items()},
    **{f"by a page: {path}": paging(path) for path in PAGES},
    **{f"by sending: {name}": sending(make) for name, make in SENDS.items()},
    **{f"on the page: {name}": clicking(make) for name, make in EVENTS.items()},
}
REFUSED = [f"by an address: {name}" for name in LOOKS]


def test_there_are_more_than_sixty_ways():
    assert len(WAYS) > 60


@pytest.mark.parametrize("way", WAYS)
def test_nobody_comes_at_what_is_anothers(scene, way):
    before = rows_of(scene.data, "ann's")

    reply = WAYS[way](scene.bea, scene.theirs)

    assert not [each for each in scene.theirs.secrets if each in reply.text]
    assert reply.status < 500 or "no longer" in reply.text  # Gradio's own status for a refusal
    if way in REFUSED:
        assert reply.status in (404, 409)
    assert rows_of(scene.data, "ann's") == before
    assert scene.ann.get(f"/previews/{scene.theirs.running}/0.jpg").status == 200


@pytest.mark.parametrize("way", WAYS)
def test_without_a_login_there_is_nothing(scene, way):
    reply = WAYS[way](Person(scene.address), scene.theirs) if "on the page" not in way else (
        Person(scene.address).send("/gradio_api/queue/join", {"fn_index": 1, "data": []})
    )  # fmt: skip

    assert reply.status in (401, 404)
    assert not [each for each in scene.theirs.secrets if each in reply.text]


@pytest.mark.parametrize("cookie", ["x", "x" * 5000, "../../studio.db", "' OR 1=1 --"])
def test_a_cookie_that_was_made_up_opens_nothing(scene, cookie):
    assert Person(scene.address, cookie).get("/config").status == 401


def test_what_one_may_see_is_still_there_for_oneself(scene):
    theirs = scene.theirs

    assert scene.ann.get(f"/images/{theirs.image}.png").status == 200
    assert scene.ann.get(f"/designs/{theirs.candidate}.png").status == 200
    assert scene.ann.get("/rounds.zip").status == 200
    assert STORE in str(told(scene.ann.call("stores")))
    assert told(scene.ann.call("favourites")) == [PHRASE]
    assert STORE in scene.ann.event("store_book", "bring_back", store_id=theirs.store).text


def test_a_viewer_lets_nobody_in_and_an_owner_does(scene):
    assert "Only an owner" in scene.vic.call("add_user", "Mallory", PASSWORD, "owner").text
    assert "Only an owner" in scene.vic.call("change_user", "vic", "owner").text
    people = told(scene.ann.call("users"))

    assert people == [{"name": "Ann", "role": "owner"}, {"name": "Vic", "role": "viewer"}]


def test_an_owner_lets_people_in_by_a_password_that_is_shown_once_and_no_viewer_does(scene):
    shown = scene.ann.event("people", "let_in", name=" Cy ", role="editor").text
    password = re.search(r"[a-z2-9]{4}(-[a-z2-9]{4}){3}", shown)
    assert password
    try:
        cy = Person.logged_in(scene.address, "Cy", password[0])
        assert "Only an owner" in cy.event("people", "let_out", name="Ann").text
        assert password[0] not in scene.ann.event("people", "let_do", name="Cy", role="viewer").text
        for name in ("let_in", "let_do", "renew", "let_out"):
            refused = scene.vic.event("people", name, name="Cy", role="owner").text
            assert "Only an owner" in refused
    finally:
        scene.ann.event("people", "let_out", name="Cy")
    assert [each["name"] for each in told(scene.ann.call("users"))] == ["Ann", "Vic"]


WRITES = ("select", "unselect", "more", "change", "star", "delete", "undelete", "add_store",
          "change_store", "remove_store", "bring_back_store", "keep_phrase", "generate", "compare",
          "cancel")  # fmt: skip


@pytest.mark.parametrize("endpoint", WRITES)
def test_a_viewer_of_the_same_workspace_looks_and_changes_nothing(scene, endpoint):
    theirs = scene.theirs
    values: dict[str, tuple[Any, ...]] = {
        "select": (theirs.round, []),
        "unselect": (theirs.round,),
        "more": (theirs.round, [theirs.candidate], 1),
        "change": (theirs.round, theirs.candidate, ["colour"], 1),
        "star": (theirs.round, False),
        "delete": (theirs.round,),
        "undelete": (theirs.deleted,),
        "add_store": ("Vic's", {}),
        "change_store": (theirs.store, "Vic's", {}),
        "remove_store": (theirs.store,),
        "bring_back_store": (theirs.store,),
        "keep_phrase": (PHRASE, False),
        "generate": ("dress", 1, 1),
        "compare": ("dress", theirs.store, told(scene.vic.call("stores"))[1]["id"], 1, 1),
        "cancel": (theirs.running,),
    }
    before = rows_of(scene.data, "ann's")

    reply = scene.vic.call(endpoint, *values[endpoint])

    assert "change nothing" in reply.text
    assert rows_of(scene.data, "ann's") == before
    assert told(scene.vic.call("round", theirs.round))["round_id"] == theirs.round


def test_a_program_logs_in_with_name_and_password(scene):
    client = Client(scene.address, auth=("bea", PASSWORD), verbose=False)

    assert [each["round_id"] for each in client.predict(api_name="/history")] == [scene.theirs.mine]
    with pytest.raises((AuthenticationError, ValueError)):
        Client(scene.address, verbose=False)


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(scene):
    form = f"username=bea&password={PASSWORD.replace(' ', '+')}".encode()

    reply = Person(scene.address).ask("POST", "/login", form, accept="text/html")

    assert (reply.status, reply.headers["location"]) == (303, "./")
    assert {"HttpOnly", "SameSite=lax"} <= {*reply.headers["set-cookie"].split("; ")}


def test_after_logging_out_the_cookie_is_worth_nothing(scene):
    bea = Person.logged_in(scene.address, "bea")

    assert bea.get("/config").status == 200
    assert bea.ask("POST", "/logout").status == 303
    assert bea.get("/config").status == 401


def test_the_login_page_tells_nothing_and_escapes_what_was_typed(scene):
    form = b"username=%3Cscript%3Ealert(1)%3C%2Fscript%3E&password=wrong+password"

    reply = Person(scene.address).ask("POST", "/login", form, accept="text/html")

    assert reply.status == 401
    assert "<script" not in reply.text
    assert Person(scene.address).ask("GET", "/", accept="text/html").headers["location"] == "/login"
