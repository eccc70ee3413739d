from collections.abc import Mapping

import pytest

from studio.domain import SettingsError
from studio.doors.policy import (
    LARGEST_BODY,
    LARGEST_EVENT,
    LARGEST_TABLE,
    LARGEST_TASTE,
    DoorPolicy,
    is_closed,
    policy_of,
    route_of,
    security_headers,
)
from studio.settings import Settings

HERE = DoorPolicy()
SPACE = {"SPACE_ID": "Some_one/my.studio", "SPACE_HOST": "some-one-my-studio.hf.space"}


def status(policy: DoorPolicy, method: str, path: str, **headers: str) -> int | None:
    named = {name.replace("_", "-"): (value,) for name, value in headers.items()}
    return refused(policy, method, named, path)


def refused(
    policy: DoorPolicy, method: str, headers: Mapping[str, tuple[str, ...]], path: str = "/recipes"
) -> int | None:
    refusal = policy.refusal(method, path, headers)
    return None if refusal is None else refusal.status


@pytest.mark.parametrize("host", ["localhost:7860", "127.0.0.1:7860", "[::1]:7860", "127.0.0.1:1"])
def test_this_machine_answers_to_its_own_names(host):
    assert status(HERE, "GET", "/", host=host) is None


@pytest.mark.parametrize(
    "host", ["evil.com", "evil.com:7860", "localhost.evil.com", "127.0.0.1.nip.io", "192.168.1.5"]
)
def test_a_name_that_a_strangers_name_server_made_up_gets_nothing(host):
    assert status(HERE, "GET", "/", host=host) == 421
    assert status(HERE, "POST", "/recipes", host=host) == 421


def test_a_request_names_exactly_one_host():
    assert refused(HERE, "GET", {}) == 400
    assert refused(HERE, "GET", {"host": ("localhost", "evil.com")}) == 400


def test_a_studio_in_the_network_answers_to_numbers_and_to_names_that_it_was_given():
    policy = policy_of(
        Settings(host="0.0.0.0", auth=True, host_names="studio.example.com"), environment={}
    )

    assert status(policy, "GET", "/", host="192.168.1.5:7860") is None
    assert status(policy, "GET", "/", host="studio.example.com") is None
    assert status(policy, "GET", "/", host="evil.com:7860") == 421


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "GET"])
@pytest.mark.parametrize(
    "origin",
    ["https://evil.com", "null", "http://localhost:3000", "http://localhost", "http://127.0.0.1:1"],
)
def test_another_sites_page_may_do_nothing(method, origin):
    assert status(HERE, method, "/recipes", host="localhost:7860", origin=origin) == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_browser_says_where_a_request_comes_from_even_without_an_origin(site):
    asked = {"host": "localhost:7860", "sec_fetch_site": site}

    assert status(HERE, "POST", "/recipes", **asked) == 403
    assert status(HERE, "GET", "/rounds.zip", sec_fetch_mode="no-cors", **asked) == 403
    assert status(HERE, "GET", "/", sec_fetch_mode="navigate", **asked) is None
    embedded = {"sec_fetch_mode": "navigate", "sec_fetch_dest": "object"}
    assert status(HERE, "GET", "/", **embedded, **asked) == 403


def test_the_own_page_and_other_programs_may_write():
    own = {"host": "localhost:7860", "origin": "http://localhost:7860"}

    assert status(HERE, "POST", "/recipes", sec_fetch_site="same-origin", **own) is None
    assert status(HERE, "POST", "/gradio_api/queue/join", host="127.0.0.1:7860") is None


def test_behind_a_proxy_with_a_name_of_its_own_the_page_is_the_names():
    policy = policy_of(Settings(host_names="studio.example.com"), environment={})

    passed_on = {"host": "studio.example.com", "origin": "https://studio.example.com"}
    rewritten = {"host": "127.0.0.1:7860", "origin": "https://studio.example.com"}
    assert status(policy, "POST", "/recipes", **passed_on) is None
    assert status(policy, "POST", "/recipes", **rewritten) is None
    other_port = {"host": "127.0.0.1:7860", "origin": "https://studio.example.com:8443"}
    assert status(policy, "POST", "/recipes", **other_port) == 403


def test_two_origins_are_none():
    headers = {"host": ("localhost",), "origin": ("http://localhost", "https://evil.com")}

    assert refused(HERE, "POST", headers) == 403


