from pathlib import Path
from typing import get_args

import pytest

from studio.domain import SettingsError
from studio.perfusion.config import PRESETS as CONFIGURED_PRESETS
from studio.perfusion.placement import Attention, Offload
from studio.settings import (
    ATTENTIONS,
    DTYPES,
    OFFLOADS,
    PRESETS,
    Settings,
    outlives_restart,
    read_settings,
)


def test_nothing_given_is_the_small_studio_for_this_machine_only():
    settings = read_settings([], {})

    assert settings == Settings()
    assert settings.host == "127.0.0.1"


def test_every_setting_can_come_from_an_argument():
    line = (
        "--preset sd15 --checkpoint a/b --data d --host 0.0.0.0 --port 80 --device cuda:1 "
        "--dtype bfloat16 --threads 3 --attention sliced --offload models --compile "
        "--accept-licences --auth --auth-header X-User --trusted-proxies 10.0.0.1 "
        "--host-names a.example --allow-everybody"
    )

    settings = read_settings(line.split(), {})

    assert settings == Settings(
        preset="sd15",
        checkpoint=Path("a/b"),
        data=Path("d"),
        host="0.0.0.0",
        port=80,
        device="cuda:1",
        dtype="bfloat16",
        threads=3,
        attention="sliced",
        offload="models",
        compile=True,
        accept_licences=True,
        auth=True,
        auth_header="X-User",
        trusted_proxies="10.0.0.1",
        host_names="a.example",
        allow_everybody=True,
    )


def test_an_argument_wins_over_the_environment_and_that_over_the_default():
    environment = {"PERFUSION_PORT": "8000", "PERFUSION_DATA": "elsewhere", "PERFUSION_HOST": ""}

    settings = read_settings(["--port", "9000"], environment)

    assert (settings.port, settings.data, settings.host) == (9000, Path("elsewhere"), "127.0.0.1")


def test_host_and_port_can_come_from_gradios_own_variables_as_on_a_space():
    space = {"GRADIO_SERVER_NAME": "0.0.0.0", "GRADIO_SERVER_PORT": "7861"}

    settings = read_settings([], space)
    own = read_settings(["--port", "1"], {**space, "PERFUSION_HOST": "::1"})

    assert (settings.host, settings.port) == ("0.0.0.0", 7861)
    assert (own.host, own.port) == ("::1", 1)


@pytest.mark.parametrize(("written", "meant"), [("1", True), ("true", True), ("0", False)])
def test_a_switch_can_come_from_the_environment(written, meant):
    assert read_settings([], {"PERFUSION_ACCEPT_LICENCES": written}).accept_licences is meant


def test_a_preset_brings_its_own_checkpoint_folder():
    assert read_settings(["--preset", "sd15"], {}).checkpoint == Path("checkpoints/sd15")
    assert read_settings([], {"PERFUSION_PRESET": "sd15"}).checkpoint == Path("checkpoints/sd15")


@pytest.mark.parametrize(
    ("arguments", "environment", "named"),
    [
        (["--port", "http"], {}, "--port is a whole number"),
        (["--port", "70000"], {}, "65,535"),
        (["--threads", "-1"], {}, "--threads"),
        (["--preset", "huge"], {}, "huge"),
        (["--unheard-of"], {}, "--unheard-of"),
        ([], {"PERFUSION_PORT": "x"}, "--port"),
        ([], {"PERFUSION_PRESET": "x"}, "atelier, sd15"),
        ([], {"PERFUSION_DTYPE": "int8"}, "float32, float16, bfloat16"),
        ([], {"PERFUSION_COMPILE": "perhaps"}, "PERFUSION_COMPILE is 1 or 0"),
        (["--offload", "half"], {}, "none, models, layers"),
    ],
)
def test_a_setting_that_cannot_be_used_is_a_sentence(arguments, environment, named):
    with pytest.raises(SettingsError, match=named):
        read_settings(arguments, environment)


def test_the_presets_and_choices_are_those_of_the_models():
    assert set(PRESETS) == set(CONFIGURED_PRESETS)
    assert "float32" in DTYPES
    assert get_args(Attention) == ATTENTIONS
    assert get_args(Offload) == OFFLOADS


def test_only_a_space_without_storage_forgets():
    assert outlives_restart(Path("data"), {})
    assert not outlives_restart(Path("data"), {"SPACE_ID": "somebody/studio"})
