import socket
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from PIL import Image

from app import main
from studio.perfusion.checkpoint import save_pipeline
from studio.storage.database import Database
from tests.serving import served, wait_until
from tests.tiny_models import TINY_DEFAULTS, tiny_phrasebook


@pytest.fixture(scope="module")
def address(generator, tmp_path_factory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("data"), generator) as address:
        yield address


@pytest.fixture(scope="module")
def client(address) -> Client:
    return Client(address, verbose=False)


def draw(client: Client, prompt: str, count: int, seed: int | None) -> dict[str, Any]:
    job = client.predict(prompt, count, seed, api_name="/generate")
    state = dict(job)

    def done() -> bool:
        state.update(client.predict(job["job_id"], api_name="/job"))
        return state["state"] not in ("queued", "running")

    wait_until(done)
    assert state["state"] == "done", state
    return dict(client.predict(state["round_id"], api_name="/round"))


def test_phrases_become_images_and_ticks_are_kept(client, address):
    drawn = draw(client, "dress, red", 3, 11)

    assert drawn["prompt"] == "dress, red"
    assert [candidate["seed"] for candidate in drawn["candidates"]] == [11, 12, 13]
    with urlopen(f"{address}{drawn['candidates'][0]['image']}") as reply:
        picture = Image.open(BytesIO(reply.read()))
    assert picture.size == (32, 64)

    ticked = [drawn["candidates"][2]["id"]]
    answered = client.predict(drawn["round_id"], ticked, api_name="/select")

    assert answered["selected_ids"] == ticked
    assert client.predict(drawn["round_id"], api_name="/round")["selected_ids"] == ticked


@pytest.mark.parametrize(
    ("endpoint", "values", "sentence"),
    [
        ("/generate", ("", 2, 1), "Type what you want to see"),
        ("/generate", ("dress, mini, maxi", 2, 1), "mini"),
        ("/generate", ("x" * 10_000, 2, 1), "1,000"),
        ("/generate", ("dress", 99, 1), "1 to 12"),
        ("/generate", ("dress", 1, -5), "seed"),
        ("/job", (999,), "Reload"),
        ("/round", (999,), "Reload"),
        ("/select", (999, []), "Reload"),
        ("/round", (2**70,), "can't be kept"),
        ("/select", (2**70, [2**70]), "can't be kept"),
        ("/generate", ("dress", 1, 1, 999), "Reload"),
        ("/more", (999, [1]), "Reload"),
        ("/more", (1, []), "Tick at least one"),
        ("/star", (999,), "Reload"),
        ("/delete", (999,), "Reload"),
        ("/undelete", (999,), "Reload"),
        ("/history", ("dress " * 1000,), "1,000"),
        ("/add_store", ("", {}), "name"),
        ("/add_store", ("x" * 61, {}), "60"),
        ("/add_store", ("Nord", {"season": {"$ne": 1}}), "season"),
        ("/change_store", (999, "Nord", {}), "Reload"),
        ("/remove_store", (999,), "Reload"),
        ("/history", ("", None, False, 2**70), "can't be kept"),
        ("/compare", ("dress", 998, 999), "Reload"),
        ("/scores", (2**70,), "can't be kept"),
        ("/generate", (5, 2, 1), "prompt should be a text, not 5"),
        ("/generate", ("dress", "many", 1), "num_candidates should be a whole number"),
        ("/generate", ("dress", 1.5, 1), "num_candidates should be a whole number"),
        ("/generate", ("dress", True, 1), "num_candidates should be a whole number"),
        ("/generate", ("dress", 2, "abc"), "seed should be a whole number or nothing"),
        ("/generate", ("dress", 2, 1, None, "much"), "strength should be a number"),
        ("/job", ({"$ne": 1},), "job_id should be a whole number"),
        ("/select", (1, "all"), "candidate_ids should be a list of whole numbers"),
        ("/select", (1, [None]), "candidate_ids should be a list of whole numbers"),
        ("/star", (1, "maybe"), "is_favourite should be true or false"),
        ("/history", (["dress"],), "search should be a text"),
        ("/add_store", (["Nord"], {}), "name should be a text"),
        ("/add_store", ("Nord", "season"), "answers should be an object"),
        ("/keep_phrase", (["x"] * 99,), "phrase should be a text"),
    ],
)
def test_bad_input_comes_back_as_a_sentence(client, endpoint, values, sentence):
    with pytest.raises(AppError, match=sentence):
        client.predict(*values, api_name=endpoint)


def test_ids_of_another_round_are_refused_and_the_answer_stays(client):
    drawn, other = draw(client, "dress", 1, 1), draw(client, "skirt", 1, 1)
    mine, foreign = drawn["candidates"][0]["id"], other["candidates"][0]["id"]
    client.predict(drawn["round_id"], [mine], api_name="/select")

    with pytest.raises(AppError, match="does not hold"):
        client.predict(drawn["round_id"], [mine, foreign], api_name="/select")

    assert client.predict(drawn["round_id"], api_name="/round")["selected_ids"] == [mine]