@pytest.mark.parametrize(
    ("path", "length", "status_code"),
    [
        ("/recipes", str(LARGEST_BODY), None),
        ("/recipes", str(LARGEST_BODY + 1), 413),
        ("/references", str(LARGEST_BODY), None),
        ("/tastes", str(LARGEST_TASTE), None),
        ("/rated-pictures", str(LARGEST_BODY), None),
        ("/rated-pictures", str(LARGEST_BODY + 1), 413),
        ("/orders", str(LARGEST_TABLE), None),
        ("/orders", str(LARGEST_TABLE + 1), 413),
        ("/gradio_api/queue/join", str(LARGEST_EVENT), None),
        ("/gradio_api/queue/join", str(LARGEST_EVENT + 1), 413),
        ("/", "-1", 400),
        ("/recipes", "9" * 400, 400),
    ],
)
def test_what_is_too_large_is_refused_before_it_is_sent(path, length, status_code):
    headers = {"host": ("localhost",), "content-length": (length,)}

    refusal = HERE.refusal("POST", path, headers)

    assert (None if refusal is None else refusal.status) == status_code


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/upload",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file/etc/passwd",
        "/gradio_api/proxy=http://169.254.169.254/",
        "/gradio_api/stream/a/b/c/playlist.m3u8",
        "/gradio_api/component_server",
        "/gradio_api/vibe-code/",
        "/gradio_api/run-history/connect",
        "//gradio_api/upload",
        "/monitoring",
        "/monitoring/summary",
    ],
)
def test_routes_that_no_page_of_ours_needs_are_closed(path):
    assert is_closed(path)
    assert status(HERE, "POST", path, host="localhost") == 404


@pytest.mark.parametrize(
    "path", ["/", "/zh", "/gradio_api/queue/join", "/gradio_api/call/job", "/images/a.png"]
)
def test_routes_that_they_need_are_open(path):
    assert not is_closed(path)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "studio.lan"])
def test_nobody_opens_a_studio_to_the_network_by_mistake(host):
    with pytest.raises(SettingsError, match=r"--auth .*--auth-header.*--allow-everybody"):
        policy_of(Settings(host=host), environment={})

    assert policy_of(Settings(host=host, allow_everybody=True), environment={}).is_open_to_all
    assert not policy_of(Settings(), environment={}).is_open_to_all
    assert policy_of(Settings(host=host, auth=True), environment={}).login == "password"


def test_two_ways_to_log_in_are_one_too_many():
    with pytest.raises(SettingsError, match="one of"):
        policy_of(Settings(auth=True, auth_header="X-Forwarded-User"), environment={})


def test_a_space_starts_and_answers_to_its_own_name_and_can_be_embedded():
    policy = policy_of(Settings(host="0.0.0.0"), SPACE)

    own = {"host": SPACE["SPACE_HOST"], "origin": f"https://{SPACE['SPACE_HOST']}"}
    assert status(policy, "POST", "/gradio_api/queue/join", **own) is None
    assert status(policy, "GET", "/", host="other-space.hf.space") == 421
    headers = security_headers(policy)
    assert (
        "frame-ancestors 'self' https://huggingface.co https://*.hf.space"
        in (headers["content-security-policy"])
    )
    assert "x-frame-options" not in headers


def test_a_space_with_sign_in_asks_for_it():
    policy = policy_of(Settings(host="0.0.0.0"), {**SPACE, "OAUTH_CLIENT_ID": "abc"})

    assert policy.login == "huggingface"
    assert policy_of(Settings(), {"OAUTH_CLIENT_ID": "abc"}).login == "none"


def test_elsewhere_no_other_site_may_show_the_studio_in_a_frame():
    headers = security_headers(HERE)

    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert headers["content-security-policy"].endswith("frame-ancestors 'self'")


@pytest.mark.parametrize(
    ("path", "prefix", "route"),
    [
        ("/gradio_api/upload", "", "/gradio_api/upload"),
        ("/studio/gradio_api/upload", "/studio", "/gradio_api/upload"),
        ("/gradio_api/upload", "/studio", "/gradio_api/upload"),
        ("/studiox/a", "/studio", "/studiox/a"),
    ],
)
def test_a_proxys_prefix_hides_no_route(path, prefix, route):
    assert route_of({"path": path, "root_path": prefix}) == route
