import pytest

from training.config import ConfigError, TilesConfig, UnetConfig, load_config


def written(tmp_path, text):
    path = tmp_path / "recipe.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_recipe_the_defaults_hold():
    assert load_config("unet", None) == UnetConfig()


def test_an_override_beats_the_recipe_and_the_recipe_beats_the_default(tmp_path):
    recipe = written(tmp_path, "[unet]\nsteps = 5\nbatch_size = 7\n[tiles]\ncount = 9\n")

    config = load_config("unet", recipe, ["steps=6", "tiles.seed=3"])

    assert (config.steps, config.batch_size) == (6, 7)
    assert config.tiles == TilesConfig(count=9, seed=3)


def test_the_tiles_command_takes_its_keys_with_and_without_their_table():
    assert load_config("tiles", None, ["count=3", "tiles.seed=4"]) == TilesConfig(count=3, seed=4)


def test_values_are_read_as_toml_and_quotes_may_be_left_out():
    config = load_config("unet", None, ["run=runs/a", "widths=[64, 96]", "seed=1"])

    assert (config.run, config.widths, config.seed) == ("runs/a", (64, 96), 1)


def test_a_whole_number_will_do_where_a_fraction_is_expected():
    assert load_config("unet", None, ["max_minutes=3"]).max_minutes == 3.0


@pytest.mark.parametrize(
    "override", ["stepps=3", "steps=many", "steps=1.5", "steps", "widths=[1.5]"]
)
def test_an_unknown_key_or_a_wrong_value_is_refused(override):
    with pytest.raises(ConfigError):
        load_config("unet", None, [override])


@pytest.mark.parametrize("text", ["[unett]\n", "[clip]\nsteps = 'x'\n", "steps = 3\n", "[["])
def test_a_recipe_with_any_mistake_is_refused(tmp_path, text):
    with pytest.raises(ConfigError):
        load_config("unet", written(tmp_path, text))
