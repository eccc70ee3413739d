import pytest
import torch

from studio.perfusion.profile import Profile
from studio.perfusion.user_encoder import (
    NO_VALUE,
    CrossLayer,
    UserEncoder,
    forget_fields,
    stack_profiles,
)
from tests.tiny_reward_models import ANNA, BERTA, SCHEMA


def features(*profiles: Profile) -> torch.Tensor:
    return stack_profiles([SCHEMA.encode(profile) for profile in profiles])


def test_profiles_are_stacked_with_a_mark_where_there_is_no_value():
    stacked = features(ANNA, BERTA)

    assert stacked.tolist() == [
        [[1, NO_VALUE], [1, NO_VALUE], [1, NO_VALUE]],
        [[2, NO_VALUE], [2, 3], [3, NO_VALUE]],
    ]


def test_crossing_equals_the_written_out_formula():
    torch.manual_seed(0)
    layer = CrossLayer(6).double()
    torch.nn.init.normal_(layer.bias)
    first, current = torch.randn(2, 4, 6, dtype=torch.float64)

    with torch.no_grad():
        crossed = layer(first, current)

    for row in range(4):
        weighted = sum(float(current[row, i] * layer.weight[0, i].detach()) for i in range(6))
        expected = [
            float(first[row, i]) * weighted + float(layer.bias[i].detach()) + float(current[row, i])
            for i in range(6)
        ]
        torch.testing.assert_close(crossed[row], torch.tensor(expected, dtype=torch.float64))


def test_a_matrix_with_equal_rows_crosses_like_the_vector():
    vector, matrix = CrossLayer(5), CrossLayer(5, "matrix")
    matrix.load_state_dict({"weight": vector.weight.expand(5, 5), "bias": vector.bias})
    first, current = torch.randn(2, 3, 5)

    torch.testing.assert_close(matrix(first, current), vector(first, current))


def test_without_crossing_the_embedding_is_the_concatenation_of_the_fields():
    encoder = UserEncoder.for_schema(SCHEMA, field_width=4, cross_layers=0)

    embedding = encoder(features(BERTA))

    tables = encoder.table.weight.split([field.table_size for field in SCHEMA.fields])
    expected = torch.cat([tables[0][2], (tables[1][2] + tables[1][3]) / 2, tables[2][3]])
    torch.testing.assert_close(embedding, expected.unsqueeze(0))


def test_the_documented_shape_holds():
    encoder = UserEncoder.for_schema(SCHEMA, field_width=4)

    assert encoder(features(ANNA, BERTA, ANNA)).shape == (3, encoder.width) == (3, 12)


def test_a_store_alone_and_beside_a_wider_one_is_embedded_alike():
    encoder = UserEncoder.for_schema(SCHEMA)

    alone, beside = encoder(features(ANNA))[0], encoder(features(ANNA, BERTA))[0]

    torch.testing.assert_close(alone, beside)


@pytest.mark.parametrize(("chance", "expected"), [(0.0, [2, 2, 3]), (1.0, [0, 0, 0])])
def test_fields_are_forgotten_by_chance(chance, expected):
    forgotten = forget_fields(features(BERTA), torch.full((3,), chance), torch.Generator())

    assert forgotten[0, :, 0].tolist() == expected
    assert (forgotten[0, :, 1] == NO_VALUE).all() or chance == 0.0


def test_a_forgotten_store_looks_like_one_that_told_nothing():
    forgotten = forget_fields(features(BERTA), torch.ones(3), torch.Generator())
    encoder = UserEncoder.for_schema(SCHEMA)

    torch.testing.assert_close(encoder(forgotten), encoder(features(Profile.of())))
