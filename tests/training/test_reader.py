import torch

from training.reader import AttributeReader

FAMILIES = ["shape", "colour"]
VALUES = [["round", "square", "long"], ["red", "blue"]]


def tiny_reader() -> AttributeReader:
    torch.manual_seed(0)
    return AttributeReader(FAMILIES, VALUES, [4, 8], [1, 1], height_px=32, width_px=16).eval()


def test_a_reading_names_the_likeliest_value_of_each_family():
    readings, logits = tiny_reader().read(torch.rand(3, 3, 32, 16))

    assert logits.shape == (3, 5)
    for reading, row in zip(readings, logits, strict=True):
        assert reading["shape"] == VALUES[0][int(row[:3].argmax())]
        assert reading["colour"] == VALUES[1][int(row[3:].argmax())]


def test_larger_drawings_are_read_at_the_trained_size():
    images = torch.rand(1, 3, 32, 16)
    larger = images.repeat_interleave(2, dim=2).repeat_interleave(2, dim=3)
    reader = tiny_reader()

    torch.testing.assert_close(reader.read(larger)[1], reader.read(images)[1], atol=0.05, rtol=0.1)


def test_a_family_can_tell_where_something_is():
    reader = tiny_reader()
    high = torch.zeros(1, 3, 32, 16)
    high[:, :, :8] = 1

    assert not torch.allclose(reader(high), reader(high.flip(2)), atol=1e-4)


def test_a_loaded_reader_reads_the_same_in_the_same_order_of_families(tmp_path):
    reader = tiny_reader()
    reader.save_pretrained(tmp_path)
    images = torch.rand(2, 3, 32, 16)

    loaded = AttributeReader.from_pretrained(tmp_path).eval()

    assert loaded.read(images)[0] == reader.read(images)[0]
    assert list(loaded.read(images)[0][0]) == FAMILIES
