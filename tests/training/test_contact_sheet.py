import numpy as np
import pytest
import torch

from training.contact_sheet import contact_sheet


def test_pictures_of_a_row_stand_side_by_side_and_rows_below_each_other():
    rows = [torch.full((3, 3, 4, 2), level) for level in (0.0, 1.0)]

    sheet = np.asarray(contact_sheet(rows))

    assert sheet.shape == (8, 6, 3)
    assert sheet[:4].max() == 0
    assert sheet[4:].min() == 255


@pytest.mark.parametrize(("value", "shown"), [(-0.3, 0), (0.5, 128), (1.7, 255)])
def test_values_outside_the_range_are_clamped(value, shown):
    assert np.asarray(contact_sheet([torch.full((1, 3, 1, 1), value)])).tolist() == [[[shown] * 3]]