HOSTILE = "'; DROP TABLE groups; -- <script>alert(1)</script> ../../etc/passwd %00"


def test_stores_and_history_by_their_endpoints(client):
    store = client.predict(HOSTILE[:60], {"season": "autumn"}, api_name="/add_store")
    assert client.predict(store["id"], "Nord", {}, api_name="/change_store")["answers"] == {}
    drawn = draw(client, "skirt, navy", 1, 3)
    job = client.predict(drawn["round_id"], [drawn["candidates"][0]["id"]], 1, api_name="/more")
    wait_until(lambda: client.predict(job["job_id"], api_name="/job")["state"] == "done")

    client.predict(drawn["round_id"], True, api_name="/star")
    starred = client.predict("navy", None, True, api_name="/history")
    assert [each["round_id"] for each in starred] == [drawn["round_id"]]
    client.predict(drawn["round_id"], api_name="/delete")
    assert client.predict("navy", None, True, api_name="/history") == []
    assert not client.predict(drawn["round_id"], api_name="/undelete")["is_deleted"]
    assert client.predict(HOSTILE, api_name="/history") == []
    client.predict(store["id"], api_name="/remove_store")
    assert store["id"] not in [each["id"] for each in client.predict(api_name="/stores")]


def test_a_double_click_is_one_answer_and_two_rounds_at_most(client):
    drawn = draw(client, "dress", 2, 4)
    ids = [each["id"] for each in drawn["candidates"]]
    clicks = [client.submit(drawn["round_id"], ids, api_name="/select") for _ in range(4)]

    assert all(click.result()["selected_ids"] == ids for click in clicks)


@pytest.mark.parametrize(
    "path",
    [
        f"rounds.zip?store={10**30}",
        "rounds.zip?format=../../etc",
        f"designs/{10**30}.png",
        f"blueprints/{10**30}.png",
        f"blueprints.zip?ids={10**30}",
        "blueprints.zip?ids=" + "1," * 100,
        "blueprints.zip?ids=<b>",
        f"packs/{10**30}.pdf",
        "packs/1/x.png",
        "packs.zip?ids=1&language=klingon",
        "designs?ids=1&kind=exe",
        "designs/1/top.png",
        "drawings/1/flat-left.svg",
    ],
)
def test_an_address_that_asks_for_nothing_we_have_gets_a_sentence(address, path):
    with pytest.raises(HTTPError) as refused:
        urlopen(address + path)

    assert refused.value.code in (400, 409)
    assert refused.value.read().decode().endswith(".")


@pytest.mark.parametrize(
    "path",
    [
        "images/../studio.db.png",
        "images/abc.png",
        f"images/{'0' * 64}.png",
        "previews/999/0.jpg",
        "fonts/caladea/../../studio.db",
        "look/../app.py",
    ],
)
def test_no_other_file_can_be_asked_for(address, path):
    with pytest.raises(HTTPError):
        urlopen(address + path)


def test_the_page_names_no_other_host_for_its_look(address):
    with urlopen(f"{address}look/studio.css") as reply:
        style = reply.read().decode()

    assert "http" not in style
    with urlopen(f"{address}fonts/caladea/Caladea-Regular.ttf") as reply:
        assert reply.status == 200


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--checkpoint", "nowhere"], "nowhere"),
        (["--preset", "sd15"], "Open RAIL"),
        (["--preset", "sd15", "--accept-licences"], "on another machine run"),
        (["--port", "many"], "--port"),
        (["--surprise"], "surprise"),
        (["--host", "0.0.0.0"], "--allow-everybody"),
        (["--auth", "--auth-header", "X-User"], "one of"),
        (["--trusted-proxies", "nowhere", "--auth-header", "X-User"], "--trusted-proxies"),
    ],
)
def test_a_start_that_cannot_work_ends_with_a_sentence(options, sentence, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # no checkpoint of this machine is in the way
    with pytest.raises(SystemExit, match=sentence):
        main(["--data", str(tmp_path / "data"), *options])


def test_a_port_that_is_taken_is_told_with_the_option_that_helps(pipeline, tmp_path):
    checkpoint = tmp_path / "tiny"
    save_pipeline(pipeline, checkpoint, phrasebook=tiny_phrasebook(), defaults=TINY_DEFAULTS)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        options = ["--data", tmp_path / "data", "--checkpoint", checkpoint, "--port", port]

        with pytest.raises(SystemExit) as ended:
            main([*map(str, options)])

    told = str(ended.value.code)  # a sentence as the status is printed, and the status is 1 then
    assert f"127.0.0.1:{port}" in told
    assert "choose another one with --port" in told
    Database(tmp_path / "data" / "studio.db", alone=True).close()  # nothing holds the folder
